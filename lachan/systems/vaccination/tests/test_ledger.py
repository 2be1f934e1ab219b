"""Doses come, travel, are opened, given, lost and counted; each refusal says what to do."""

from datetime import timedelta
from typing import Any

import pytest

from lachan.core import places
from lachan.core.models import EventRow, Place, PlaceKind
from lachan.systems.vaccination import commands, queries
from lachan.systems.vaccination.commands import CannotMoveDoses
from lachan.systems.vaccination.models import Lot, Movement, Stock, Vial
from lachan.systems.vaccination.tests.conftest import (
    GTIN,
    NOON,
    TODAY,
    expired,
    keeper,
    posting,
    received,
    store,
    ward,
)

pytestmark = pytest.mark.django_db


def refused(code: str, run: Any, **given: Any) -> None:
    before = (Movement.objects.count(), EventRow.objects.count())
    with pytest.raises(CannotMoveDoses) as refusal:
        run(**{"actor": keeper(), "at": NOON} | given)
    assert refusal.value.code == code
    assert str(refusal.value.message)
    assert (Movement.objects.count(), EventRow.objects.count()) == before


def done(run: Any, **given: Any) -> Any:
    return run(**{"actor": keeper(), "at": NOON} | given)


def balance(where: Place, lot: Lot) -> tuple[int, int]:
    stock = Stock.objects.get(store=where, lot=lot)
    return stock.sealed, stock.opened


def vial(doses: int = 20, product: str = "vaxzevria") -> Vial:
    where = store()
    return done(commands.open_vial, store=where, lot=received(where, doses, product=product))  # type: ignore[no-any-return]


def test_a_receipt_registers_its_lot_once() -> None:
    where = store()
    lot = received(where, 100, number="abc-1", gtin=GTIN)
    again = received(where, 50, number="ABC-1")
    assert (lot, lot.number, lot.gtin) == (again, "ABC-1", GTIN)
    assert balance(where, lot) == (150, 0)
    assert EventRow.objects.filter(kind="LotReceived", facts__lot_id=lot.pk).count() == 2


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("lot-expired", {"expires_on": TODAY - timedelta(days=1)}),
        ("lot-differs", {"number": "KNOWN", "expires_on": TODAY + timedelta(days=5)}),
        ("product-unknown", {"product": "elixir"}),
        ("lot-number-wrong", {"number": "  "}),
        ("lot-number-wrong", {"number": "A B"}),
        ("lot-number-wrong", {"number": "A" * 21}),
        ("lot-number-wrong", {"number": "LÔ1"}),
        ("gtin-wrong", {"gtin": "00380777700011"}),
        ("gtin-wrong", {"gtin": "١٢٣٤٥٦٧٨"}),
        ("doses-impossible", {"doses": 0}),
        ("doses-impossible", {"doses": 10**9}),
        ("note-too-long", {"note": "x" * 501}),
    ],
)
def test_what_cannot_be_received_is_refused_in_words(code: str, change: dict[str, Any]) -> None:
    where = store()
    received(where, number="KNOWN")
    given = {"product": "vaxzevria", "number": "N1", "expires_on": TODAY + timedelta(days=90), "doses": 10}
    refused(code, commands.record_receipt, **{"store": where} | given | change)


def test_doses_are_kept_in_open_stores_only() -> None:
    venue = places.open_place(kind=PlaceKind.VENUE, name="Chợ", area=ward(), at=NOON)
    closed = store("Kho cũ")
    closed.closed_at = NOON
    given = {"product": "vaxzevria", "number": "N1", "expires_on": TODAY, "doses": 10}
    refused("not-a-store", commands.record_receipt, store=venue, **given)
    refused("store-closed", commands.record_receipt, store=closed, **given)


