"""What waits for a posting in riskmap."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.models import Posting
from lachan.systems.riskmap.models import Proposal
from lachan.systems.riskmap.queries.levels import last_week, not_assessed, to_sign


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Lines with something behind them, as far as the posting may act on them."""
    week_on = last_week(at)
    if posting.area is None or not Proposal.objects.filter(week_on=week_on).exists():
        return []
    items = [make() for rule, make in _items(posting, week_on) if access.may(posting, rule)]
    return [item for item in items if item.count]


def _items(posting: Posting, week_on: date) -> Iterator[tuple[Permission, Callable[[], DeskItem]]]:
    home = reverse("riskmap:home")
    yield (
        Permission.SIGN_LEVEL,
        lambda: DeskItem(
            _("epidemic levels to sign"), to_sign(posting, week_on).count(), f"{home}?state=waiting", 50
        ),
    )
    yield Permission.ENTER_FIGURES, lambda: DeskItem(
        _("areas are not assessed: figures are missing"), not_assessed(posting, week_on).count(),
        f"{home}?state=missing", 35,
    )  # fmt: skip
