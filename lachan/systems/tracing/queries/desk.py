"""What waits for a posting in tracing."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.models import Posting
from lachan.systems.tracing.queries.scope import cases, handovers, inside
from lachan.systems.tracing.queries.worklist import LATE, UNREACHED, worklist


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Lines with something behind them, as far as the posting may act on them."""
    items = [make for rule, make in _items(posting, at) if access.may(posting, rule)]
    return [item for item in items if item.count]


def _items(posting: Posting, at: datetime) -> Iterator[tuple[Permission, DeskItem]]:
    work, address = worklist(posting, at=at), reverse("tracing:worklist")
    late, fresh = work.filter(urgency=LATE), work.filter(urgency=UNREACHED)
    oldest = late.order_by("found_at").values_list("found_at", flat=True).first()
    yield (
        Permission.INTERVIEW,
        DeskItem(_("contacts not reached in time"), late.count(), f"{address}?state=late", 90, oldest),
    )
    yield (
        Permission.INTERVIEW,
        DeskItem(_("contacts to be called"), fresh.count(), f"{address}?state=unreached", 70),
    )
    open_cases = cases(posting).filter(classification__in=("suspect", "probable"), ended_at__isnull=True)
    yield (
        Permission.CLASSIFY_CASE,
        DeskItem(
            _("suspect cases to be looked at"),
            open_cases.count(),
            reverse("tracing:home") + "?state=open",
            65,
        ),
    )
    received = handovers(posting).filter(inside(posting, "to_area__"), decided_at__isnull=True)
    yield (
        Permission.HAND_OVER,
        DeskItem(_("hand-overs wait for an answer"), received.count(), reverse("tracing:handovers"), 60),
    )
