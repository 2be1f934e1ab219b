"""What waits for a posting in quarantine."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access, clock
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.models import Posting
from lachan.systems.quarantine.models import ReleaseDecision
from lachan.systems.quarantine.queries.lists import orders, with_state
from lachan.systems.quarantine.queries.monitoring import to_measure


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Lines with something behind them, as far as the posting may act on them."""
    items = [item for rule, item in _items(posting, at) if access.may(posting, rule)]
    return [item for item in items if item.count]


def _items(posting: Posting, at: datetime) -> Iterator[tuple[Permission, DeskItem]]:
    mine, today = orders(posting), clock.local_date(at)
    waiting, over = with_state(mine, "waiting", on=today), with_state(mine, "over", on=today)
    yield (
        Permission.ASSIGN_BED,
        DeskItem(_("people wait for a bed"), waiting.count(), reverse("quarantine:waiting"), 80,
                 waiting.order_by("order__issued_at").values_list("order__issued_at", flat=True).first()),
    )  # fmt: skip
    yield (
        Permission.RELEASE,
        DeskItem(_("orders have reached their end"), over.count(), reverse("quarantine:releases"), 60),
    )
    yield (
        Permission.RELEASE,
        DeskItem(_("early releases wait for a second signature"), _proposals(posting), reverse("quarantine:proposals"),
                 50),
    )  # fmt: skip
    yield (
        Permission.MONITOR,
        DeskItem(_("people are to be measured today"), to_measure(posting, at=at).count(),
                 reverse("quarantine:monitoring"), 40),
    )  # fmt: skip


def _proposals(posting: Posting) -> int:
    mine = orders(posting).filter(order__closed_at__isnull=True).values("order")
    return ReleaseDecision.objects.filter(order__in=mine, early=True, agreed__isnull=True).count()
