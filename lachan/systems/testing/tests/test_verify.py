"""From the swab to what a person is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lachan.core.events import (
    PoolPositive,
    ResultAmended,
    ResultReported,
    SampleCollected,
    TestCancelled,
    TestOrdered,
)
from lachan.core.models import Person
from lachan.systems.testing import commands
from lachan.systems.testing.commands import CannotVerify, ResultEntry, TestRequest
from lachan.systems.testing.models import Result, TestOrder
from lachan.systems.testing.tests.conftest import AT, Bench
from lachan.systems.testing.tests.told import told

People = Callable[[int], list[Person]]


def entry(barcode: str, outcome: str, **more: Any) -> ResultEntry:
    return ResultEntry(barcode=barcode, outcome=outcome, **more)


def test_a_verified_result_leads_back_to_swab_and_order(bench: Bench, people: People) -> None:
    [person] = people(1)
    [order] = commands.order_tests(
        requests=[TestRequest(person_id=person.pk, assay="pcr", reason="indicated", due_on=AT.date())],
        actor=bench.nurse, at=AT,
    )  # fmt: skip
    [tube] = bench.received([person])
    bench.reported(tube.barcode, "positive", ct={"N": 21.4, "E": 23.0})
    [ordered], [collected], [reported] = told(TestOrdered), told(SampleCollected), told(ResultReported)
    assert (reported.caused_by, collected.caused_by, ordered.order_id) == (collected.id, ordered.id, order)
    assert (reported.outcome, reported.ct, reported.person_id) == ("positive", 21.4, person.pk)
    assert reported.collected_at == tube.collected_at


def test_nobody_is_told_before_a_second_person_verified(bench: Bench, people: People) -> None:
    [tube] = bench.received(people(1))
    [result] = commands.enter_results(
        entries=[entry(tube.barcode, "positive")], actor=bench.technician, at=AT
    )
    assert told(ResultReported) == []
    with pytest.raises(CannotVerify) as refused:
        commands.verify_results(results=[result], actor=bench.technician, at=AT)
    assert refused.value.code == "own-entry"
    assert told(ResultReported) == []
    commands.verify_results(results=[result], actor=bench.verifier, at=AT)
    assert len(told(ResultReported)) == 1


def test_a_result_is_verified_once(bench: Bench, people: People) -> None:
    [tube] = bench.received(people(1))
    result = bench.reported(tube.barcode, "negative")
    with pytest.raises(CannotVerify) as refused:
        commands.verify_results(results=[result], actor=bench.nurse, at=AT)
    assert refused.value.code == "not-waiting"
    assert len(told(ResultReported)) == 1


def test_one_refused_result_leaves_the_others_unverified(bench: Bench, people: People) -> None:
    tubes = bench.received(people(1), people(1))
    mine = commands.enter_results(entries=[entry(tubes[0].barcode, "negative")], actor=bench.verifier, at=AT)
    theirs = commands.enter_results(
        entries=[entry(tubes[1].barcode, "negative")], actor=bench.technician, at=AT
    )
    with pytest.raises(CannotVerify):
        commands.verify_results(results=mine + theirs, actor=bench.verifier, at=AT)
    assert not Result.objects.filter(verified_at__isnull=False).exists()


def test_a_negative_tube_of_three_clears_all_three(bench: Bench, people: People) -> None:
    three = people(3)
    [tube] = bench.received(three)
    bench.reported(tube.barcode, "negative")
    assert sorted((e.about, e.outcome) for e in told(ResultReported)) == [(p.pk, "negative") for p in three]


def test_a_positive_tube_of_three_is_nobodys_result(bench: Bench, people: People) -> None:
    three = people(3)
    [tube] = bench.received(three)
    bench.reported(tube.barcode, "positive", ct={"N": 30.5})
    assert told(ResultReported) == []
    assert [e.about for e in told(PoolPositive)] == [p.pk for p in three]


def test_a_negative_laboratory_pool_clears_the_people_of_all_its_tubes(bench: Bench, people: People) -> None:
    tubes = bench.received(people(1), people(1), people(2))
    pool = commands.pool_tubes(
        barcode="P0000001", tubes=tubes, laboratory=bench.laboratory, actor=bench.technician, at=AT
    )
    bench.reported(pool.barcode, "negative")
    assert len(told(ResultReported)) == 4


def test_the_tubes_of_a_positive_laboratory_pool_are_tested_alone(bench: Bench, people: People) -> None:
    ill, well = people(1), people(1)
    tubes = bench.received(ill, well)
    pool = commands.pool_tubes(
        barcode="P0000002", tubes=tubes, laboratory=bench.laboratory, actor=bench.technician, at=AT
    )
    bench.reported(pool.barcode, "positive")
    assert (len(told(PoolPositive)), told(ResultReported)) == (2, [])
    bench.reported(tubes[0].barcode, "positive")
    bench.reported(tubes[1].barcode, "negative")
    assert [(e.about, e.outcome) for e in told(ResultReported)] == [
        (ill[0].pk, "positive"),
        (well[0].pk, "negative"),
    ]


def test_an_amendment_replaces_only_when_a_second_person_verified_it(bench: Bench, people: People) -> None:
    [tube] = bench.received(people(1))
    wrong = bench.reported(tube.barcode, "positive")
    later = AT + timedelta(hours=3)
    amendment = commands.amend_result(
        result=wrong, outcome="negative", ct={}, reason="Tubes were swapped", actor=bench.technician, at=later
    )
    assert told(ResultAmended) == []
    commands.verify_results(results=[amendment], actor=bench.verifier, at=later)
    [first], [amended] = told(ResultReported), told(ResultAmended)
    assert (amended.outcome, amended.previous_outcome, amended.caused_by) == (
        "negative",
        "positive",
        first.id,
    )
    wrong.refresh_from_db()
    assert (wrong.outcome, wrong.closed_as) == ("positive", "replaced")


def test_a_negative_pool_amended_to_positive_takes_the_negatives_back(bench: Bench, people: People) -> None:
    two = people(2)
    [tube] = bench.received(two)
    wrong = bench.reported(tube.barcode, "negative")
    amendment = commands.amend_result(
        result=wrong, outcome="positive", ct={}, reason="Read in the wrong row", actor=bench.technician, at=AT
    )
    commands.verify_results(results=[amendment], actor=bench.verifier, at=AT)
    assert [(e.outcome, e.previous_outcome) for e in told(ResultAmended)] == [
        ("indeterminate", "negative")
    ] * 2
    assert [e.about for e in told(PoolPositive)] == [p.pk for p in two]


def test_a_positive_pool_amended_to_negative_cancels_the_single_tests(bench: Bench, people: People) -> None:
    from lachan.systems.testing import handlers

    two = people(2)
    [tube] = bench.received(two)
    wrong = bench.reported(tube.barcode, "positive")
    handlers.confirm_members(told(PoolPositive), AT)
    assert TestOrder.objects.filter(cancelled_at__isnull=True).count() == 2
    amendment = commands.amend_result(
        result=wrong, outcome="negative", ct={}, reason="Control was mixed up", actor=bench.technician, at=AT
    )
    commands.verify_results(results=[amendment], actor=bench.verifier, at=AT)
    assert [e.outcome for e in told(ResultReported)] == ["negative", "negative"]
    assert len(told(TestCancelled)) == 2
    assert not TestOrder.objects.filter(cancelled_at__isnull=True).exists()


def test_an_invalid_result_asks_for_another_swab(bench: Bench, people: People) -> None:
    [person] = people(1)
    [tube] = bench.received([person])
    bench.reported(tube.barcode, "invalid")
    [reported], [ordered] = told(ResultReported), told(TestOrdered)
    assert (reported.outcome, ordered.reason, ordered.caused_by) == ("invalid", "repeat", reported.id)


def test_an_indeterminate_tube_is_run_again(bench: Bench, people: People) -> None:
    [tube] = bench.received(people(1))
    first = bench.reported(tube.barcode, "indeterminate")
    bench.reported(tube.barcode, "negative")
    first.refresh_from_db()
    assert first.closed_as == "repeated"
    assert [e.outcome for e in told(ResultReported)] == ["indeterminate", "negative"]


def test_a_positive_antigen_test_is_confirmed_by_pcr_where_the_policy_asks(
    bench: Bench, people: People
) -> None:
    before = AT - timedelta(days=60)
    tubes = [
        bench.collected(people(1), assay="antigen", at=before),
        bench.collected(people(1), assay="antigen"),
    ]
    bench.reported(tubes[0].barcode, "positive", at=before)
    [ordered] = told(TestOrdered)
    assert (ordered.reason, ordered.assay) == ("confirm-antigen", "pcr")
    bench.reported(tubes[1].barcode, "positive")
    assert len(told(TestOrdered)) == 1


def test_a_returned_result_says_nothing_and_may_be_entered_again(bench: Bench, people: People) -> None:
    [tube] = bench.received(people(1))
    [typo] = commands.enter_results(entries=[entry(tube.barcode, "positive")], actor=bench.technician, at=AT)
    commands.return_results(results=[typo], reason="Row 3 reads negative", actor=bench.verifier, at=AT)
    with pytest.raises(CannotVerify):
        commands.verify_results(results=[typo], actor=bench.verifier, at=AT)
    bench.reported(tube.barcode, "negative")
    assert [e.outcome for e in told(ResultReported)] == ["negative"]
