"""What testing does when it hears of orders of isolation, positive pools and symptoms."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lachan.core import actors, clock, eventlog
from lachan.core.events import (
    ArrivalCleared,
    OrderChanged,
    OrderIssued,
    OrderLifted,
    PersonReleased,
    PoolPositive,
    SymptomsDeclared,
)
from lachan.systems.testing import commands, queries
from lachan.systems.testing.commands import Plan, TestRequest
from lachan.systems.testing.models import OrderReason


def order_tests(events: Sequence[OrderIssued], at: datetime) -> None:
    """A test on each test day of the order."""
    requests = [
        TestRequest(
            person_id=e.about,
            assay="pcr",
            reason=OrderReason.CONTACT_DAY,
            due_on=day,
            cause=e.id,
            quarantine_order=e.order_id,
        )
        for e in events
        for day in e.test_dates
    ]
    commands.order_tests(requests=requests, actor=actors.system(at=at), at=at)


def test_arrivals(events: Sequence[ArrivalCleared], at: datetime) -> None:
    """The test that an officer at a border gate asked for, unless one is due or under way; a correction of the
    decision cancels what it asked for."""
    corrected = _corrected(events)
    commands.cancel_of_arrivals(corrected=corrected, actor=actors.system(at=at), at=at)
    asked = {e.about: e for e in events if e.test_by and e.id not in corrected}
    waiting = queries.tested_or_due(asked, day=clock.local_date(at))
    requests = [
        TestRequest(person_id=person, assay="pcr", reason=OrderReason.INDICATED, due_on=e.test_by, cause=e.id)
        for person, e in asked.items()
        if e.test_by and person not in waiting
    ]
    commands.order_tests(requests=requests, actor=actors.system(at=at), at=at)


test_arrivals.__test__ = False  # type: ignore[attr-defined]


def _corrected(events: Sequence[ArrivalCleared]) -> dict[UUID, UUID]:
    """By decision that another one took the place of, however many lie between: the event of the last."""
    last = [e for e in events if e.replaces_id is not None]
    if not last:
        return {}
    earlier = eventlog.of_persons({e.about for e in last}, [ArrivalCleared])
    found: dict[UUID, UUID] = {}
    for event in last:
        decisions: dict[int | None, ArrivalCleared] = {
            each.clearance_id: each for each in earlier.get(event.about, [])
        }
        before = decisions.get(event.replaces_id)
        while before is not None:
            found[before.id] = event.id
            before = decisions.get(before.replaces_id)
    return found


def replan_tests(events: Sequence[OrderChanged], at: datetime) -> None:
    """The open tests move to the days that hold from now on."""
    plans = [
        Plan(quarantine_order=e.order_id, person_id=e.about, days=e.test_dates, cause=e.id) for e in events
    ]
    commands.replan_tests(plans=plans, actor=actors.system(at=at), at=at)


def cancel_tests(events: Sequence[OrderLifted], at: datetime) -> None:
    """Nobody is tested for an order that no longer holds."""
    ended = {e.order_id: e.id for e in events}
    commands.cancel_of_quarantine(ended=ended, reason="order-lifted", actor=actors.system(at=at), at=at)


def cancel_after_release(events: Sequence[PersonReleased], at: datetime) -> None:
    """A released person needs no further test of that order."""
    ended = {e.order_id: e.id for e in events}
    commands.cancel_of_quarantine(ended=ended, reason="released", actor=actors.system(at=at), at=at)


def confirm_members(events: Sequence[PoolPositive], at: datetime) -> None:
    """Another swab from each person of a tube pooled at collection; tubes of a laboratory pool are stored and are
    tested there."""
    swabs = queries.pooled_at_collection({e.result_id for e in events})
    requests = [
        TestRequest(
            person_id=e.about,
            assay="pcr",
            reason=OrderReason.CONFIRM_POOL,
            due_on=clock.local_date(at),
            cause=e.id,
            area_id=swabs[e.result_id],
        )
        for e in events
        if e.result_id in swabs
    ]
    commands.order_tests(requests=requests, actor=actors.system(at=at), at=at)


def test_symptomatic(events: Sequence[SymptomsDeclared], at: datetime) -> None:
    """A test today for who declares symptoms, unless one is due or a sample of today is under way."""
    day = clock.local_date(at)
    ill = {e.about: e for e in events if e.symptoms}
    waiting = queries.tested_or_due(ill, day=day)
    requests = [
        TestRequest(person_id=person, assay="pcr", reason=OrderReason.SYMPTOMS, due_on=day, cause=e.id)
        for person, e in ill.items()
        if person not in waiting
    ]
    commands.order_tests(requests=requests, actor=actors.system(at=at), at=at)


test_symptomatic.__test__ = False  # type: ignore[attr-defined]
