"""Sites, their rooms and beds, and who sleeps where on a day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.errors import Refusal
from lachan.core.models import Place, PlaceKind, Posting
from lachan.systems.quarantine.models import Bed, OrderTerm, Stay
from lachan.systems.quarantine.queries.guests import guests_of, occupants
from lachan.systems.quarantine.queries.lists import sites_of
from lachan.systems.quarantine.rules.rooms import Room, fit

TAKEN = Exists(Stay.objects.filter(bed=OuterRef("pk"), period__endswith__isnull=True))


class SiteNotVisible(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "site-not-visible", _("There is no site with this number that your posting may see.")
        )


@dataclass(frozen=True, slots=True)
class BedBoard:
    """`term` is that of the order of who lies there; None for a free bed. `expected_on`: the day it should be free."""

    bed: Bed
    stay: Stay | None = None
    term: OrderTerm | None = None

    @property
    def expected_on(self) -> date | None:
        return self.term.ends_on if self.term else None


@dataclass(frozen=True, slots=True)
class RoomBoard:
    room: Place
    beds: list[BedBoard] = field(default_factory=list)

    @property
    def free(self) -> int:
        return sum(1 for bed in self.beds if bed.stay is None)


@dataclass(frozen=True, slots=True)
class Board:
    """Beds of a site on `day`. A stay without an end is expected to last until its order ends."""

    site: Place
    day: date
    rooms: list[RoomBoard]

    @property
    def beds(self) -> int:
        return sum(len(room.beds) for room in self.rooms)

    @property
    def free(self) -> int:
        return sum(room.free for room in self.rooms)


def site_for(posting: Posting, number: int) -> Place:
    """Raises SiteNotVisible."""
    found = sites_of(posting).filter(pk=number).select_related("area__parent__parent").first()
    if found is None:
        raise SiteNotVisible
    return found


def sites(posting: Posting) -> QuerySet[Any]:
    """The posting's sites by name, with `beds_in_use` and how many of them are `taken`."""
    in_use = Q(parts__beds__closed_at__isnull=True)
    running = in_use & Q(parts__beds__stays__isnull=False, parts__beds__stays__period__endswith__isnull=True)
    counted = sites_of(posting).annotate(
        beds_in_use=Count("parts__beds", filter=in_use, distinct=True),
        taken=Count("parts__beds", filter=running, distinct=True),
    )
    return counted.select_related("area").order_by("name", "pk")


def board(site: Place, *, day: date) -> Board:
    """Three queries, whatever the size of the site."""
    rooms = Place.objects.filter(parent=site, kind=PlaceKind.ROOM, closed_at__isnull=True).order_by(
        "name", "pk"
    )
    boards = {room.pk: RoomBoard(room) for room in rooms}
    stays = _stays_on(list(boards), day)
    terms = _terms([s.order_id for s in stays.values()])
    for bed in Bed.objects.filter(room__in=boards, closed_at__isnull=True).order_by("pk"):
        stay = stays.get(bed.pk)
        term = terms[stay.order_id] if stay else None
        gone = term is not None and day > clock.local_date(clock.now()) and day >= term.ends_on
        boards[bed.room_id].beds.append(BedBoard(bed) if gone else BedBoard(bed, stay, term))
    return Board(site, day, list(boards.values()))


def _stays_on(rooms: Sequence[int], day: date) -> dict[int, Stay]:
    """Stays at the end of the day: who left during it has left the bed free."""
    last = clock.day_bounds(day)[1]
    moment = min(clock.now(), last) if day <= clock.local_date(clock.now()) else last
    return {s.bed_id: s for s in Stay.objects.filter(room__in=rooms, period__contains=moment)}


def _terms(order_ids: Sequence[int]) -> dict[int, OrderTerm]:
    found = OrderTerm.objects.filter(order__in=order_ids, superseded_at__isnull=True)
    return {t.order_id: t for t in found.select_related("order__person__home_area")}


def free_beds(site: Place) -> QuerySet[Bed]:
    """Beds of `site` in use that nobody has, by room."""
    free = Bed.objects.filter(~TAKEN, room__parent=site, closed_at__isnull=True, room__closed_at__isnull=True)
    return free.select_related("room").order_by("room__name", "room", "pk")


def best_bed(term: OrderTerm, site: Place) -> Bed | None:
    """The bed that the best fit gives this person now; None if no room takes them. The term comes with its person."""
    free: defaultdict[int, list[Bed]] = defaultdict(list)
    for bed in free_beds(site):
        free[bed.room_id].append(bed)
    there = occupants(list(free))
    rooms = [Room(pk, len(beds), [g for g, _label in there[pk]]) for pk, beds in sorted(free.items())]
    placed = fit(guests_of([term]), rooms)
    return free[placed[term.order_id]][0] if placed else None
