"""Reactions: in bulk, once, with the cause written down."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lachan.core import actors, persons
from lachan.core.eventlog import emit
from lachan.core.events import (
    ArrivalCleared,
    Event,
    OrderChanged,
    OrderIssued,
    OrderLifted,
    PersonReleased,
    PoolPositive,
    SymptomsDeclared,
    TestCancelled,
    TestOrdered,
)
from lachan.core.models import Person
from lachan.systems.testing import handlers
from lachan.systems.testing.models import TestOrder
from lachan.systems.testing.tests.conftest import AT, Bench
from lachan.systems.testing.tests.told import told

People = Callable[[int], list[Person]]
DAY = date(2022, 1, 10)


def tell(*events: Any) -> list[Any]:
    with transaction.atomic():
        return list(emit(events, actor=actors.system(at=AT)))


def issued(person: Person, number: int, *days: int) -> OrderIssued:
    return OrderIssued(
        person_id=person.pk, order_id=number, subject="F1", order_kind="home", starts_on=DAY,
        ends_on=DAY + timedelta(7), test_dates=tuple(DAY + timedelta(d) for d in days), policy_id="p",
        happened_at=AT, ref=f"quarantine.order:{number}",
    )  # fmt: skip


def changed(person: Person, number: int, *days: int) -> OrderChanged:
    return OrderChanged(
        person_id=person.pk, order_id=number, subject="F1", order_kind="home", ends_on=DAY + timedelta(10),
        test_dates=tuple(DAY + timedelta(d) for d in days), policy_id="p", reason="exposed-again", happened_at=AT,
    )  # fmt: skip


def open_days(person: Person) -> list[int]:
    rows = TestOrder.objects.filter(person=person, cancelled_at__isnull=True, sample__isnull=True)
    return sorted((o.due_on - DAY).days for o in rows)


def test_an_order_of_isolation_orders_its_tests(people: People) -> None:
    [person] = people(1)
    [event] = tell(issued(person, 1, 1, 7))
    handlers.order_tests([event], AT)
    assert open_days(person) == [1, 7]
    assert {e.caused_by for e in told(TestOrdered)} == {event.id}
    assert {o.area_id for o in TestOrder.objects.all()} == {person.home_area_id}


def test_the_same_event_twice_changes_nothing(people: People) -> None:
    [person] = people(1)
    [event] = tell(issued(person, 1, 1, 7))
    handlers.order_tests([event, event], AT)
    handlers.order_tests([event], AT)
    assert open_days(person) == [1, 7]
    assert len(told(TestOrdered)) == 2


def test_a_restarted_clock_moves_the_open_tests_and_keeps_the_done_one(bench: Bench, people: People) -> None:
    [person] = people(1)
    handlers.order_tests(tell(issued(person, 1, 0, 3, 7)), AT)
    bench.collected([person])
    [event] = tell(changed(person, 1, 3, 9))
    handlers.replan_tests([event], AT)
    handlers.replan_tests([event], AT)
    assert open_days(person) == [3, 9]
    assert [e.caused_by for e in told(TestCancelled)] == [event.id]
    assert TestOrder.objects.filter(sample__isnull=False).count() == 1


def test_of_two_changes_in_one_batch_the_last_holds(people: People) -> None:
    [person] = people(1)
    handlers.order_tests(tell(issued(person, 1, 7)), AT)
    handlers.replan_tests(tell(changed(person, 1, 8), changed(person, 1, 9)), AT)
    assert open_days(person) == [9]


@pytest.mark.parametrize(
    ("handler", "event", "reason"),
    [
        (
            handlers.cancel_tests,
            OrderLifted(order_id=1, reason="case-withdrawn", happened_at=AT),
            "order-lifted",
        ),
        (handlers.cancel_after_release, PersonReleased(order_id=1, early=True, happened_at=AT), "released"),
    ],
)
def test_when_the_order_ends_its_open_tests_are_cancelled(
    handler: Callable[[Sequence[Any], datetime], None], event: Any, reason: str, bench: Bench, people: People
) -> None:
    one, other = people(2)
    handlers.order_tests(tell(issued(one, 1, 0, 7), issued(other, 2, 7)), AT)
    bench.collected([one])
    [ended] = tell(event)
    handler([ended], AT)
    handler([ended], AT)
    assert (open_days(one), open_days(other)) == ([], [7])
    [cancelled] = told(TestCancelled)
    assert (cancelled.reason, cancelled.caused_by) == (reason, ended.id)


def test_each_member_of_a_positive_tube_is_tested_alone(bench: Bench, people: People) -> None:
    three = people(3)
    [tube] = bench.received(three)
    bench.reported(tube.barcode, "positive")
    events = told(PoolPositive)
    handlers.confirm_members(events, AT)
    handlers.confirm_members(events, AT)
    orders = TestOrder.objects.order_by("person")
    assert [(o.person_id, o.reason) for o in orders] == [(p.pk, "confirm-pool") for p in three]
    assert [o.cause_event for o in orders] == [e.id for e in events]


def test_members_of_a_laboratory_pool_are_not_swabbed_again(bench: Bench, people: People) -> None:
    from lachan.systems.testing import commands

    tubes = bench.received(people(1), people(1))
    pool = commands.pool_tubes(
        barcode="P0000009", tubes=tubes, laboratory=bench.laboratory, actor=bench.technician, at=AT
    )
    bench.reported(pool.barcode, "positive")
    handlers.confirm_members(told(PoolPositive), AT)
    assert not TestOrder.objects.exists()


def symptoms(person: Person, *codes: str) -> SymptomsDeclared:
    return SymptomsDeclared(person_id=person.pk, symptoms=codes, happened_at=AT)


def test_symptoms_lead_to_one_test_today(people: People) -> None:
    ill, well = people(2)
    handlers.test_symptomatic(tell(symptoms(ill, "fever"), symptoms(well)), AT)
    handlers.test_symptomatic(tell(symptoms(ill, "cough")), AT)
    assert (open_days(ill), open_days(well)) == ([0], [])


def arrived(person: Person, number: int, due: int | None, *, replaces: int | None = None) -> ArrivalCleared:
    return ArrivalCleared(
        person_id=person.pk, clearance_id=number, gate="HAN", duty="none" if due is None else "test",
        reasons=("no-test",), rule_id="p", test_by=None if due is None else DAY + timedelta(due), happened_at=AT,
        replaces_id=replaces,
    )  # fmt: skip


def test_a_border_gate_asks_for_a_test_once(people: People) -> None:
    late, free = people(2)
    events = tell(arrived(late, 1, 1), arrived(free, 2, None))
    handlers.test_arrivals(events, AT)
    handlers.test_arrivals(events, AT)
    assert (open_days(late), open_days(free)) == ([1], [])
    assert {e.caused_by for e in told(TestOrdered)} == {events[0].id}


def test_a_corrected_decision_at_the_gate_cancels_the_test_it_asked_for(people: People) -> None:
    freed, moved, kept, other = people(4)
    first = [arrived(freed, 1, 1), arrived(moved, 2, 1), arrived(kept, 3, 1), arrived(other, 4, 1)]
    handlers.test_arrivals(tell(*first), AT)
    corrections = tell(
        arrived(freed, 5, None, replaces=1), arrived(moved, 6, 0, replaces=2), arrived(kept, 7, 1, replaces=3)
    )
    handlers.test_arrivals(corrections, AT)
    handlers.test_arrivals(corrections, AT)
    assert [open_days(person) for person in (freed, moved, kept, other)] == [[], [0], [1], [1]]
    handlers.test_arrivals(tell(arrived(kept, 8, None, replaces=7)), AT)
    assert open_days(kept) == []  # the decision before the last had asked for it
    assert {o.cancel_reason for o in TestOrder.objects.exclude(cancelled_at=None)} == {"decision-corrected"}


def test_a_decision_that_is_corrected_before_anybody_heard_of_it_asks_for_nothing(people: People) -> None:
    [person] = people(1)
    handlers.test_arrivals(tell(arrived(person, 1, 1), arrived(person, 2, None, replaces=1)), AT)
    assert open_days(person) == []


def test_who_was_swabbed_today_is_not_swabbed_for_symptoms(bench: Bench, people: People) -> None:
    [person] = people(1)
    bench.collected([person])
    handlers.test_symptomatic(tell(symptoms(person, "fever")), AT)
    assert open_days(person) == []


def test_symptoms_of_a_merged_record_do_not_test_the_person_twice(people: People) -> None:
    kept, merged = people(2)
    persons.merge(kept=kept, merged=merged, reason="one person", actor=actors.system(at=AT), at=AT)
    handlers.test_symptomatic(tell(symptoms(kept, "fever")), AT)
    handlers.test_symptomatic(tell(symptoms(merged, "cough")), AT)
    assert (open_days(kept), open_days(merged)) == ([0], [])


def test_orders_after_a_merge_are_about_the_kept_record(people: People) -> None:
    kept, merged = people(2)
    [event] = tell(issued(merged, 1, 7))
    persons.merge(kept=kept, merged=merged, reason="one person", actor=actors.system(at=AT), at=AT)
    handlers.order_tests([event], AT)
    assert (open_days(kept), open_days(merged)) == ([7], [])


Build = Callable[[Person, int], Event]


@pytest.mark.parametrize(
    ("handler", "build"),
    [
        (handlers.order_tests, lambda p, n: issued(p, n, 1, 7)),
        (handlers.replan_tests, lambda p, n: changed(p, n, 2, 8)),
        (handlers.test_symptomatic, lambda p, _n: symptoms(p, "fever")),
    ],
)
def test_a_batch_of_hundreds_takes_as_many_statements_as_one_of_two(
    handler: Callable[[Sequence[Any], datetime], None], build: Build, people: People
) -> None:
    def statements(n: int, first: int) -> int:
        batch = people(n)
        if handler is handlers.replan_tests:
            handlers.order_tests(tell(*(issued(p, first + i, 7) for i, p in enumerate(batch))), AT)
        events = tell(*(build(p, first + i) for i, p in enumerate(batch)))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            handler(events, AT)
        return len(captured)

    assert statements(2, 1) == statements(300, 1000)
