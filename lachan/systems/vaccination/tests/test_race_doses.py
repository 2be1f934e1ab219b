"""Two at one dose, one transfer, one lot: each race is shown with its guard off, and gone with it on."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest
from django.db import connection, transaction

from lachan.core.models import Actor
from lachan.systems.vaccination import commands, queries
from lachan.systems.vaccination.commands import CannotMoveDoses, transfers, vials
from lachan.systems.vaccination.commands.ledger import book
from lachan.systems.vaccination.models import Lot, Movement, Stock, Transfer, Vial
from lachan.systems.vaccination.tests.conftest import NOON, keeper, received, store

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = (
    "vaccination_movement, vaccination_transfer, vaccination_vial, vaccination_stock, vaccination_lothold"
)


def told(run: Callable[[], Any]) -> str:
    try:
        run()
        return "done"
    except CannotMoveDoses as refusal:
        return refusal.code
    finally:
        connection.close()


def race(*runs: Callable[[], Any]) -> list[str]:
    with ThreadPoolExecutor(len(runs)) as pool:
        return sorted(answer.result(timeout=30) for answer in [pool.submit(told, run) for run in runs])


@contextmanager
def without(table: type[Any], name: str) -> Iterator[None]:
    """The table without one of its guards; all doses are forgotten before the guard comes back."""
    guard = next(c for c in table._meta.constraints if c.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(table, guard)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {TABLES} CASCADE")
        with connection.schema_editor() as editor:
            editor.add_constraint(table, guard)


# --- the last dose of a vial --------------------------------------------------------------------------------------


def last_dose() -> Vial:
    """One dose is left in this vial of five, from which no more can be drawn; another of its lot stands open."""
    where = store()
    lot = received(where, 10, product="janssen")
    vial, _other = (commands.open_vial(store=where, lot=lot, actor=keeper(), at=NOON) for _ in range(2))
    for _ in range(4):
        commands.take_dose(vial=vial, actor=keeper(), at=NOON)
    return vial


def two_tables(vial: Vial) -> list[str]:
    first, second = keeper(), keeper()
    return race(
        lambda: commands.take_dose(vial=vial, actor=first, at=NOON),
        lambda: commands.take_dose(vial=vial, actor=second, at=NOON),
    )


@pytest.fixture
def look_then_give(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both tables look into the vial before one of them writes."""
    both = Barrier(2)

    def given(vial: Vial, actor: Actor, at: datetime) -> Movement:
        if Vial.objects.get(pk=vial.pk).left < 1:
            raise CannotMoveDoses("vial-empty")
        with suppress(BrokenBarrierError):
            both.wait(5)
        return book("given", store=vial.store_id, lot=vial.lot_id, doses=1, vial=vial, actor=actor, at=at)

    monkeypatch.setattr(vials, "_given", given)


@pytest.mark.usefixtures("look_then_give")
def test_the_last_dose_is_given_twice_by_who_only_looks() -> None:
    with without(Vial, "vial_left_not_below_zero"):
        vial = _prepared()
        assert two_tables(vial) == ["done", "done"]
        vial.refresh_from_db()
        assert vial.left == -1


def _prepared() -> Vial:
    """As `last_dose`, without asking the commands that the test has changed."""
    where = store()
    lot = received(where, 10, product="janssen")
    vial, _other = (commands.open_vial(store=where, lot=lot, actor=keeper(), at=NOON) for _ in range(2))
    book("given", store=where, lot=lot, doses=4, vial=vial, actor=keeper(), at=NOON)
    return vial


@pytest.mark.usefixtures("look_then_give")
def test_the_constraint_alone_gives_the_last_dose_once() -> None:
    assert two_tables(_prepared()) == ["done", "vial-exhausted"]


def test_last_dose_of_a_vial_is_given_once() -> None:
    for _ in range(5):
        vial = last_dose()
        assert two_tables(vial) == ["done", "vial-exhausted"]
        vial.refresh_from_db()
        assert vial.left == 0
        assert queries.account(vial.lot).adds_up


def test_twenty_tables_empty_a_vial_of_ten_that_gives_twelve() -> None:
    where = store()
    vial = commands.open_vial(store=where, lot=received(where, 20), actor=keeper(), at=NOON)
    who = keeper()
    answers = race(*[lambda: commands.take_dose(vial=vial, actor=who, at=NOON)] * 20)
    assert (answers.count("done"), answers.count("vial-exhausted")) == (12, 8)
    assert queries.account(vial.lot).given == 12


# --- a transfer received twice ------------------------------------------------------------------------------------


def arriving() -> Transfer:
    here, there = store(), store("Kho huyện")
    return commands.send_transfer(
        lot=received(here, 100), origin=here, destination=there, doses=60, actor=keeper(), at=NOON
    )


