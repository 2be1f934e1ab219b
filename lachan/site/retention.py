"""What the tools and the systems keep, and how long: added to the core's rules as the site starts."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lachan.core.retention import Rule, rows_by_age
from lachan.platform import idempotency
from lachan.platform.models import Message, StoredAnswer
from lachan.systems.checkpoints.commands import purge_scans
from lachan.systems.checkpoints.models import Scan

SCAN_DAYS = 42
MESSAGE_DAYS = 730


def _forget_scans(before: datetime) -> int:
    return purge_scans(before=before)


def _old_scans(before: datetime) -> int:
    return Scan.objects.filter(happened_at__lt=before).count()


RULES = [
    Rule(
        name="scans",
        what=_("Scans at venues and gates, with their verdicts"),
        purpose=_("entry control and contact tracing"),
        days=SCAN_DAYS,
        purge=_forget_scans,
        overdue=_old_scans,
    ),
    rows_by_age(
        Message,
        "queued_at",
        name="messages",
        what=_("Texts sent to people about their orders and results"),
        purpose=_("so that it can be shown who was told what"),
        days=MESSAGE_DAYS,
    ),
    rows_by_age(
        StoredAnswer,
        "created_at",
        name="answers",
        what=_("Answers to requests that a device may send again"),
        purpose=_("nothing is done twice"),
        days=idempotency.KEPT.days,
    ),
]
