"""What waits for a posting in the matter of certificates."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import ngettext_lazy

from lachan.core import access
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.models import Posting
from lachan.issuer.queries.affected import open_requests
from lachan.issuer.queries.certificates import backlog

RECALL, LATE_SIGNATURES = 75, 65
LATE: Final = timedelta(minutes=15)


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Recalls that wait for a second officer, and certificates that wait too long for their signature."""
    items = []
    if access.may(posting, Permission.REVOKE_CERTIFICATES):
        asked = open_requests(posting).exclude(asked_by=posting.actor_id)
        count, oldest = asked.count(), asked.aggregate(at=Min("asked_at"))["at"]
        label = ngettext_lazy("recall of certificates to decide", "recalls of certificates to decide", count)
        items.append(DeskItem(label, count, reverse("certificates:recalls"), RECALL, oldest))
    if access.may(posting, Permission.VIEW_CERTIFICATES):
        waiting = backlog()
        late = waiting.waiting if waiting.oldest_at and at - waiting.oldest_at > LATE else 0
        label = ngettext_lazy(
            "certificate waits too long for its signature",
            "certificates wait too long for their signature",
            late,
        )
        items.append(DeskItem(label, late, reverse("certificates:home"), LATE_SIGNATURES, waiting.oldest_at))
    return items
