"""Writers that work at once, some killed with SIGKILL at any moment: at every instant every lot adds up.

Received + adjusted = in stores + in transit + given + wasted, for each lot; the balances are what the ledger says; and
what a writer was told is done, is done. The rig can see harm: with balances that are read and then written it fails.
"""

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lachan.core.models import Actor, Place
from lachan.systems.vaccination import commands, queries
from lachan.systems.vaccination.commands import CannotMoveDoses
from lachan.systems.vaccination.models import Lot, Movement, Transfer, Vial
from lachan.systems.vaccination.tests.conftest import NOON, keeper, received, store
from tests.forked import forked

pytestmark = pytest.mark.django_db(transaction=True)
MOST_WRITERS = 3
Op = Callable[[Place, Place, Lot, int, Actor], Any]


def arrive(here: Place, _site: Place, lot: Lot, n: int, actor: Actor) -> Any:
    return commands.record_receipt(
        store=here, product=lot.product, number=lot.number, expires_on=lot.expires_on, doses=n, actor=actor, at=NOON
    )  # fmt: skip


def send(here: Place, site: Place, lot: Lot, n: int, actor: Actor) -> Any:
    return commands.send_transfer(lot=lot, origin=here, destination=site, doses=n, actor=actor, at=NOON)


def take_in(_here: Place, _site: Place, lot: Lot, n: int, actor: Actor) -> Any:
    waiting = Transfer.objects.filter(lot=lot, received_at__isnull=True).order_by("pk").first()
    if waiting:
        counted = max(0, waiting.doses + n % 3 - 1)
        commands.receive_transfer(transfer=waiting, counted=counted, note="đếm lại", actor=actor, at=NOON)


def open_one(_here: Place, site: Place, lot: Lot, _n: int, actor: Actor) -> Any:
    return commands.open_vial(store=site, lot=lot, actor=actor, at=NOON)


def give(_here: Place, site: Place, lot: Lot, n: int, actor: Actor) -> Any:
    vial = Vial.objects.filter(store=site, lot=lot).order_by("-pk").first()
    return commands.take_dose(vial=vial, actor=actor, at=NOON) if vial else None


def waste(_here: Place, site: Place, lot: Lot, n: int, actor: Actor) -> Any:
    vial = Vial.objects.filter(store=site, lot=lot, left__gt=0).order_by("pk").first() if n % 2 else None
    return commands.waste_doses(
        store=site, lot=lot, vial=vial, doses=1, reason="residual" if vial else "broken", actor=actor, at=NOON
    )  # fmt: skip


def count(here: Place, _site: Place, lot: Lot, n: int, actor: Actor) -> Any:
    return commands.adjust_count(
        store=here, lot=lot, counted=500 + n, reason="count", note="kiểm kê", actor=actor, at=NOON
    )  # fmt: skip


def send_back(_here: Place, site: Place, lot: Lot, n: int, actor: Actor) -> Any:
    return commands.return_doses(lot=lot, origin=site, doses=n % 5 + 1, actor=actor, at=NOON)


def stop_or_release(_here: Place, _site: Place, lot: Lot, n: int, actor: Actor) -> Any:
    run = commands.hold_lot if n % 3 == 0 else commands.release_lot
    return run(lot=lot, reason="kiểm tra", actor=actor, at=NOON)


OPS: dict[str, Op] = {
    "arrive": arrive, "send": send, "take in": take_in, "open": open_one, "give": give, "waste": waste, "count": count,
    "send back": send_back, "stop or release": stop_or_release,
}  # fmt: skip
Program = list[tuple[str, int]]


