"""Transfer lists: nobody on two, handed over once, received once with every absence explained."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from lachan.core.models import Actor, EventRow
from lachan.systems.arrivals.commands import transfers
from lachan.systems.arrivals.commands.transfers import (
    CannotTransfer,
    hand_over,
    make_transfer_list,
    receive,
)
from lachan.systems.arrivals.models import Clearance, TransferList
from lachan.systems.arrivals.tests.rows import NOON, gate
from lachan.systems.arrivals.tests.vessels import cleared, declared, flight, province, site, system
from tests.rows import nobody_listening, residents

LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def deaf_loop() -> Iterator[None]:
    with nobody_listening():
        yield


def decisions(n: int, duty: str = "facility") -> list[Clearance]:
    vessel = flight()
    people = residents(n, area=province(), at=NOON)
    return [cleared(declared(p, vessel, f"C{i}"), duty) for i, p in enumerate(people)]


def listed(n: int = 3) -> TransferList:
    return make_transfer_list(gate=gate(), site=site(), clearances=decisions(n), actor=system(), at=NOON)


def under_way(n: int = 3) -> TransferList:
    return hand_over(transfer=listed(n), actor=system(), at=NOON)


@pytest.mark.django_db
def test_a_list_goes_from_the_gate_to_the_site_and_tells_of_it() -> None:
    transfer = under_way()
    gone = transfer.lines.order_by("pk")[0]
    receive(
        transfer=transfer,
        absent={gone.pk: "to-hospital"},
        actor=system(),
        at=LATER,
        note="Gọi 115 trên đường",
    )
    assert (transfer.came, transfer.received_at) == (2, LATER)
    lines = transfer.lines.order_by("pk").values_list("came", "absence")
    assert list(lines) == [(False, "to-hospital"), (True, ""), (True, "")]
    told = EventRow.objects.filter(kind__startswith="Transfer").order_by("recorded_at", "pk")
    assert [(e.kind, e.facts["listed"]) for e in told] == [
        ("TransferListed", 3), ("TransferHandedOver", 3), ("TransferReceived", 3)
    ]  # fmt: skip


@pytest.mark.django_db
def test_only_those_whose_duty_is_a_site_are_listed_and_once() -> None:
    found = decisions(2)
    make_transfer_list(gate=gate(), site=site(), clearances=found[:1], actor=system(), at=NOON)
    for clearances, code in (
        ([], "nobody-listed"),
        (found, "listed-already"),
        (decisions(1, "home"), "not-to-a-site"),
    ):
        with pytest.raises(CannotTransfer) as refused:
            make_transfer_list(gate=gate(), site=site(), clearances=clearances, actor=system(), at=NOON)
        assert refused.value.code == code
    place = gate().place
    assert place is not None
    with pytest.raises(CannotTransfer) as refused:
        make_transfer_list(gate=gate(), site=place, clearances=found[1:], actor=system(), at=NOON)
    assert refused.value.code == "no-quarantine-site"


@pytest.mark.django_db
def test_a_decision_that_was_corrected_is_listed_no_more() -> None:
    [before] = decisions(1)
    cleared(before.declaration, "none", replaces=before)
    with pytest.raises(CannotTransfer) as refused:
        make_transfer_list(gate=gate(), site=site(), clearances=[before], actor=system(), at=NOON)
    assert refused.value.code == "not-to-a-site"


@pytest.mark.django_db
def test_what_cannot_be_is_refused_in_words() -> None:
    transfer = listed()
    other = listed().lines.all()[0]
    line = transfer.lines.all()[0]
    with pytest.raises(CannotTransfer) as refused:
        receive(transfer=transfer, absent={}, actor=system(), at=LATER)
    assert refused.value.code == "not-left-yet"
    hand_over(transfer=transfer, actor=system(), at=NOON)
    for absent, code in (
        ({other.pk: "to-hospital"}, "not-on-this-list"),
        ({line.pk: ""}, "absence-unexplained"),
    ):
        with pytest.raises(CannotTransfer) as refused:
            receive(transfer=transfer, absent=absent, actor=system(), at=LATER)
        assert refused.value.code == code
    with pytest.raises(CannotTransfer) as refused:
        hand_over(transfer=transfer, actor=system(), at=LATER)
    assert refused.value.code == "left-already"


def try_to_receive(transfer: TransferList, actor: Actor, start: Barrier) -> str:
    try:
        start.wait(10)
        receive(transfer=transfer, absent={}, actor=actor, at=LATER)
        return "received"
    except CannotTransfer as refusal:
        return refusal.code
    finally:
        connection.close()


def race() -> list[str]:
    transfer, actor, start = under_way(1), system(), Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(try_to_receive, transfer, actor, start) for _desk in range(2)]
        return sorted(answer.result(timeout=30) for answer in answers)


@pytest.mark.django_db(transaction=True)
def test_the_race_is_real_without_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    both = Barrier(2)

    def looked_before_writing(transfer: TransferList, came: int, note: str, actor: Actor, at: object) -> None:
        assert TransferList.objects.get(pk=transfer.pk).received_at is None
        both.wait(10)
        TransferList.objects.filter(pk=transfer.pk).update(
            received_at=at, received_by=actor, came=came, note=note
        )

    monkeypatch.setattr(transfers, "_claim", looked_before_writing)
    assert race() == ["received", "received"]
    assert EventRow.objects.filter(kind="TransferReceived").count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_transfer_is_received_once() -> None:
    for _time in range(3):
        assert race() == ["received", "received-already"]
    assert EventRow.objects.filter(kind="TransferReceived").count() == 3