def two_desks(transfer: Transfer) -> list[str]:
    first, second = keeper(), keeper()
    copies = [Transfer.objects.get(pk=transfer.pk) for _ in range(2)]
    return race(
        lambda: commands.receive_transfer(transfer=copies[0], counted=60, actor=first, at=NOON),
        lambda: commands.receive_transfer(transfer=copies[1], counted=60, actor=second, at=NOON),
    )


@pytest.fixture
def look_then_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    both = Barrier(2)

    def claim(transfer: Transfer, counted: int, note: str, actor: Actor, at: datetime) -> None:
        if Transfer.objects.get(pk=transfer.pk).received_at is not None:
            raise CannotMoveDoses("already-received")
        both.wait(10)
        Transfer.objects.filter(pk=transfer.pk).update(received_at=at, received_by=actor, counted=counted)

    monkeypatch.setattr(transfers, "_claim", claim)


@pytest.mark.usefixtures("look_then_claim")
def test_a_transfer_arrives_twice_for_who_only_looks() -> None:
    with without(Movement, "movement_once_a_transfer"):
        transfer = arriving()
        assert two_desks(transfer) == ["done", "done"]
        assert Stock.objects.get(store=transfer.destination).sealed == 120  # of sixty


@pytest.mark.usefixtures("look_then_claim")
def test_the_constraint_alone_lets_a_transfer_arrive_once() -> None:
    assert two_desks(arriving()) == ["already-received", "done"]


def test_a_transfer_is_received_once_by_two_desks() -> None:
    for _ in range(5):
        transfer = arriving()
        assert two_desks(transfer) == ["already-received", "done"]
        assert Stock.objects.get(store=transfer.destination).sealed == 60


# --- a recall against an open session -----------------------------------------------------------------------------

DEAF = """
CREATE OR REPLACE FUNCTION vaccination_require_usable(of_lot bigint, moment timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM vaccination_lothold h WHERE h.lot_id = of_lot AND h.released_at IS NULL;
    IF FOUND THEN PERFORM vaccination_refuse('movement_lot_held', 'the lot is held'); END IF;
END $$
"""


@pytest.fixture
def nobody_waits() -> Iterator[None]:
    """The guard off: a dose looks for holds, but neither waits for the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('vaccination_require_usable'::regproc)")
        [(whole,)] = cursor.fetchall()
        cursor.execute(DEAF)
        cursor.execute("ALTER TABLE vaccination_lothold DISABLE TRIGGER hold_waits")
    yield
    with connection.cursor() as cursor:
        cursor.execute(whole)
        cursor.execute("ALTER TABLE vaccination_lothold ENABLE TRIGGER hold_waits")


def recalled_during_a_dose() -> tuple[int, int]:
    """Doses that who stopped the lot knew of, and those that were given in the end."""
    where = store()
    lot = received(where, 10, product="janssen")
    vial = commands.open_vial(store=where, lot=lot, actor=keeper(), at=NOON)
    nurse, officer = keeper(), keeper()
    drawn, stopped, known = Event(), Event(), list[int]()

    def give() -> None:
        with transaction.atomic():
            commands.take_dose(vial=vial, actor=nurse, at=NOON)
            drawn.set()
            stopped.wait(1)  # time enough to stop the lot, unless that waits for this dose

    def stop() -> None:
        drawn.wait(10)
        commands.hold_lot(lot=lot, reason="phản ứng nặng", actor=officer, at=NOON)
        known.append(_given(lot))
        stopped.set()

    assert race(give, stop) == ["done", "done"]
    return known[0], _given(lot)


def _given(lot: Lot) -> int:
    return queries.account(lot).given


@pytest.mark.usefixtures("nobody_waits")
def test_a_dose_slips_past_the_recall_when_nobody_waits() -> None:
    assert recalled_during_a_dose() == (0, 1)


def test_who_stops_a_lot_knows_every_dose_of_it() -> None:
    assert recalled_during_a_dose() == (1, 1)


def test_after_the_hold_no_table_gives_a_dose() -> None:
    where = store()
    lot = received(where, 20)
    vial = commands.open_vial(store=where, lot=lot, actor=keeper(), at=NOON)
    who, officer = keeper(), keeper()
    runs = [lambda: commands.take_dose(vial=vial, actor=who, at=NOON)] * 6
    answers = race(*runs, lambda: commands.hold_lot(lot=lot, reason="sốt", actor=officer, at=NOON))
    assert set(answers) <= {"done", "lot-held"}
    assert queries.account(lot).given == answers.count("done") - 1
    assert two_tables(vial) == ["lot-held", "lot-held"]