def test_what_was_sent_is_in_transit_until_it_is_received() -> None:
    here, there = store(), store("Kho huyện")
    lot = received(here, 100)
    transfer = done(commands.send_transfer, lot=lot, origin=here, destination=there, doses=60)
    assert (balance(here, lot), queries.account(lot).in_transit) == ((40, 0), 60)
    done(commands.receive_transfer, transfer=transfer, counted=60)
    assert (balance(there, lot), queries.account(lot).in_transit) == ((60, 0), 0)


@pytest.mark.parametrize(("counted", "wasted", "adjusted"), [(58, 2, 0), (0, 60, 0), (63, 0, 3)])
def test_differences_on_arrival_are_booked_by_name(counted: int, wasted: int, adjusted: int) -> None:
    here, there = store(), store("Kho huyện")
    lot = received(here, 100)
    transfer = done(commands.send_transfer, lot=lot, origin=here, destination=there, doses=60)
    refused("difference-unexplained", commands.receive_transfer, transfer=transfer, counted=counted)
    done(commands.receive_transfer, transfer=transfer, counted=counted, note="đếm lại hai lần")
    found = queries.account(lot)
    assert (balance(there, lot)[0], found.wasted, found.adjusted) == (counted, wasted, adjusted)
    assert found.adds_up


def test_a_transfer_is_received_once() -> None:
    here, there = store(), store("Kho huyện")
    transfer = done(commands.send_transfer, lot=received(here), origin=here, destination=there, doses=60)
    refused("count-impossible", commands.receive_transfer, transfer=transfer, counted=-1)
    done(commands.receive_transfer, transfer=transfer, counted=60)
    refused("already-received", commands.receive_transfer, transfer=transfer, counted=60)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("not-enough-doses", {"doses": 101}),
        ("doses-impossible", {"doses": -5}),
        ("purpose-unknown", {"purpose": "gift"}),
        ("same-store", {"same": True}),
    ],
)
def test_what_cannot_be_sent_is_refused(code: str, change: dict[str, Any]) -> None:
    here, there = store(), store("Kho huyện")
    given: dict[str, Any] = {"lot": received(here), "origin": here, "destination": there, "doses": 10}
    if change.pop("same", False):
        given["destination"] = here
    refused(code, commands.send_transfer, **given | change)


def test_doses_go_back_to_the_store_above_even_when_stopped() -> None:
    above = store()
    site = store("Điểm tiêm", parent=above, site=True)
    held, old = received(site), expired(site)
    done(commands.hold_lot, lot=held, reason="sốt cao")
    for lot in (held, old):
        sent = done(commands.return_doses, lot=lot, origin=site, doses=5)
        assert (sent.destination, sent.purpose) == (above, "return")
    refused("no-parent-store", commands.return_doses, lot=held, origin=above, doses=5)


def test_a_vial_gives_what_its_label_says_and_a_little_more() -> None:
    opened = vial(20)  # Vaxzevria: ten on the label, twelve at most
    for _ in range(12):
        done(commands.take_dose, vial=opened)
    refused("vial-exhausted", commands.take_dose, vial=opened)
    opened.refresh_from_db()
    found = queries.account(opened.lot)
    assert (opened.left, opened.extra, found.given, found.adjusted, found.in_stores) == (0, 2, 12, 2, 10)
    assert found.adds_up


def test_no_vial_is_opened_of_what_is_not_there() -> None:
    where = store()
    lot = received(where, 9)
    refused("not-enough-doses", commands.open_vial, store=where, lot=lot)
    assert not Vial.objects.exists()


def test_a_vial_lives_for_its_hours_and_no_longer_than_its_lot() -> None:
    opened = vial()
    assert opened.use_by == NOON + timedelta(hours=6)
    done(commands.take_dose, vial=opened, at=opened.use_by)
    refused("vial-not-open", commands.take_dose, vial=opened, at=opened.use_by + timedelta(seconds=1))
    refused("vial-not-open", commands.take_dose, vial=opened, at=NOON - timedelta(seconds=1))
    where = store("Điểm tiêm")
    late = done(commands.open_vial, store=where, lot=received(where, days=0), at=NOON + timedelta(hours=9))
    assert late.use_by == NOON + timedelta(hours=12)  # midnight of its last day


