"""Rooms, beds and the standing presence that tracing reads."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lachan.core import places
from lachan.core.models import EventRow, Person, Place, PlaceKind, Residence
from lachan.systems.quarantine import commands, handlers
from lachan.systems.quarantine.commands import CannotAssignBed
from lachan.systems.quarantine.models import Bed, Order, Stay
from lachan.systems.quarantine.tests.conftest import (
    NOON,
    area_of,
    bed_in,
    confirmed,
    contact_under_order,
    found,
    noon_of,
    officer,
    order_of,
    person,
    room,
    site,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    return room(site(), beds=3)


def give(who: Person, bed: Bed, *, days: int = 0) -> Stay:
    order = order_of(who)
    return commands.assign_bed(
        order=order, bed=bed, from_at=NOON + timedelta(days=days), actor=officer(), at=NOON
    )


def refusal(who: Person, bed: Bed, *, days: int = 0) -> str:
    with pytest.raises(CannotAssignBed) as refused:
        give(who, bed, days=days)
    return refused.value.code


def family(*people: Person) -> None:
    home = places.open_place(kind=PlaceKind.HOUSEHOLD, name="Hộ 12 Lê Lợi", area=area_of(), at=NOON)
    for who in people:
        Residence.objects.create(
            person=who, place=home, kind="household", period=DateTimeTZRange(NOON - timedelta(days=900), None),
            recorded_at=NOON,
        )  # fmt: skip


def test_a_bed_leaves_a_standing_presence_until_it_is_vacated(here: Place) -> None:
    who = contact_under_order()
    given = give(who, bed_in(here))
    lives = Residence.objects.get(person=who, kind="room")
    assert (lives.place, lives.period.lower, lives.period.upper) == (here, NOON, None)
    assert order_of(who).site == here.parent
    later = noon_of(12)
    commands.vacate(order=order_of(who), actor=officer(), at=later)
    for row in (Residence.objects.get(person=who, kind="room"), Stay.objects.get(pk=given.pk)):
        assert row.period.upper == later
    kinds = (
        EventRow.objects.filter(ref=f"quarantine.stay:{given.pk}")
        .order_by("id")
        .values_list("kind", flat=True)
    )
    assert list(kinds) == ["BedAssigned", "BedVacated"]


def test_each_refusal_says_why(here: Place) -> None:
    first = contact_under_order()
    give(first, bed_in(here, "1"))
    assert refusal(contact_under_order(), bed_in(here, "1")) == "bed-taken"
    assert refusal(first, bed_in(here, "2")) == "has-a-bed"
    assert refusal(contact_under_order(sex="f"), bed_in(here, "2")) == "room-sex"
    other_day = person()
    handlers.issue_orders([found(other_day, exposed=8)], NOON)
    assert refusal(other_day, bed_in(here, "2")) == "room-cohort"
    case = person()
    handlers.isolate_cases([confirmed(case)], NOON)
    assert refusal(case, bed_in(here, "2")) == "room-cohort"
    at_home = person()
    handlers.issue_orders([found(at_home, level=2)], NOON)
    assert refusal(at_home, bed_in(here, "2")) == "not-facility"
    assert refusal(contact_under_order(), bed_in(here, "2"), days=15) == "time-out-of-range"
    Bed.objects.filter(room=here, label="3").update(closed_at=NOON + timedelta(days=1))
    assert refusal(contact_under_order(), bed_in(here, "3")) == "bed-closed"
    with pytest.raises(CannotAssignBed, match="no-bed"):
        commands.vacate(order=order_of(other_day), actor=officer(), at=NOON)
    with pytest.raises(CannotAssignBed, match="not-a-site"):
        commands.open_room(site=here, name="x", beds=1, actor=officer(), at=NOON)


def test_a_family_shares_a_room_and_a_stranger_does_not(here: Place) -> None:
    mother, father, stranger = (contact_under_order(sex=s) for s in ("f", "m", "f"))
    family(mother, father)
    give(mother, bed_in(here, "1"))
    give(father, bed_in(here, "2"))
    assert refusal(stranger, bed_in(here, "3")) == "room-sex"


def test_an_ended_order_frees_the_bed_and_a_booking(here: Place) -> None:
    now, later = contact_under_order(), contact_under_order()
    give(now, bed_in(here, "1"))
    give(later, bed_in(here, "2"), days=2)
    handlers.isolate_cases([confirmed(now), confirmed(later)], noon_of(11))
    assert Stay.objects.get().period.upper == noon_of(11)
    assert Residence.objects.filter(kind="room").get().person == now
    vacated = EventRow.objects.filter(kind="BedVacated", person=now).get()
    assert vacated.caused_by == Order.objects.get(person=now, closed_how="superseded").closing_event


def test_an_order_that_is_served_at_home_frees_the_bed(here: Place) -> None:
    who = contact_under_order()
    give(who, bed_in(here))
    commands.allow_home(order=order_of(who), actor=officer(), at=noon_of(11))
    assert order_of(who).site is None
    assert Stay.objects.get().period.upper == noon_of(11)
    vacated = EventRow.objects.get(kind="BedVacated")
    assert vacated.caused_by == EventRow.objects.get(kind="OrderChanged")
    again = found(who, exposed=11)
    handlers.issue_orders([again], noon_of(11))
    assert order_of(who).terms.get(superseded_at__isnull=True).kind == "home"


def test_beds_are_given_to_all_who_wait_at_once() -> None:
    place = site()
    room(place, beds=2, name="101")
    room(place, beds=2, name="102")
    women = [contact_under_order(name=f"Nữ {n}", sex="f") for n in range(3)]
    men = [contact_under_order(name=f"Nam {n}") for n in range(2)]
    orders = [order_of(p) for p in (*women, *men)]
    commands.send_to_site(orders=orders, site=place, actor=officer(), at=NOON)
    placed = commands.assign_beds_automatically(site=place, actor=officer(), at=NOON)
    assert len(placed.stays) == 4
    assert len(placed.left) == 1
    rooms = {s.order.person.sex: s.room_id for s in Stay.objects.select_related("order__person")}
    assert rooms["f"] != rooms["m"]
    assert commands.assign_beds_automatically(site=place, actor=officer(), at=NOON).stays == []