class Depot:
    """A store that supplies a site, with a lot on its shelves, and processes that move its doses."""

    def __init__(self) -> None:
        self.here = store()
        self.site = store("Điểm tiêm", parent=self.here, site=True)
        self.lot = received(self.here, 1_000)
        self.actor = keeper()
        commands.receive_transfer(
            transfer=send(self.here, self.site, self.lot, 300, self.actor),
            counted=300,
            actor=self.actor,
            at=NOON,
        )
        self.told = Path(tempfile.mkstemp(prefix="lachan-writers-")[1])
        self.pids: list[int] = []

    def start(self, program: Program) -> None:
        self.pids.append(forked(lambda: self._write(program)))

    def _write(self, program: Program) -> None:
        """Each line says, once it is committed, which movement was made."""
        log = os.open(self.told, os.O_WRONLY | os.O_APPEND)
        for name, n in program:
            with suppress(CannotMoveDoses):
                made = OPS[name](self.here, self.site, self.lot, n, self.actor)
                if isinstance(made, Movement):
                    os.write(log, f"{made.pk}\n".encode())

    def kill(self, number: int) -> None:
        pid = self.pids.pop(number % len(self.pids))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    def wait(self) -> None:
        for pid in self.pids:
            os.waitpid(pid, 0)
        self.pids.clear()

    def check(self) -> None:
        """At any instant, whoever writes."""
        found = queries.account(self.lot)
        assert found.adds_up, found

    def check_in_the_end(self) -> None:
        self.check()
        assert queries.out_of_account() == []
        said = {int(line) for line in self.told.read_text().split()}
        assert said <= set(Movement.objects.filter(lot=self.lot).values_list("pk", flat=True))


programs = st.lists(
    st.tuples(st.sampled_from([*OPS, "give", "give", "take in", "send"]), st.integers(1, 40)),
    min_size=5, max_size=25,
)  # fmt: skip


class Writers(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.depot = Depot()

    @precondition(lambda self: len(self.depot.pids) < MOST_WRITERS)
    @rule(program=programs)
    def one_begins(self, program: Program) -> None:
        self.depot.start(program)

    @precondition(lambda self: self.depot.pids)
    @rule(number=st.integers(0, MOST_WRITERS), after=st.floats(0, 0.05))
    def one_is_killed(self, number: int, after: float) -> None:
        time.sleep(after)
        self.depot.kill(number)

    @precondition(lambda self: self.depot.pids)
    @rule()
    def all_come_to_their_end(self) -> None:
        self.depot.wait()

    @invariant()
    def every_dose_is_accounted_for(self) -> None:
        if hasattr(self, "depot"):
            self.depot.check()

    def teardown(self) -> None:
        if hasattr(self, "depot"):
            self.depot.wait()
            self.depot.check_in_the_end()
            self.depot.told.unlink()


def test_every_dose_is_accounted_for_whoever_writes_and_whoever_is_killed() -> None:
    run_state_machine_as_test(
        Writers,
        settings=settings(
            max_examples=12, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


LOOK_THEN_WRITE = """
CREATE OR REPLACE FUNCTION vaccination_book_stock(m vaccination_movement) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    seen vaccination_stock;
BEGIN
    SELECT * INTO seen FROM vaccination_stock WHERE store_id = m.store_id AND lot_id = m.lot_id;
    PERFORM pg_sleep(0.003);
    UPDATE vaccination_stock SET opened = seen.opened - m.doses, given = seen.given + m.doses WHERE id = seen.id;
    RETURN true;
END $$
"""


@pytest.fixture
def balances_are_read_then_written() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('vaccination_book_stock'::regproc)")
        [(whole,)] = cursor.fetchall()
    yield
    with connection.cursor() as cursor:
        cursor.execute(whole)


@pytest.mark.usefixtures("balances_are_read_then_written")
def test_the_rig_sees_harm_when_balances_are_read_and_then_written() -> None:
    """Control: each writer gives from a vial of its own, so that nothing but the balance is shared."""
    depot = Depot()
    vials = [open_one(depot.here, depot.site, depot.lot, 0, depot.actor) for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(LOOK_THEN_WRITE)
    try:
        _each_from_its_own(depot, vials)
    finally:
        del OPS["give own"]
    depot.wait()
    with pytest.raises(AssertionError):
        depot.check_in_the_end()


def _each_from_its_own(depot: Depot, vials: list[Vial]) -> None:
    for own in vials:

        def give_own(_h: Place, _s: Place, _l: Lot, _n: int, actor: Actor, own: Vial = own) -> Any:
            return commands.take_dose(vial=own, actor=actor, at=NOON)

        OPS["give own"] = give_own
        depot.start([("give own", 1)] * 8)