def stopped(how: str, where: Place) -> Lot:
    if how == "lot-expired":
        return expired(where)
    lot = received(where)
    done(commands.hold_lot, lot=lot, reason="phản ứng nặng")
    if how == "lot-recalled":
        done(commands.recall_lot, lot=lot, reason="kiểm nghiệm không đạt")
    return lot


@pytest.mark.parametrize("how", ["lot-expired", "lot-held", "lot-recalled"])
def test_stopped_lots_are_neither_issued_nor_opened_but_written_off(how: str) -> None:
    here, there = store(), store("Kho huyện")
    lot = stopped(how, here)
    refused(how, commands.send_transfer, lot=lot, origin=here, destination=there, doses=5)
    refused(how, commands.send_transfer, lot=lot, origin=here, destination=there, doses=5, purpose="session")
    refused(how, commands.open_vial, store=here, lot=lot)
    done(commands.waste_doses, store=here, lot=lot, doses=100, reason="recalled")
    assert balance(here, lot) == (0, 0)


@pytest.mark.parametrize("how", ["lot-held", "lot-recalled"])
def test_a_vial_that_is_open_gives_nothing_once_its_lot_is_stopped(how: str) -> None:
    opened = vial()
    done(commands.take_dose, vial=opened)
    done(commands.hold_lot, lot=opened.lot, reason="phản ứng nặng")
    if how == "lot-recalled":
        done(commands.recall_lot, lot=opened.lot, reason="kiểm nghiệm không đạt")
    refused(how, commands.take_dose, vial=opened)
    done(commands.waste_doses, store=opened.store, lot=opened.lot, vial=opened, doses=9, reason="recalled")


def test_a_lot_of_which_more_came_while_it_was_held_is_held() -> None:
    where = store()
    lot = received(where, number="H1")
    done(commands.hold_lot, lot=lot, reason="chờ kiểm nghiệm")
    given = {"product": "vaxzevria", "number": "H1", "expires_on": lot.expires_on, "doses": 10}
    refused("lot-held", commands.record_receipt, store=where, **given)


def test_a_hold_is_released_with_a_reason_and_holds_again() -> None:
    where = store()
    lot, first = received(where), keeper()
    done(commands.hold_lot, lot=lot, reason="sốt cao", actor=first)
    refused("already-held", commands.hold_lot, lot=lot, reason="sốt cao")
    refused("note-missing", commands.release_lot, lot=lot, reason=" ")
    later = NOON + timedelta(minutes=1)
    done(commands.release_lot, lot=lot, reason="đạt", at=later)
    done(commands.open_vial, store=where, lot=lot, at=later)
    refused("not-held", commands.release_lot, lot=lot, reason="đạt")
    done(commands.hold_lot, lot=lot, reason="lại sốt", at=later)


def test_a_recall_takes_a_second_person_and_is_for_good() -> None:
    lot, first = received(store()), keeper()
    refused("not-held", commands.recall_lot, lot=lot, reason="độc")
    done(commands.hold_lot, lot=lot, reason="sốt cao", actor=first)
    refused("second-person", commands.recall_lot, lot=lot, reason="độc", actor=first)
    done(commands.recall_lot, lot=lot, reason="độc")
    refused("recalled-for-good", commands.release_lot, lot=lot, reason="đạt")
    refused("recalled-for-good", commands.recall_lot, lot=lot, reason="độc")
    told = EventRow.objects.get(kind="LotRecalled")
    assert (told.facts["number"], told.facts["given"]) == (lot.number, 0)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("reason-unknown", {"reason": "eaten"}),
        ("reason-unknown", {"reason": "missing"}),  # the command's own, on arrival
        ("doses-impossible", {"doses": 0}),
        ("not-enough-doses", {"doses": 101}),
    ],
)
def test_waste_needs_a_reason_and_doses(code: str, change: dict[str, Any]) -> None:
    where = store()
    given = {"store": where, "lot": received(where), "doses": 1, "reason": "broken"}
    refused(code, commands.waste_doses, **given | change)


