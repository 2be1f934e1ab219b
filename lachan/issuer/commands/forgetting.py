"""Certificates that ended long ago are forgotten: content, signature, and that they were taken back."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from lachan.issuer.models import Intent

KEPT_DAYS: Final = 365
"""After a certificate has ended; until then somebody may ask why it was taken back."""


@transaction.atomic
def forget_ended(*, before: datetime) -> int:
    """Delete those that ended before then, and before a year ago by the clock of the database; how many.

    What a later certificate took the place of stays until that one is forgotten.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT issuer_forget(%s)", [before])
        return int(cursor.fetchone()[0])


def ended(*, before: datetime) -> int:
    """How many ended before then and are here still."""
    return Intent.objects.filter(expires_at__lt=before, replaced_by__isnull=True).count()
