"""Reads of the response centre: the queue in its order, one's own call, what a number called before."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access, areas
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.errors import Refusal
from lachan.core.models import Actor, Area, IdentifierKind, Person, Posting
from lachan.core.sealed import unseal
from lachan.portals.response_centre.models import Call, ShiftNote, Wish
from lachan.portals.response_centre.rules import TRY_AGAIN_AFTER
from lachan.systems.feedback.queries import calls as report_calls

NO_ANSWER = Q(calls__outcome="no-answer")
EARLIER = 5


class NotInReach(Refusal):
    """The same answer for "no such call" and "not yours"."""

    status = 404

    def __init__(self) -> None:
        super().__init__("call-not-visible", _("There is no such call that your posting may see."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A wish with its place in the queue, from 1; `tries` without an answer."""

    number: int
    wish: Wish
    tries: int


def centre_of(posting: Posting) -> Area:
    """The area whose response centre a posting works for. Raises NotInReach."""
    area = posting.area or (posting.place.area if posting.place else None)
    if area is None:
        raise NotInReach
    return area


def open_wishes(posting: Posting) -> QuerySet[Wish]:
    mine = areas.inside("area__", centre_of(posting))
    return Wish.objects.filter(mine, ended_at__isnull=True)


def queue(posting: Posting, *, at: datetime, most: int = 100) -> list[Place]:
    """Who is to be called now, in the order of `rules.in_order`."""
    rested = Q(tried_at__isnull=True) | Q(tried_at__lte=at - TRY_AGAIN_AFTER)
    waiting = (
        open_wishes(posting)
        .filter(claimed_at__isnull=True)
        .annotate(tried_at=Max("calls__ended_at", filter=NO_ANSWER), tries=Count("calls", filter=NO_ANSWER))
        .filter(rested)
        .order_by("-urgent", "asked_at", "pk")
    )
    return [Place(number=n, wish=w, tries=w.tries) for n, w in enumerate(waiting[:most], start=1)]


def wish_for(posting: Posting, number: int) -> Wish:
    """Raises NotInReach."""
    rows = open_wishes(posting).select_related("person__merged_into", "person__home_area__parent__parent")
    if (found := rows.filter(pk=number).first()) is None:
        raise NotInReach
    return found


def my_call(actor: Actor) -> Call | None:
    """The call that this agent has open."""
    return Call.objects.filter(taken_by=actor, ended_at__isnull=True).select_related("person", "wish").first()


def call_for(posting: Posting, actor: Actor, number: int) -> Call:
    """An open call is its agent's alone. Raises NotInReach."""
    mine = areas.inside("area__", centre_of(posting))
    rows = Call.objects.filter(mine, pk=number, taken_by=actor, ended_at__isnull=True)
    if (
        found := rows.select_related("person__home_area", "wish__person__merged_into", "area").first()
    ) is None:
        raise NotInReach
    return found


def number_of(row: Call | Wish) -> str:
    """The telephone number, as E.164; "" of a wish for which one is to be found."""
    if row.phone is None:
        return ""
    return unseal(IdentifierKind.PHONE.value, row.phone)


def callers(posting: Posting, call: Call) -> list[Person]:
    """Who has this number, of those whom the posting may see; the look is still to be noted."""
    seen = access.of_phone(bytes(call.phone_index)) & access.visible(posting)
    return list(seen.distinct()[:10])


def earlier(call: Call) -> QuerySet[Call]:
    """What this number called about before, newest first."""
    same = Call.objects.filter(area=call.area_id, phone_index=bytes(call.phone_index), ended_at__isnull=False)
    return same.order_by("-started_at", "-pk")[:EARLIER]


def calls(posting: Posting) -> QuerySet[Call]:
    """Ended calls of the centre."""
    mine = areas.inside("area__", centre_of(posting))
    return Call.objects.filter(mine, ended_at__isnull=False).select_related("taken_by")


def notes(posting: Posting) -> QuerySet[ShiftNote]:
    mine = areas.inside("area__", centre_of(posting))
    return (
        ShiftNote.objects.filter(mine).select_related("written_by", "taken_by").order_by("-written_at", "-pk")
    )


def note_for(posting: Posting, number: int) -> ShiftNote:
    """Raises NotInReach."""
    if (found := notes(posting).filter(pk=number).first()) is None:
        raise NotInReach
    return found


def urgent_reports(posting: Posting, *, at: datetime) -> int:
    """Calls back that reports of citizens ask for (they stand at the desk of reports)."""
    return report_calls(posting).count()


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Lines with something behind them, as far as the posting may act on them."""
    if not access.may(posting, Permission.TAKE_CALL):
        return []
    waiting = open_wishes(posting).filter(claimed_at__isnull=True)
    urgent = waiting.filter(urgent=True)
    url = reverse("response_centre:desk")
    items = [
        DeskItem(_("urgent calls back wait"), urgent.count(), url, 95, _oldest(urgent)),
        DeskItem(_("people wait to be called"), waiting.filter(urgent=False).count(), url, 60),
        DeskItem(
            _("notes of the shift before are not taken over"),
            notes(posting).filter(taken_at__isnull=True).count(), url, 50,
        ),
    ]  # fmt: skip
    return [item for item in items if item.count]


def _oldest(rows: QuerySet[Wish]) -> datetime | None:
    return rows.order_by("asked_at").values_list("asked_at", flat=True).first()
