"""What waits for a posting in alarms."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.centre.alarms.queries.lists import open_alarms, running_tasks, to_close, to_verify, with_us
from lachan.centre.daily_counts.queries import standing
from lachan.centre.models import Alarm
from lachan.core import access
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.models import Posting


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Lines with something behind them, as far as the posting may act on them."""
    items = [item for rule, item in _items(posting, at) if access.may(posting, rule)]
    return [item for item in items if item.count]


def _items(posting: Posting, at: datetime) -> Iterator[tuple[Permission, DeskItem]]:
    queue = reverse("centre:alarms")
    new, over = to_verify(posting), to_close(posting)
    yield (
        Permission.LEAD_ALARMS,
        DeskItem(_("alarms are to be verified"), new.count(), f"{queue}?whose=new", 78, _oldest(new)),
    )
    yield (
        Permission.LEAD_ALARMS,
        DeskItem(_("alarms are to be closed"), over.count(), f"{queue}?whose=over", 40, _oldest(over)),
    )
    ours = with_us(open_alarms(posting), posting)
    waiting = running_tasks(posting).filter(area=posting.area, acknowledged_at__isnull=True)
    late = running_tasks(posting).filter(area=posting.area, due_at__lte=at)
    yield (
        Permission.ANSWER_ALARMS,
        DeskItem(_("tasks of alarms are to be acknowledged"), waiting.count(), f"{queue}?whose=ours", 82),
    )
    yield (
        Permission.ANSWER_ALARMS,
        DeskItem(_("tasks of alarms are overdue"), late.count(), f"{queue}?whose=ours", 80),
    )
    yield (
        Permission.ANSWER_ALARMS,
        DeskItem(_("tasks of alarms are with us"), ours.count(), f"{queue}?whose=ours", 48, _oldest(ours)),
    )
    held = standing.held(posting)
    yield (
        Permission.IMPORT_COUNTS,
        DeskItem(_("daily numbers are held back"), held.count(), reverse("centre:held_counts"), 46),
    )


def _oldest(found: QuerySet[Alarm]) -> datetime | None:
    return found.order_by("raised_at").values_list("raised_at", flat=True).first()
