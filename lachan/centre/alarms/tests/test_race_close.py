"""Two people close, or give on, one alarm at one moment: without the guard both do, with it one does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest
from django.db import connection

from lachan.centre.alarms import commands
from lachan.centre.alarms.commands import CannotHandle, handling, raising
from lachan.centre.alarms.rules.states import StepKind
from lachan.centre.alarms.tests.conftest import NINE, cause, commune, later, looked, officer, verified
from lachan.centre.models import Alarm, AlarmStep, AlarmTask
from lachan.core.models import Actor
from tests.rows import without_constraint

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[Alarm, Actor], None]


def close(alarm: Alarm, actor: Actor) -> None:
    commands.close_alarm(alarm=alarm, text="Xong", actor=actor, at=NINE)


def assign(alarm: Alarm, actor: Actor) -> None:
    due = later(days=1)
    commands.assign_alarm(alarm=alarm, area=commune(), text="Làm", due_at=due, actor=actor, at=NINE)


def one(act: Act, alarm: Alarm, actor: Actor, start: Barrier) -> str:
    try:
        start.wait(10)
        act(alarm, actor)
        return "done"
    except CannotHandle as refusal:
        return refusal.code
    finally:
        connection.close()


def race(first: Act, second: Act) -> list[str]:
    alarm, start = verified(), Barrier(2)
    commune()
    pairs = [(first, officer()), (second, officer())]
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(one, act, alarm, actor, start) for act, actor in pairs]
        return sorted(answer.result(timeout=30) for answer in answers)


@pytest.fixture
def looking_first(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The guards off: both look, then both write."""
    both, allowed = Barrier(2), handling._allowed

    def looked_at(alarm: Alarm, step: StepKind) -> None:
        allowed(alarm, step)
        if step != "verified":
            both.wait(10)

    monkeypatch.setattr(handling, "held", lambda alarm: Alarm.objects.select_related("area").get(pk=alarm.pk))
    monkeypatch.setattr(handling, "_allowed", looked_at)
    with ExitStack() as stack:
        stack.enter_context(without_constraint(AlarmTask, "task_one_at_a_time"))
        stack.enter_context(without_constraint(AlarmStep, "alarm_ends_once"))
        yield


def test_without_the_guard_two_close_one_alarm(looking_first: None) -> None:
    assert race(close, close) == ["done", "done"]
    assert AlarmStep.objects.filter(kind="closed").count() == 2


def test_without_the_guard_a_closed_alarm_becomes_a_task(looking_first: None) -> None:
    assert race(close, assign) == ["done", "done"]


def test_one_of_two_closes_an_alarm() -> None:
    assert race(close, close) == ["alarm-state", "done"]
    assert AlarmStep.objects.filter(kind="closed").count() == 1


def test_of_two_who_give_it_on_the_later_task_stands() -> None:
    assert race(assign, assign) == ["done", "done"]
    assert AlarmTask.objects.filter(ended_at__isnull=True).count() == 1


def test_a_closed_alarm_is_nobodys_task() -> None:
    told = race(close, assign)
    assert told in (["alarm-state", "done"], ["done", "done"])
    assert not AlarmTask.objects.filter(ended_at__isnull=True).exists()


def both_look() -> None:
    def one_look() -> None:
        try:
            looked(cause())
        finally:
            connection.close()

    commune()
    officer()
    with ThreadPoolExecutor(2) as pool:
        for answer in [pool.submit(one_look) for _ in range(2)]:
            answer.result(timeout=30)


def test_two_looks_at_once_raise_one_alarm() -> None:
    both_look()
    assert Alarm.objects.count() == 1


def test_without_the_guard_two_looks_raise_two(monkeypatch: pytest.MonkeyPatch) -> None:
    both, found = Barrier(2), raising._raise

    def together(*given: object) -> None:
        both.wait(10)
        found(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(raising, "_one_at_a_time", lambda: None)
    monkeypatch.setattr(raising, "_raise", together)
    with without_constraint(Alarm, "alarm_one_open_a_cause"):
        both_look()
        assert Alarm.objects.count() == 2
