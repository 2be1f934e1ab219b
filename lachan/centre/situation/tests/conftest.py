"""Areas, people and events for the tests of the situation; the clock stands at 9:00 on Monday, 12 January 2026."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pytest
from django.db import transaction

from lachan.centre.models import DayCount
from lachan.centre.situation import queries
from lachan.centre.situation.rules.measures import FLOWS
from lachan.core import actors, areas, clock, eventlog
from lachan.core import events as ev
from lachan.core.events import Event
from lachan.core.models import Actor, ActorKind, Area, Person, Posting
from tests.rows import area_in, nobody_listening, residents

NINE = datetime(2026, 1, 12, 2, tzinfo=UTC)  # 9:00 in Viet Nam
TODAY = date(2026, 1, 12)
_numbers = itertools.count(1)


def later(*, hours: float = 0, days: float = 0) -> datetime:
    return NINE + timedelta(hours=hours, days=days)


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    with clock.frozen(NINE):
        yield


@pytest.fixture(autouse=True)
def levels_asked_anew() -> None:
    queries.forget()


@pytest.fixture(autouse=True)
def deaf_loop() -> Iterator[None]:
    with nobody_listening():
        yield


def country() -> Area:
    return areas.country()


def province(name: str = "Thành phố Hồ Chí Minh") -> Area:
    return area_in(country(), f"p{name}"[:16], name, level=1)


def district(name: str = "Quận 1") -> Area:
    return area_in(province(), f"d{name}"[:16], name, level=2)


def commune(name: str = "Phường Bến Nghé", *, of: Area | None = None) -> Area:
    return area_in(of or district(), f"c{name}"[:16], name)


def person(area: Area | None = None) -> Person:
    return residents(1, area=area or commune(), at=later(days=-100))[0]


def officer(role: str, area: Area) -> Posting:
    name = f"Trần Thị Bình {next(_numbers)}"
    actor = Actor.objects.create(kind=ActorKind.STAFF, name=name, created_at=NINE)
    return actors.post(actor, role, at=later(days=-30), area=area)


def told(*events: Event) -> list[Event]:
    """Write events into the log; nobody hears of them."""
    with transaction.atomic():
        return eventlog.emit(events, actor=actors.system(at=NINE))


def counts(**where: Any) -> dict[tuple[str, date, str], int]:
    """Every counter that is not nothing, by name of area, day and measure."""
    return {
        (row.area.name, row.day, measure): getattr(row, measure)
        for row in DayCount.objects.filter(**where).select_related("area")
        for measure in FLOWS
        if getattr(row, measure)
    }


def confirmed(who: Person, number: int = 1, *, at: datetime = NINE) -> ev.CaseConfirmed:
    return ev.CaseConfirmed(person_id=who.pk, case_id=number, infectious_from=at, happened_at=at)


def withdrawn(who: Person, number: int = 1, *, at: datetime = NINE) -> ev.CaseWithdrawn:
    return ev.CaseWithdrawn(person_id=who.pk, case_id=number, reason="no-evidence-left", happened_at=at)


def result(
    who: Person, number: int = 1, outcome: ev.Outcome = "positive", *, at: datetime = NINE, hours: float = 6
) -> ev.ResultReported:
    return ev.ResultReported(
        person_id=who.pk, result_id=number, outcome=outcome, assay="pcr", collected_at=at - timedelta(hours=hours),
        happened_at=at, ref=f"testing.result:{number}",
    )  # fmt: skip


def amended(
    who: Person, number: int, of: int, outcome: ev.Outcome, was: ev.Outcome, *, at: datetime = NINE
) -> ev.ResultAmended:
    return ev.ResultAmended(
        person_id=who.pk, result_id=number, amends_id=of, outcome=outcome, previous_outcome=was, assay="pcr",
        collected_at=at, happened_at=at, ref=f"testing.result:{number}",
    )  # fmt: skip


def found(who: Person, number: int = 1, level: int = 1, *, at: datetime = NINE) -> ev.ContactFound:
    return ev.ContactFound(
        person_id=who.pk, contact_id=number, level=level, exposed_at=at, source_id=who.pk, happened_at=at,
    )  # fmt: skip


def moved(who: Person, number: int = 1, level: int = 2, *, at: datetime = NINE) -> ev.ContactChanged:
    return ev.ContactChanged(
        person_id=who.pk, contact_id=number, level=level, previous_level=3 - level, exposed_at=at, source_id=who.pk,
        happened_at=at,
    )  # fmt: skip


def called(
    who: Person, number: int = 1, outcome: str = "reached", *, at: datetime = NINE
) -> ev.ContactCalled:
    return ev.ContactCalled(person_id=who.pk, contact_id=number, outcome=outcome, happened_at=at)


Reason = Literal[
    "case-withdrawn", "source-cleared", "became-case", "merged", "follow-up-ended", "no-exposure"
]


def cleared(
    who: Person, number: int = 1, reason: Reason = "case-withdrawn", *, at: datetime = NINE
) -> ev.ContactCleared:
    return ev.ContactCleared(person_id=who.pk, contact_id=number, level=1, reason=reason, happened_at=at)


def dose(who: Person, number: int = 1, of: int = 2, *, at: datetime = NINE) -> ev.DoseGiven:
    return ev.DoseGiven(
        person_id=who.pk, vaccine="EU/1/20/1528", dose_number=number, primary_doses=of, happened_at=at
    )


def taken_back(given: ev.DoseGiven, *, at: datetime = NINE) -> ev.DoseWithdrawn:
    return ev.DoseWithdrawn(person_id=given.person_id, dose_id=1, given_id=given.id, happened_at=at)


def issued(who: Person, number: int = 1, *, at: datetime = NINE) -> ev.OrderIssued:
    day = clock.local_date(at)
    return ev.OrderIssued(
        person_id=who.pk, order_id=number, subject="F1", order_kind="home", starts_on=day,
        ends_on=day + timedelta(days=7), test_dates=(), policy_id="x", happened_at=at,
    )  # fmt: skip


def released(who: Person, number: int = 1, *, at: datetime = NINE) -> ev.PersonReleased:
    return ev.PersonReleased(person_id=who.pk, order_id=number, early=False, happened_at=at)


def passed(
    who: Person, number: int, duty: Literal["none", "test", "home", "facility"], *, gate: int | None = None,
    of: int | None = None, at: datetime = NINE,
) -> ev.ArrivalCleared:  # fmt: skip
    return ev.ArrivalCleared(
        person_id=who.pk, place_id=gate, clearance_id=number, gate="HAN", duty=duty, reasons=(), rule_id="r",
        replaces_id=of, happened_at=at,
    )  # fmt: skip


def some_of(events: Sequence[Event], picks: Sequence[int]) -> list[Event]:
    return [events[i % len(events)] for i in picks] if events else []
