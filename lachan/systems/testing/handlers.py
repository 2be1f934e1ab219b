"""What testing does when it hears of orders of isolation, positive pools and symptoms."""

from collections.abc import Sequence
from datetime import datetime

from lachan.core import actors, clock
from lachan.core.events import (
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
