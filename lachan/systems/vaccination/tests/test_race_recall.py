"""A recall while a session is open, and two who tell of it at once: each fault is shown with its guard off first."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest
from django.db import transaction

from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import recalling
from lachan.systems.vaccination.models import RecallNotice
from lachan.systems.vaccination.queries.recalling import had_lot, with_phone
from lachan.systems.vaccination.tests.conftest import NOON, keeper
from lachan.systems.vaccination.tests.line_rows import screened, session, vial
from lachan.systems.vaccination.tests.recalls import recalled, three
from lachan.systems.vaccination.tests.test_race_doses import nobody_waits
from lachan.systems.vaccination.tests.test_race_line import race
from tests.rows import without_constraint

__all__ = ["nobody_waits"]
pytestmark = pytest.mark.django_db(transaction=True)


def told_during_an_injection() -> tuple[int, int]:
    """Of those who have had the lot in the end: how many there are, and how many of them were told."""
    here = session()
    assert here.lot is not None
    lot, bottle, visit = here.lot, vial(here), screened(here, three()[0])
    nurse, first, second = keeper(), keeper(), keeper()
    injected, stopped = Event(), Event()

    def give() -> None:
        with transaction.atomic():
            commands.inject(visit=visit, vial=bottle, table=1, actor=nurse, at=NOON)
            injected.set()
            stopped.wait(0.7)  # time enough for the recall, unless that waits for this injection

    def stop() -> None:
        injected.wait(10)
        commands.hold_lot(lot=lot, reason="phản ứng nặng", actor=first, at=NOON)
        commands.recall_lot(lot=lot, reason="văn bản", actor=second, at=NOON)
        commands.finish_round(commands.tell_recipients(lot=lot, actor=second, at=NOON).pk, at=NOON)
        stopped.set()

    assert race(give, stop) == ["done", "done"]
    return len(had_lot(lot)), RecallNotice.objects.count()


@pytest.mark.usefixtures("nobody_waits")
def test_whoever_is_injected_at_that_moment_is_never_told_without_the_guard() -> None:
    assert told_during_an_injection() == (1, 0)


def test_whoever_is_injected_while_the_session_is_open_is_told_of_the_recall() -> None:
    assert told_during_an_injection() == (1, 1)


def both_saw_nobody_told(monkeypatch: pytest.MonkeyPatch) -> None:
    barrier, before = Barrier(2), with_phone

    def waiting(*given: Any) -> Any:
        with suppress(BrokenBarrierError):
            barrier.wait(0.7)
        return before(*given)

    monkeypatch.setattr(recalling, "with_phone", waiting)


def told_by_two_workers() -> tuple[list[str], int]:
    row = commands.tell_recipients(lot=recalled(*three()), actor=keeper(), at=NOON)
    answers = race(*[lambda: commands.finish_round(row.pk, at=NOON)] * 2)
    return answers, RecallNotice.objects.count()


def test_two_workers_tell_everybody_twice_without_the_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    both_saw_nobody_told(monkeypatch)
    monkeypatch.setattr(recalling, "_alone", lambda _row: None)
    with without_constraint(RecallNotice, "recall_notice_once_a_person"):
        assert told_by_two_workers() == (["done", "done"], 6)


def test_two_workers_tell_everybody_once(monkeypatch: pytest.MonkeyPatch) -> None:
    both_saw_nobody_told(monkeypatch)
    assert told_by_two_workers() == (["done", "done"], 3)
