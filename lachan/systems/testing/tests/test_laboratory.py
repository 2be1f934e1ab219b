"""Sending, receiving, turning down, pooling, entering."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lachan.core.errors import Refusal
from lachan.core.events import SampleRejected, SamplesReceived, SamplesSent, TestOrdered
from lachan.core.models import Person, Place, PlaceKind
from lachan.systems.testing import commands
from lachan.systems.testing.commands import ResultEntry
from lachan.systems.testing.models import Result, TestOrder, Tube
from lachan.systems.testing.tests.conftest import AT, Bench
from lachan.systems.testing.tests.told import told

People = Callable[[int], list[Person]]


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


def sent(bench: Bench, *tubes: Tube, **more: Any) -> Any:
    given: dict[str, Any] = {
        "tubes": list(tubes),
        "laboratory": bench.laboratory,
        "from_place": bench.station,
    }
    return commands.send_batch(**given | {"actor": bench.nurse, "at": AT} | more)


def test_a_box_is_sent_and_received_once(bench: Bench, people: People) -> None:
    tubes = [bench.collected(people(1)) for _ in range(3)]
    batch = sent(bench, *tubes)
    assert [(e.batch_id, e.tubes) for e in told(SamplesSent)] == [(batch.pk, 3)]
    commands.receive_batch(batch=batch, rejections={}, actor=bench.technician, at=AT)
    again = lambda: commands.receive_batch(batch=batch, rejections={}, actor=bench.technician, at=AT)  # noqa: E731
    assert code_of(again) == "batch-received"
    assert len(told(SamplesReceived)) == 1


def test_what_cannot_be_sent_is_refused(bench: Bench, people: People) -> None:
    tube, antigen = bench.collected(people(1)), bench.collected(people(1), assay="antigen")
    elsewhere = Place.objects.create(
        code="9" * 17, kind=PlaceKind.HEALTH_STATION, name="Trạm khác", area=bench.station.area, opened_at=AT
    )
    assert code_of(lambda: sent(bench)) == "nothing-to-send"
    assert code_of(lambda: sent(bench, tube, laboratory=bench.station)) == "not-a-laboratory"
    assert code_of(lambda: sent(bench, tube, from_place=elsewhere)) == "tube-elsewhere"
    assert code_of(lambda: sent(bench, antigen)) == "not-for-a-laboratory"
    commands.reject_tubes(tubes=[tube], reason="mislabelled", actor=bench.nurse, at=AT)
    assert code_of(lambda: sent(bench, tube)) == "tube-rejected"


def test_a_leaking_tube_is_turned_down_and_its_people_are_asked_again(bench: Bench, people: People) -> None:
    two = people(2)
    good, leaking = bench.collected(people(1)), bench.collected(two)
    batch = sent(bench, good, leaking)
    commands.receive_batch(
        batch=batch, rejections={leaking.barcode: "leaking"}, actor=bench.technician, at=AT
    )
    rejected = told(SampleRejected)
    assert [(e.about, e.reason) for e in rejected] == [(p.pk, "leaking") for p in two]
    assert [(e.reason, e.caused_by) for e in told(TestOrdered)] == [("repeat", e.id) for e in rejected]
    assert code_of(lambda: bench.reported(leaking.barcode, "negative")) == "tube-rejected"


def test_the_repeated_test_still_belongs_to_the_order_of_isolation(bench: Bench, people: People) -> None:
    [person] = people(1)
    request = commands.TestRequest(
        person_id=person.pk, assay="pcr", reason="contact-day", due_on=AT.date(), quarantine_order=7
    )
    commands.order_tests(requests=[request], actor=bench.nurse, at=AT)
    commands.reject_tubes(tubes=[bench.collected([person])], reason="leaking", actor=bench.nurse, at=AT)
    assert TestOrder.objects.get(reason="repeat").quarantine_order == 7


def test_reception_is_refused_for_a_reason(bench: Bench, people: People) -> None:
    tube, other = bench.collected(people(1)), bench.collected(people(1))
    batch = sent(bench, tube)

    def receive(rejections: dict[str, str]) -> str:
        return code_of(
            lambda: commands.receive_batch(batch=batch, rejections=rejections, actor=bench.technician, at=AT)
        )

    assert receive({other.barcode: "leaking"}) == "tube-not-in-batch"
    assert receive({tube.barcode: "ugly"}) == "reason-unknown"
    batch.refresh_from_db()
    assert batch.received_at is None


def test_a_pool_is_refused_for_a_reason(bench: Bench, people: People) -> None:
    tubes = bench.received(*(people(1) for _ in range(11)))
    away = bench.collected(people(1))

    def pool(*chosen: Tube, barcode: str = "P-0001") -> Any:
        return commands.pool_tubes(
            barcode=barcode, tubes=chosen, laboratory=bench.laboratory, actor=bench.technician, at=AT
        )

    assert code_of(lambda: pool(tubes[0])) == "too-few"
    assert code_of(lambda: pool(*tubes)) == "too-many"
    assert code_of(lambda: pool(*tubes[:2], barcode=tubes[5].barcode)) == "barcode-unreadable"
    assert code_of(lambda: pool(tubes[0], away)) == "tube-not-here"
    bench.reported(tubes[10].barcode, "negative")
    assert code_of(lambda: pool(tubes[0], tubes[10])) == "tube-has-result"
    pool(*tubes[:3])
    assert code_of(lambda: pool(*tubes[2:4], barcode="P-0002")) == "tube-pooled"


def test_results_are_taken_or_refused_line_by_line(bench: Bench, people: People) -> None:
    good, pooled, partner = bench.received(people(1), people(1), people(1))
    away, done = bench.collected(people(1)), bench.received(people(1))[0]
    bench.reported(done.barcode, "negative")
    commands.pool_tubes(
        barcode="P-0003", tubes=[pooled, partner], laboratory=bench.laboratory, actor=bench.technician, at=AT
    )
    lines = [
        ResultEntry(barcode=good.barcode.lower(), outcome="negative"),
        ResultEntry(barcode=good.barcode, outcome="positive"),
        ResultEntry(barcode="NONE-0001", outcome="negative"),
        ResultEntry(barcode="?", outcome="negative"),
        ResultEntry(barcode=away.barcode, outcome="negative"),
        ResultEntry(barcode=pooled.barcode, outcome="negative"),
        ResultEntry(barcode=done.barcode, outcome="negative"),
        ResultEntry(barcode="P-0003", outcome="maybe"),
        ResultEntry(barcode="P-0003", outcome="negative", ct={"Q": 1.0}),
        ResultEntry(barcode="P-0003", outcome="negative", assay="antigen"),
    ]
    intake = commands.take_results(entries=lines, actor=bench.technician, at=AT, places=[bench.laboratory.pk])
    assert len(intake.taken) + len(intake.refused) == len(lines)
    assert [(r.row, r.code) for r in intake.refused] == [
        (1, "barcode-twice"), (2, "barcode-unknown"), (3, "barcode-unknown"), (4, "tube-not-received"),
        (5, "tube-in-pool"), (6, "result-exists"), (7, "outcome-unknown"), (8, "ct-gene"), (9, "assay-other"),
    ]  # fmt: skip


def test_a_list_is_entered_whole_or_not_at_all(bench: Bench, people: People) -> None:
    [tube] = bench.received(people(1))
    lines = [ResultEntry(barcode=b, outcome="negative") for b in (tube.barcode, "NONE-0001")]
    assert (
        code_of(lambda: commands.enter_results(entries=lines, actor=bench.technician, at=AT))
        == "barcode-unknown"
    )
    assert not Result.objects.exists()


def test_a_laboratory_enters_its_own_tubes_only(bench: Bench, people: People) -> None:
    [tube] = bench.received(people(1))
    intake = commands.take_results(
        entries=[ResultEntry(barcode=tube.barcode, outcome="negative")],
        actor=bench.technician, at=AT, places=[bench.station.pk],
    )  # fmt: skip
    assert [r.code for r in intake.refused] == ["tube-elsewhere"]


def test_an_amendment_is_refused_for_a_reason(bench: Bench, people: People) -> None:
    [tube] = bench.received(people(1))
    result = bench.reported(tube.barcode, "positive", ct={"N": 20.0})

    def amend(outcome: str = "negative", reason: str = "typo", **ct: float) -> Any:
        return commands.amend_result(
            result=result, outcome=outcome, ct=ct, reason=reason, actor=bench.technician, at=AT
        )

    assert code_of(lambda: amend(reason=" ")) == "reason-missing"
    assert code_of(lambda: amend(outcome="maybe")) == "outcome-unknown"
    assert code_of(lambda: amend(N=99.0)) == "ct-range"
    assert code_of(lambda: amend("positive", N=20.0)) == "nothing-changed"
    amendment = amend("positive", N=31.0)
    assert code_of(amend) == "amendment-waiting"
    assert code_of(
        lambda: commands.amend_result(
            result=amendment, outcome="negative", ct={}, reason="x", actor=bench.technician, at=AT
        )
    ) == "not-in-force"  # fmt: skip
    assert (
        code_of(lambda: commands.verify_results(results=[amendment], actor=bench.technician, at=AT))
        == "own-entry"
    )
    commands.verify_results(results=[amendment], actor=bench.verifier, at=AT + timedelta(hours=1))
    assert code_of(amend) == "not-in-force"


def test_a_verified_result_cannot_be_sent_back(bench: Bench, people: People) -> None:
    [tube] = bench.received(people(1))
    result = bench.reported(tube.barcode, "positive")

    def send_back(reason: str) -> Any:
        return commands.return_results(results=[result], reason=reason, actor=bench.verifier, at=AT)

    assert code_of(lambda: send_back("")) == "reason-missing"
    assert code_of(lambda: send_back("typo")) == "not-waiting"