def test_what_is_left_in_a_vial_is_written_off_from_the_vial() -> None:
    opened = vial(20)
    done(commands.take_dose, vial=opened)
    given = {"store": opened.store, "lot": opened.lot, "vial": opened, "reason": "opened-expired"}
    refused("vial-empty", commands.waste_doses, doses=10, **given)
    done(commands.waste_doses, doses=9, **given)
    assert balance(opened.store, opened.lot) == (10, 0)
    assert queries.account(opened.lot).wasted == 9


@pytest.mark.parametrize(("counted", "difference"), [(90, -10), (103, 3), (0, -100)])
def test_a_count_books_the_difference_with_its_reason(counted: int, difference: int) -> None:
    where = store()
    lot = received(where, 100)
    given = {"store": where, "lot": lot, "reason": "count", "note": "kiểm kê cuối tháng"}
    row = done(commands.adjust_count, counted=counted, **given)
    assert (row.doses, balance(where, lot)) == (difference, (counted, 0))
    refused("nothing-differs", commands.adjust_count, counted=counted, **given)
    refused("note-missing", commands.adjust_count, counted=1, **given | {"note": ""})
    refused("reason-unknown", commands.adjust_count, counted=1, **given | {"reason": "surplus"})
    refused("count-impossible", commands.adjust_count, counted=-1, **given)
    refused("not-enough-doses", commands.adjust_count, counted=1, **given | {"store": store("Kho lạ")})


def test_a_dose_written_down_by_mistake_is_taken_back() -> None:
    opened = vial()
    refused("nothing-given", commands.take_back_dose, vial=opened, note="nhầm lô")
    done(commands.take_dose, vial=opened)
    done(commands.take_back_dose, vial=opened, note="nhầm lô")
    refused("nothing-given", commands.take_back_dose, vial=opened, note="nhầm lô")
    assert queries.account(opened.lot).given == 0
    assert balance(opened.store, opened.lot) == (10, 10)


def test_the_proposal_of_a_store_leaves_out_what_is_stopped() -> None:
    where = store()
    late, soon = received(where, 50, days=300), received(where, 30, days=20)
    held = received(where, 90, days=10)
    expired(where)
    done(commands.hold_lot, lot=held, reason="chờ")
    picked = queries.proposal(where, "vaxzevria", 60, at=NOON)
    assert [(p.lot, p.doses) for p in picked] == [(soon.pk, 30), (late.pk, 30)]
    lines = {line.stock.lot_id: (line.shelf, line.refusal) for line in queries.lines(where, at=NOON)}
    assert lines[late.pk] == ("good", None)
    assert lines[held.pk] == ("soon", "lot-held")
    assert sorted(lines.values(), key=str)[0] == ("expired", "lot-expired")


def test_days_that_do_not_add_up_are_found_when_the_hours_of_the_vial_are_over() -> None:
    opened = vial()
    for _ in range(7):
        done(commands.take_dose, vial=opened)
    looker = posting("vaccine_officer", area=ward())
    evening = NOON + timedelta(hours=7)
    assert not queries.days_that_do_not_add_up(looker, at=NOON)
    [day] = queries.days_that_do_not_add_up(looker, at=evening)
    assert (day.store, day.day, day.vials, day.drawn, day.given, day.missing) == (
        opened.store, TODAY, 1, 10, 7, 3,
    )  # fmt: skip
    done(
        commands.waste_doses,
        store=opened.store,
        lot=opened.lot,
        vial=opened,
        doses=3,
        reason="opened-expired",
    )
    assert not queries.days_that_do_not_add_up(looker, at=evening)
