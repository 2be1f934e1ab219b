"""What waits for a posting in the supply of vaccines."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access, clock
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.models import Posting
from lachan.systems.vaccination.models import LotHold, Visit
from lachan.systems.vaccination.queries import desk_people
from lachan.systems.vaccination.queries.completeness import (
    days_that_do_not_add_up,
    sessions_that_do_not_add_up,
)
from lachan.systems.vaccination.queries.corrections import corrections
from lachan.systems.vaccination.queries.line import line_sessions
from lachan.systems.vaccination.queries.reactions import lines, open_reactions
from lachan.systems.vaccination.queries.scope import lots, stocks, stores, transfers

MOST_REACTIONS = 500


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Lines with something behind them, as far as the posting may act on them."""
    stock = _items(posting, at) if access.may(posting, Permission.VIEW_STOCK) else ()
    line = _line(posting, at) if access.may(posting, Permission.WORK_LINE) else ()
    felt = _reactions(posting, at) if access.may(posting, Permission.VIEW_REACTIONS) else ()
    wrong = _corrections(posting) if access.may(posting, Permission.CORRECT_RECORDS) else ()
    return [item for item in (*wrong, *felt, *line, *stock, *desk_people.items(posting, at)) if item.count]


def _reactions(posting: Posting, at: datetime) -> Iterator[DeskItem]:
    """Serious ones by their clocks; what else is open waits below."""
    found = lines(list(open_reactions(posting).order_by("told_at")[:MOST_REACTIONS]), at=at)
    serious = [line for line in found if line.severity == "serious"]
    where = reverse("vaccination:reactions")
    first = serious[0].reaction.told_at if serious else None
    late = any(line.clock and line.clock.due_at <= at for line in serious)
    yield DeskItem(
        _("serious reactions after vaccination are open"), len(serious), where, 98 if late else 90, first
    )
    yield DeskItem(_("reactions after vaccination are open"), len(found) - len(serious), where, 42)


def _corrections(posting: Posting) -> Iterator[DeskItem]:
    open_ = corrections(posting).filter(decided_at__isnull=True)
    first = open_.order_by("asked_at").values_list("asked_at", flat=True).first()
    yield DeskItem(
        _("corrections of records are asked for"),
        open_.count(),
        reverse("vaccination:corrections"),
        44,
        first,
    )


def _line(posting: Posting, at: datetime) -> Iterator[DeskItem]:
    where = reverse("vaccination:line_sessions")
    here = Visit.objects.filter(session__in=line_sessions(posting, at=at), left_at__isnull=True)
    oldest = here.order_by("arrived_at").values_list("arrived_at", flat=True).first()
    yield DeskItem(_("people are in the line of a vaccination session"), here.count(), where, 80, oldest)
    over = sessions_that_do_not_add_up(posting, at=at)
    yield DeskItem(_("vaccination sessions do not add up"), len(over), reverse("vaccination:days"), 66)


def _items(posting: Posting, at: datetime) -> Iterator[DeskItem]:
    coming = transfers(posting).filter(received_at__isnull=True, destination__in=stores(posting))
    oldest = coming.order_by("sent_at").values_list("sent_at", flat=True).first()
    yield DeskItem(_("transfers of vaccine are to be received"), coming.count(), reverse("vaccination:transfers"), 45,
                   oldest)  # fmt: skip
    held = LotHold.objects.filter(lot__in=lots(posting), released_at__isnull=True, recalled_at__isnull=True)
    first = held.order_by("held_at").values_list("held_at", flat=True).first()
    yield DeskItem(
        _("lots of vaccine are held"), held.count(), reverse("vaccination:lots") + "?state=held", 75, first
    )
    gone = stocks(posting).filter(lot__expires_on__lt=clock.local_date(at), sealed__gt=0)
    yield DeskItem(
        _("shelves hold expired vaccine"), gone.count(), reverse("vaccination:lots") + "?state=expired", 55
    )
    days = days_that_do_not_add_up(posting, at=at)
    yield DeskItem(_("days of opened vials do not add up"), len(days), reverse("vaccination:days"), 65)
