"""What waits for a posting in feedback."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.models import Posting
from lachan.systems.feedback.queries.lists import calls, open_reports, with_us


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Lines with something behind them, as far as the posting may act on them."""
    items = [item for rule, item in _items(posting, at) if access.may(posting, rule)]
    return [item for item in items if item.count]


def _items(posting: Posting, at: datetime) -> Iterator[tuple[Permission, DeskItem]]:
    ours = with_us(open_reports(posting), posting)
    late = ours.filter(Q(due__lte=at))
    waiting = calls(posting).order_by("due_at")
    home = reverse("feedback:home")
    overdue = DeskItem(_("reports of citizens are overdue"), late.count(), f"{home}?whose=late", 75)
    yield Permission.HANDLE_REPORT, overdue
    yield Permission.HANDLE_REPORT, DeskItem(_("reports of citizens to answer"), ours.count(), home, 45)
    yield (
        Permission.TAKE_REPORT,
        DeskItem(_("people are to be called back"), waiting.count(), reverse("feedback:calls"), 85,
                 waiting.values_list("asked_at", flat=True).first()),
    )  # fmt: skip
