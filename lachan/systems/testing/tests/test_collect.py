"""Whose swab is in which tube, and which order it answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lachan.core import persons
from lachan.core.events import SampleCollected, TestCancelled
from lachan.core.models import Person
from lachan.systems.testing import commands
from lachan.systems.testing.commands import CannotCancel, CannotCollect, CannotOrder, Collection, TestRequest
from lachan.systems.testing.models import TestOrder, Tube
from lachan.systems.testing.tests.conftest import AT, Bench
from lachan.systems.testing.tests.told import told

People = Callable[[int], list[Person]]


def ordered(bench: Bench, person: Person, *due: int) -> list[TestOrder]:
    requests = [
        TestRequest(person_id=person.pk, assay="pcr", reason="indicated", due_on=AT.date() + timedelta(d))
        for d in due
    ]
    made = commands.order_tests(requests=requests, actor=bench.nurse, at=AT)
    return list(TestOrder.objects.filter(pk__in=made).order_by("pk"))


def test_a_tube_holds_as_many_people_as_share_it(bench: Bench, people: People) -> None:
    one, five = bench.collected(people(1)), bench.collected(people(5))
    assert (one.pooled, five.pooled, five.members.count()) == (False, True, 5)
    assert sorted(e.pooled for e in told(SampleCollected)) == [False] + [True] * 5


def test_the_sample_answers_what_was_due_and_makes_the_missed_one_needless(
    bench: Bench, people: People
) -> None:
    [person] = people(1)
    missed, due, later = ordered(bench, person, -6, 0, 7)
    tube = bench.collected([person])
    [member] = tube.members.all()
    assert member.order_id == due.pk
    [cancelled] = told(TestCancelled)
    assert (cancelled.order_id, cancelled.reason, cancelled.caused_by) == (
        missed.pk,
        "superseded",
        member.event_id,
    )
    later.refresh_from_db()
    assert later.cancelled_at is None


def test_an_antigen_test_answers_no_pcr_order(bench: Bench, people: People) -> None:
    [person] = people(1)
    ordered(bench, person, 0)
    assert bench.collected([person], assay="antigen").members.get().order_id is None


def test_a_test_before_its_day_answers_the_order_when_the_nurse_says_so(bench: Bench, people: People) -> None:
    [person] = people(1)
    [order] = ordered(bench, person, 3)
    tube = commands.collect(
        barcode="EARLY-1",
        persons=[person],
        place=bench.station,
        assay="pcr",
        actor=bench.nurse,
        at=AT,
        orders=[order],
    )
    assert tube.members.get().order_id == order.pk


def test_the_sample_of_a_merged_record_answers_the_order_of_either(bench: Bench, people: People) -> None:
    kept, merged = people(2)
    [order] = ordered(bench, merged, 0)
    persons.merge(kept=kept, merged=merged, reason="one person", actor=bench.nurse, at=AT)
    member = bench.collected([merged]).members.get()
    assert (member.person_id, member.order_id) == (kept.pk, order.pk)


def refused(bench: Bench, **more: Any) -> str:
    given: dict[str, Any] = {"barcode": bench.barcode(), "place": bench.station, "assay": "pcr"}
    with pytest.raises(CannotCollect) as caught:
        commands.collect_many(collections=[Collection(**given | more)], actor=bench.nurse, at=AT)
    assert not Tube.objects.filter(barcode=given["barcode"]).exists()
    return caught.value.code


def test_a_tube_is_refused_for_a_reason(bench: Bench, people: People) -> None:
    one, other, stranger = people(3)
    [order] = ordered(bench, stranger, 0)
    known = bench.collected([other])
    assert refused(bench, persons=[]) == "nobody"
    assert refused(bench, persons=[one, one]) == "person-twice"
    assert refused(bench, persons=[one], barcode="?") == "barcode-unreadable"
    assert refused(bench, persons=people(11)) == "too-many"
    assert refused(bench, persons=[one], orders=[order]) == "order-not-open"
    assert refused(bench, persons=[one], collected_at=AT + timedelta(1)) == "collected-later"
    assert refused(bench, persons=[one], collected_at=AT - timedelta(32)) == "collected-long-ago"
    assert refused(bench, persons=[one], barcode=known.barcode.lower()) == "tube-registered"
    assert refused(bench, persons=[Person(pk=10**9)]) == "person-unknown"


def test_two_records_of_one_person_cannot_share_a_tube(bench: Bench, people: People) -> None:
    kept, merged = people(2)
    persons.merge(kept=kept, merged=merged, reason="one person", actor=bench.nurse, at=AT)
    assert refused(bench, persons=[kept, merged]) == "person-twice"


def test_of_many_tubes_all_are_registered_or_none(bench: Bench, people: People) -> None:
    many = [
        Collection(barcode=b, persons=[p], place=bench.station, assay="pcr")
        for b, p in zip(["A-1000", "A-1001", "A-1000"], people(3), strict=True)
    ]
    with pytest.raises(CannotCollect) as caught:
        commands.collect_many(collections=many, actor=bench.nurse, at=AT)
    assert caught.value.code == "tube-registered"
    assert not Tube.objects.exists()
    assert len(commands.collect_many(collections=many[:2], actor=bench.nurse, at=AT)) == 2


def test_an_order_is_answered_by_one_of_two_samples_in_a_list(bench: Bench, people: People) -> None:
    [person] = people(1)
    ordered(bench, person, 0)
    many = [
        Collection(barcode=f"B-100{n}", persons=[person], place=bench.station, assay="pcr") for n in (1, 2)
    ]
    tubes = commands.collect_many(collections=many, actor=bench.nurse, at=AT)
    assert [t.members.get().order_id is None for t in tubes] == [False, True]


def test_a_sample_taken_offline_answers_what_was_due_then(bench: Bench, people: People) -> None:
    [person] = people(1)
    due, _today = ordered(bench, person, -1, 0)
    taken = Collection(
        barcode="OFF-0001", persons=[person], place=bench.station, assay="pcr", collected_at=AT - timedelta(1)
    )
    [tube] = commands.collect_many(collections=[taken], actor=bench.nurse, at=AT)
    assert (tube.members.get().order_id, tube.recorded_at) == (due.pk, AT)
    [event] = told(SampleCollected)
    assert event.happened_at == AT - timedelta(1)


def test_a_collected_order_cannot_be_cancelled_by_hand(bench: Bench, people: People) -> None:
    [person] = people(1)
    [order] = ordered(bench, person, 0)
    bench.collected([person])
    with pytest.raises(CannotCancel):
        commands.cancel_tests(orders=[order.pk], reason="by-hand", actor=bench.nurse, at=AT, strict=True)


def test_nobody_orders_for_an_unknown_person(bench: Bench) -> None:
    with pytest.raises(CannotOrder):
        commands.order_tests(
            requests=[TestRequest(person_id=10**9, assay="pcr", reason="indicated", due_on=AT.date())],
            actor=bench.nurse, at=AT,
        )  # fmt: skip
