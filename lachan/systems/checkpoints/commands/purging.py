"""Forgetting scans when their time is over."""

from datetime import datetime

from django.db import transaction

from lachan.systems.checkpoints.models import Breach, LiveCodeUse, Scan


@transaction.atomic
def purge_scans(*, before: datetime) -> int:
    """Delete scans (and breaches) that happened before; how many scans."""
    LiveCodeUse.objects.filter(scan__happened_at__lt=before).delete()
    Breach.objects.filter(scan__happened_at__lt=before).delete()
    return Scan.objects.filter(happened_at__lt=before).delete()[0]
