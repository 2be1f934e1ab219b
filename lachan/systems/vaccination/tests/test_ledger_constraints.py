"""What the rules refuse of lots and doses, the database refuses too: each constraint broken on purpose."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Lot, LotHold, Movement, Stock, Transfer, Vial
from lachan.systems.vaccination.tests.conftest import NOON, TODAY, expired, keeper, received, store

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refuses(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


def lot_row(**change: Any) -> Lot:
    given = {"product": "vaxzevria", "number": "N1", "expires_on": TODAY, "registered_at": NOON}
    return Lot.objects.create(**given | {"registered_by": keeper()} | change)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("lot_has_a_printed_number", {"number": ""}),
        ("lot_has_a_printed_number", {"number": "A B"}),
        ("lot_gtin_of_14_digits", {"gtin": "123"}),
    ],
)
def test_a_lot_is_as_printed(name: str, change: dict[str, Any]) -> None:
    with refuses(name):
        lot_row(**change)


def test_a_product_has_a_lot_once() -> None:
    lot_row()
    lot_row(product="comirnaty")
    with refuses("lot_once_a_product"):
        lot_row()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("hold_with_a_reason", {"reason": " "}),
        ("hold_released_whole", {"released_at": NOON}),
        ("hold_released_whole", {"released_at": NOON - DAY, "released_by": True, "release_reason": "x"}),
        ("hold_released_whole", {"released_at": NOON, "released_by": True, "release_reason": " "}),
        ("hold_released_whole", {"released_by": True, "release_reason": "x"}),
        ("hold_recalled_whole", {"recalled_at": NOON}),
        ("hold_recalled_whole", {"recalled_by": True, "recall_reason": "x"}),
        ("hold_recalled_whole", {"recalled_at": NOON, "recalled_by": True, "recall_reason": ""}),
        ("hold_recalled_by_a_second_person", {"recalled_at": NOON, "recalled_by": False, "recall_reason": "x"}),
        (
            "hold_recalled_is_not_released",
            {"recalled_at": NOON, "recalled_by": True, "recall_reason": "x", "released_at": NOON, "released_by": True,
             "release_reason": "x"},
        ),
    ],
)  # fmt: skip
def test_a_hold_is_whole(name: str, change: dict[str, Any]) -> None:
    """`True` stands for a second person, `False` for who held."""
    who, other = keeper(), keeper()
    people = {key: other if value else who for key, value in change.items() if isinstance(value, bool)}
    with refuses(name):
        LotHold.objects.create(
            **{"lot": lot_row(), "reason": "x", "held_at": NOON, "held_by": who} | change | people
        )


def test_a_lot_has_one_hold_in_force() -> None:
    lot, who = lot_row(), keeper()
    LotHold.objects.create(lot=lot, reason="x", held_at=NOON, held_by=who)
    with refuses("hold_one_a_lot"):
        LotHold.objects.create(lot=lot, reason="x", held_at=NOON, held_by=who)


class Shelf:
    """A store with a lot, a vial of it that is open, and a transfer under way."""

    def __init__(self) -> None:
        self.who = keeper()
        self.here, self.there = store(), store("Kho huyện")
        self.lot = received(self.here, 100)
        self.vial = commands.open_vial(store=self.here, lot=self.lot, actor=self.who, at=NOON)
        self.transfer = commands.send_transfer(
            lot=self.lot, origin=self.here, destination=self.there, doses=20, actor=self.who, at=NOON
        )

    def move(self, kind: str, doses: int = 1, **more: Any) -> Movement:
        given = {"store": self.here, "lot": self.lot, "happened_at": NOON, "recorded_by": self.who}
        return Movement.objects.create(kind=kind, doses=doses, **given | more)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_movements_are_of_known_kinds_amounts_and_reasons(shelf: Shelf) -> None:
    vial = {"vial": shelf.vial}
    wrong: list[tuple[str, str, int, dict[str, Any]]] = [
        ("movement_of_known_kind", "gone", 1, {}),
        ("movement_of_something", "received", 0, {}),
        ("movement_of_something", "received", -1, {}),
        ("movement_of_something", "adjusted", 0, {"reason": "count", "note": "x"}),
        ("movement_names_its_vial", "given", 1, {}),
        ("movement_names_its_vial", "found", 1, {}),
        ("vial_holds_no_more_than_drawn", "found", 1, vial),
        ("movement_names_its_vial", "received", 1, vial),
        ("movement_names_its_transfer", "sent", 20, {}),
        ("movement_names_its_transfer", "received", 20, {"transfer": shelf.transfer}),
        ("movement_has_its_reason", "wasted", 1, {}),
        ("movement_has_its_reason", "wasted", 1, {"reason": "count"}),
        ("movement_has_its_reason", "received", 1, {"reason": "broken"}),
        ("movement_adjusted_with_words", "adjusted", 1, {"reason": "count"}),
        ("movement_once_a_transfer", "sent", 20, {"transfer": shelf.transfer}),
        ("movement_vial_opened_once", "opened", 10, vial),
        ("movement_of_the_store_and_lot_of_its_vial", "wasted", 1, vial | {"reason": "broken", "store": shelf.there}),
        ("movement_fits_its_transfer", "arrived", 19, {"transfer": shelf.transfer}),
        ("movement_fits_its_transfer", "arrived", 20, {"transfer": shelf.transfer, "store": shelf.there}),
        ("stock_sealed_not_below_zero", "wasted", 71, {"reason": "lost"}),
        ("vial_left_not_below_zero", "given", 11, vial),
        ("vial_gives_at_most", "extra", 3, vial),
        ("vial_holds_no_more_than_drawn", "taken_back", 1, vial),
        ("movement_within_the_life_of_its_vial", "given", 1, vial | {"happened_at": NOON + DAY}),
    ]  # fmt: skip
    for name, kind, doses, more in wrong:
        with refuses(name), transaction.atomic():
            shelf.move(kind, doses, **more)


@pytest.mark.parametrize("how", ["expired", "held", "recalled"])
def test_direct_sql_moves_nothing_of_a_stopped_lot(how: str) -> None:
    shelf = Shelf()
    lot = expired(shelf.here) if how == "expired" else shelf.lot
    if how != "expired":
        commands.hold_lot(lot=lot, reason="x", actor=shelf.who, at=NOON)
    if how == "recalled":
        commands.recall_lot(lot=lot, reason="x", actor=keeper(), at=NOON)
    vial = Vial.objects.create(
        store=shelf.here, lot=lot, doses=10, most=12, opened_at=NOON, use_by=NOON + DAY, opened_by=shelf.who
    )
    sent = Transfer.objects.create(
        lot=lot, origin=shelf.here, destination=shelf.there, doses=1, purpose="supply", sent_at=NOON, sent_by=shelf.who
    )  # fmt: skip
    for kind, columns in (("given", (vial.pk, None)), ("opened", (vial.pk, None)), ("sent", (None, sent.pk))):
        with refuses(f"movement_lot_{how}"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO vaccination_movement (kind, store_id, lot_id, vial_id, transfer_id, doses, reason, note,"
                " happened_at, recorded_by_id) VALUES (%s, %s, %s, %s, %s, 1, '', '', %s, %s)",
                [kind, shelf.here.pk, lot.pk, *columns, NOON, shelf.who.pk],
            )


def test_balances_are_written_by_the_ledger_alone(shelf: Shelf) -> None:
    stock = Stock.objects.filter(store=shelf.here, lot=shelf.lot)
    for change in (
        lambda: stock.update(sealed=5),
        lambda: Vial.objects.filter(pk=shelf.vial.pk).update(left=3),
        lambda: Stock.objects.create(store=shelf.there, lot=shelf.lot),
        stock.delete,
    ):
        with refuses("balance_by_the_ledger_only"), transaction.atomic():
            change()
    with refuses("append-only"), transaction.atomic():
        Movement.objects.update(doses=1)
    with refuses("append-only"), transaction.atomic():
        Movement.objects.all().delete()


def test_balances_add_up_and_are_never_below_zero(shelf: Shelf) -> None:
    """Even for who switches the ledger's trigger off."""
    stock = Stock.objects.filter(store=shelf.here, lot=shelf.lot)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE vaccination_stock DISABLE TRIGGER stock_by_the_ledger_only")
        cursor.execute("ALTER TABLE vaccination_vial DISABLE TRIGGER vial_by_the_ledger_only")
    for name, change in (
        ("stock_adds_up", {"received": 101}),
        ("stock_sealed_not_below_zero", {"sealed": -1, "received": 29}),
        ("stock_opened_not_below_zero", {"opened": -1, "received": 89}),
        ("stock_sums_not_below_zero", {"wasted": -1, "sealed": 71}),
    ):
        with refuses(name), transaction.atomic():
            stock.update(**change)
    with refuses("stock_once_a_store_and_lot"), transaction.atomic():
        Stock.objects.create(store=shelf.here, lot=shelf.lot)
    of_vials: list[tuple[str, dict[str, Any]]] = [
        ("vial_of_something", {"doses": 0, "left": 0}),
        ("vial_lives_for_hours", {"use_by": NOON}),
        ("vial_gives_at_most", {"most": 9}),
        ("vial_gives_at_most", {"extra": -1}),
    ]
    for name, wrong in of_vials:
        with refuses(name), transaction.atomic():
            Vial.objects.filter(pk=shelf.vial.pk).update(**wrong)
    with refuses("vial_with_its_store_and_lot|vial_pkey"), transaction.atomic():
        shelf.vial.save(force_insert=True)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("transfer_of_something", {"doses": 0}),
        ("transfer_purpose_known", {"purpose": "gift"}),
        ("transfer_between_two_stores", {"same": True}),
        ("transfer_received_whole", {"received_at": NOON}),
        ("transfer_received_whole", {"counted": 20}),
        ("transfer_received_whole", {"counted": 20, "received_by": True}),
        ("transfer_difference_explained", {"received_at": NOON, "counted": 19, "received": True}),
    ],
)
def test_transfers_are_whole(shelf: Shelf, name: str, change: dict[str, Any]) -> None:
    if change.pop("same", False):
        change["destination"] = shelf.here
    if change.pop("received", False) or change.get("received_by"):
        change["received_by"] = shelf.who
    with refuses(name):
        Transfer.objects.filter(pk=shelf.transfer.pk).update(**change)
