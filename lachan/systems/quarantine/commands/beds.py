"""Rooms and beds: one guest a bed, company that may share, whatever two desks do at once.

Locks are taken in one order everywhere: persons, orders, rooms.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from lachan.core import persons, places
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import BedAssigned, RoomOpened, SentToSite
from lachan.core.models import Actor, Place, PlaceKind, Residence
from lachan.systems.quarantine.commands.stays import end_stays
from lachan.systems.quarantine.models import Bed, Order, OrderTerm, Stay
from lachan.systems.quarantine.queries.guests import guests_of, occupants
from lachan.systems.quarantine.rules import Guest, company_of, refusal_to_share
from lachan.systems.quarantine.rules.rooms import Room, fit

BOOKED_AHEAD = timedelta(days=14)
NOTED_LATE = timedelta(days=3)


class CannotAssignBed(Refusal):
    """order-closed, not-facility, not-a-site, bed-closed, time-out-of-range, bed-taken, has-a-bed, room-sex,
    room-cohort, no-bed."""

    def __init__(self, code: str) -> None:
        super().__init__(code, _SENTENCES[code])


_SENTENCES = {
    "order-closed": _("This order has ended."),
    "not-facility": _("This order is served at home, not in a facility."),
    "not-a-site": _("Choose an open quarantine site."),
    "bed-closed": _("This bed is not in use."),
    "time-out-of-range": _("A bed is given from now, at most 3 days back and 14 days ahead."),
    "bed-taken": _("This bed is taken. Choose another one."),
    "has-a-bed": _("This person already has a bed. Vacate it first."),
    "room-sex": _("A room is for one sex, or for one household."),
    "room-cohort": _("People of different exposure days, or cases and contacts, do not share a room."),
    "no-bed": _("This order has no bed."),
}
_BROKEN = {
    "stay_bed_once": "bed-taken",
    "stay_one_bed_at_a_time": "has-a-bed",
    "residence_one_at_a_time": "has-a-bed",
    "stay_one_company_a_room": "room-cohort",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """Stays made, and orders for which no bed fits."""

    stays: list[Stay]
    left: list[int]


@transaction.atomic
def open_room(*, site: Place, name: str, beds: int, actor: Actor, at: datetime) -> Place:
    """A new room with beds 1 to `beds`. Raises CannotAssignBed (not-a-site)."""
    _refuse_site(site)
    room = places.open_place(kind=PlaceKind.ROOM, name=name, area=site.area, at=at, parent=site, capacity=beds,
                             closed_space=True)  # fmt: skip
    Bed.objects.bulk_create([Bed(room=room, label=str(n), opened_at=at) for n in range(1, beds + 1)])
    emit([RoomOpened(place_id=room.pk, beds=beds, happened_at=at, ref=f"core.place:{room.pk}")], actor=actor)
    return room


def _refuse_site(site: Place) -> None:
    if site.kind != PlaceKind.QUARANTINE_SITE or site.closed_at is not None:
        raise CannotAssignBed("not-a-site")


@transaction.atomic
def send_to_site(*, orders: Sequence[Order], site: Place, actor: Actor, at: datetime) -> int:
    """Let the people of open facility orders without a bed go to `site`; how many. Raises CannotAssignBed."""
    _refuse_site(site)
    terms = _lock_terms([o.pk for o in orders])
    there = set(
        Stay.objects.filter(order__in=terms, period__endswith__isnull=True).values_list("order", flat=True)
    )
    going = [t.order for t in terms.values() if _refusal(t) is None and t.order_id not in there]
    Order.objects.filter(pk__in=[o.pk for o in going]).update(site=site)
    emit([_sent(o, site, at) for o in going], actor=actor)
    return len(going)


def _sent(order: Order, site: Place, at: datetime) -> SentToSite:
    return SentToSite(
        person_id=order.person_id, place_id=site.pk, happened_at=at, caused_by=order.led_by,
        ref=f"quarantine.order:{order.pk}", order_id=order.pk,
    )  # fmt: skip


@transaction.atomic
def assign_bed(*, order: Order, bed: Bed, from_at: datetime, actor: Actor, at: datetime) -> Stay:
    """Give the bed from `from_at` on. Raises CannotAssignBed."""
    if not at - NOTED_LATE <= from_at <= at + BOOKED_AHEAD:
        raise CannotAssignBed("time-out-of-range")
    persons.roots_locked([order.person_id])
    term = _lock_terms([order.pk]).get(order.pk)
    if term is None:
        raise CannotAssignBed("order-closed")
    if why := _refusal(term):
        raise CannotAssignBed(why)
    room = _lock_rooms([bed.room_id])[bed.room_id]
    if not Bed.objects.filter(pk=bed.pk, closed_at__isnull=True).exists():
        raise CannotAssignBed("bed-closed")
    guest = guests_of([term])[term.order_id]
    there = occupants([room.pk])[room.pk]
    if not_together := refusal_to_share([g for g, _label in there], guest):
        raise CannotAssignBed(not_together)
    label = there[0][1] if there else company_of(guest)
    return _give([_Given(term.order, bed, room, label)], from_at=from_at, actor=actor, at=at)[0]


def _refusal(term: OrderTerm) -> str | None:
    if term.order.closed_at is not None:
        return "order-closed"
    return None if term.kind == "facility" else "not-facility"


def _lock_terms(order_ids: Sequence[int]) -> dict[int, OrderTerm]:
    """The terms in force of these orders; orders locked, lowest first."""
    orders = Order.objects.select_for_update().filter(pk__in=order_ids).order_by("pk")
    held = {o.pk: o for o in orders.select_related("person")}
    terms = OrderTerm.objects.filter(order__in=held, superseded_at__isnull=True)
    for term in (found := {t.order_id: t for t in terms.order_by("order_id")}).values():
        term.order = held[term.order_id]
    return found


def _lock_rooms(ids: Sequence[int]) -> dict[int, Place]:
    """Who may join depends on who is there: one desk at a time decides about a room."""
    rooms = (
        Place.objects.select_for_update(no_key=True).filter(pk__in=ids, closed_at__isnull=True).order_by("pk")
    )
    return {r.pk: r for r in rooms}


@dataclass(frozen=True, slots=True)
class _Given:
    order: Order
    bed: Bed
    room: Place
    company: str


def _give(given: Sequence[_Given], *, from_at: datetime, actor: Actor, at: datetime) -> list[Stay]:
    period = DateTimeTZRange(from_at, None)
    try:
        with transaction.atomic():
            stays = Stay.objects.bulk_create(
                Stay(
                    order=g.order, bed=g.bed, room=g.room, period=period, company=g.company, assigned_by=actor
                )
                for g in given
            )
            Residence.objects.bulk_create(
                Residence(
                    person_id=g.order.person_id, place=g.room, kind="room", period=period, recorded_at=at
                )
                for g in given
            )
    except IntegrityError as error:
        raise CannotAssignBed(_broken(error)) from error
    _follow(given)
    emit([_assigned(s, at) for s in stays], actor=actor)
    return stays


def _broken(error: IntegrityError) -> str:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    if name not in _BROKEN:
        raise error
    return _BROKEN[name]


def _follow(given: Sequence[_Given]) -> None:
    """The site of an order is that of its bed."""
    by_site: dict[int | None, list[int]] = defaultdict(list)
    for g in given:
        if g.order.site_id != g.room.parent_id:
            by_site[g.room.parent_id].append(g.order.pk)
    for site_id, orders in by_site.items():
        Order.objects.filter(pk__in=orders).update(site_id=site_id)


def _assigned(stay: Stay, at: datetime) -> BedAssigned:
    return BedAssigned(
        person_id=stay.order.person_id, place_id=stay.room.parent_id, happened_at=at,
        caused_by=stay.order.led_by, ref=f"quarantine.stay:{stay.pk}", stay_id=stay.pk, order_id=stay.order_id,
    )  # fmt: skip


@transaction.atomic
def assign_beds_automatically(*, site: Place, actor: Actor, at: datetime) -> Placed:
    """Beds for those who wait for one at `site`, households together, rooms filled up first. Raises CannotAssignBed."""
    _refuse_site(site)
    waiting = _waiting_at(site)
    rooms = _lock_rooms(
        list(Place.objects.filter(parent=site, kind=PlaceKind.ROOM).values_list("pk", flat=True))
    )
    free = _free_beds(list(rooms))
    there = occupants(list(rooms))
    guests = guests_of(list(waiting.values()))
    plan = fit(guests, [Room(pk, len(free[pk]), [g for g, _label in there[pk]]) for pk in sorted(rooms)])
    labels = {pk: found[0][1] for pk, found in there.items() if found}
    given = [
        _Given(waiting[order].order, free[room].pop(0), rooms[room], _label(labels, room, guests[order]))
        for order, room in plan.items()
    ]
    stays = _give(given, from_at=at, actor=actor, at=at) if given else []
    return Placed(stays, sorted(waiting.keys() - plan.keys()))


def _waiting_at(site: Place) -> dict[int, OrderTerm]:
    """Who waits longest first; of one moment by person, since the numbers of orders are as workers wrote them."""
    orders = Order.objects.filter(site=site, closed_at__isnull=True)
    ids = dict(
        orders.exclude(stays__period__endswith__isnull=True, stays__isnull=False).values_list("pk", "person")
    )
    persons.roots_locked(ids.values())
    found = [t for t in _lock_terms(list(ids)).values() if _refusal(t) is None]
    found.sort(key=lambda t: (t.order.issued_at, t.order.person_id))
    return {t.order_id: t for t in found}


def _free_beds(room_ids: Sequence[int]) -> dict[int, list[Bed]]:
    free: defaultdict[int, list[Bed]] = defaultdict(list)
    taken = Stay.objects.filter(room__in=room_ids, period__endswith__isnull=True).values("bed")
    for bed in (
        Bed.objects.filter(room__in=room_ids, closed_at__isnull=True).exclude(pk__in=taken).order_by("pk")
    ):
        free[bed.room_id].append(bed)
    return free


def _label(labels: dict[int, str], room: int, guest: Guest) -> str:
    return labels.setdefault(room, company_of(guest))


@transaction.atomic
def vacate(*, order: Order, actor: Actor, at: datetime) -> Stay:
    """End the running stay of an order. Raises CannotAssignBed (no-bed)."""
    held = Order.objects.select_for_update().get(pk=order.pk)
    causes = {held.pk: held.led_by} if held.led_by else {}
    stays = end_stays([held], actor=actor, at=at, causes=causes)
    if not stays:
        raise CannotAssignBed("no-bed")
    return stays[0]
