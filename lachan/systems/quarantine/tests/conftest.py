"""People, causes and beds for the tests of quarantine; the clock stands at noon of 10 January 2026."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import pytest
from django.db import transaction

from lachan.core import access, actors, areas, clock, persons, places
from lachan.core.eventlog import emit
from lachan.core.events import CaseConfirmed, ContactFound, DoseGiven, Event, ResultReported
from lachan.core.models import Actor, ActorKind, Area, Person, Place, PlaceKind, Posting
from lachan.core.names import search_key
from lachan.systems.quarantine import commands, handlers, queries
from lachan.systems.quarantine.models import Bed, Order, OrderTerm
from tests.rows import area_in, nobody_listening

NOON = datetime(2026, 1, 10, 5, tzinfo=UTC)  # 12:00 in Viet Nam
E = TypeVar("E", bound=Event)
_numbers = itertools.count(1)


def day(number: int) -> date:
    """A day of January 2026."""
    return date(2026, 1, 1) + timedelta(days=number - 1)


def noon_of(number: int) -> datetime:
    return NOON + timedelta(days=number - 10)


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture(autouse=True)
def reaching() -> None:
    """As the site does when it starts."""
    access.let_reach("quarantine", queries.reach)


@pytest.fixture(autouse=True)
def deaf_loop() -> Iterator[None]:
    with nobody_listening():
        yield


def told(event: E) -> E:
    with transaction.atomic():
        emit([event], actor=actors.system(at=NOON))
    return event


def area_of(name: str = "Phường Bến Nghé") -> Area:
    return area_in(areas.country(), f"t{search_key(name)}"[:16], name)


def person(name: str = "Nguyễn Văn An", *, sex: str = "m", area: Area | None = None) -> Person:
    home = area or area_of()
    identity = persons.Identity(name=name, sex=sex, home_area=home, address="12 Lê Lợi")
    return persons.register(identity, actor=actors.system(at=NOON), at=NOON)


def officer(name: str = "Trần Thị Bình") -> Actor:
    return Actor.objects.create(kind=ActorKind.STAFF, name=f"{name} {next(_numbers)}", created_at=NOON)


def posting(role: str, *, area: Area | None = None, place: Place | None = None) -> Posting:
    return actors.post(officer(), role, at=NOON - timedelta(days=30), area=area, place=place)


def site(name: str = "Ký túc xá khu A") -> Place:
    return places.open_place(kind=PlaceKind.QUARANTINE_SITE, name=name, area=area_of(), at=NOON)


def found(who: Person, *, level: int = 1, exposed: int = 9, contact_id: int | None = None) -> ContactFound:
    return told(
        ContactFound(
            person_id=who.pk, happened_at=NOON, contact_id=contact_id or next(_numbers), level=level,
            exposed_at=noon_of(exposed), source_id=1,
        )
    )  # fmt: skip


def confirmed(who: Person, *, sampled: int = 9) -> CaseConfirmed:
    result = told(
        ResultReported(
            person_id=who.pk, happened_at=NOON, result_id=next(_numbers), outcome="positive", assay="pcr",
            collected_at=noon_of(sampled),
        )
    )  # fmt: skip
    return told(
        CaseConfirmed(
            person_id=who.pk, happened_at=NOON, case_id=next(_numbers), infectious_from=noon_of(sampled - 2),
            caused_by=result.id,
        )
    )  # fmt: skip


def negative(who: Person, *, on: int) -> ResultReported:
    return told(
        ResultReported(
            person_id=who.pk, happened_at=noon_of(on), result_id=next(_numbers), outcome="negative", assay="pcr",
            collected_at=noon_of(on),
        )
    )  # fmt: skip


def dosed(who: Person, *, number: int, on: int, primary: int = 2) -> DoseGiven:
    return told(
        DoseGiven(
            person_id=who.pk,
            happened_at=noon_of(on),
            vaccine="Comirnaty",
            dose_number=number,
            primary_doses=primary,
        )
    )


def order_of(who: Person) -> Order:
    return Order.objects.get(person=who, closed_at__isnull=True)


def term_of(who: Person) -> OrderTerm:
    return OrderTerm.objects.select_related("order__person").get(
        order__person=who, order__closed_at__isnull=True, superseded_at__isnull=True
    )


def contact_under_order(**details: Any) -> Person:
    """An F1 without immunity: 14 days in a facility from day 9."""
    who = person(**details)
    handlers.issue_orders([found(who)], NOON)
    return who


def bed_in(room: Place, label: str = "1") -> Bed:
    return Bed.objects.get(room=room, label=label)


def room(at: Place, *, beds: int = 2, name: str = "Phòng 101") -> Place:
    return commands.open_room(site=at, name=name, beds=beds, actor=actors.system(at=NOON), at=NOON)
