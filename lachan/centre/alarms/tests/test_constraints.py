"""What the rules refuse, the database refuses too: each constraint broken on purpose."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from lachan.centre.alarms.tests.conftest import NINE, assigned, officer, raised
from lachan.centre.models import Alarm, AlarmStep, AlarmTask

pytestmark = pytest.mark.django_db
BEFORE = NINE - timedelta(hours=1)


def refuses(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


def test_a_cause_has_one_open_alarm() -> None:
    alarm = raised()
    alarm.pk = None
    with refuses("alarm_one_open_a_cause"):
        alarm.save()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("alarm_kind_known", {"kind": "whim"}),
        ("alarm_urgency_of_hundred", {"urgency": 101}),
        ("alarm_about_something", {"count": 0}),
        ("alarm_about_something", {"subject": -1}),
        ("alarm_times_forward", {"seen_at": BEFORE}),
        ("alarm_times_forward", {"closed_at": BEFORE}),
        ("alarm_times_forward", {"gone_at": BEFORE}),
    ],
)
def test_an_alarm_is_whole(name: str, change: dict[str, Any]) -> None:
    alarm = raised()
    with refuses(name):
        Alarm.objects.filter(pk=alarm.pk).update(**change)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("task_has_words", {"text": ""}),
        ("task_times_forward", {"acknowledge_by": NINE}),
        ("task_times_forward", {"due_at": NINE}),
        ("task_times_forward", {"acknowledged_at": BEFORE}),
        ("task_times_forward", {"ended_at": BEFORE}),
    ],
)
def test_a_task_is_whole(name: str, change: dict[str, Any]) -> None:
    task = AlarmTask.objects.get(alarm=assigned())
    with refuses(name):
        AlarmTask.objects.filter(pk=task.pk).update(**change)


def test_an_alarm_is_one_areas_task_at_a_time() -> None:
    task = AlarmTask.objects.get(alarm=assigned())
    task.pk = None
    with refuses("task_one_at_a_time"):
        task.save()


def step(kind: str, text: str = "", alarm: Alarm | None = None) -> AlarmStep:
    return AlarmStep.objects.create(alarm=alarm or raised(), kind=kind, text=text, at=NINE, by=officer())


def test_steps_are_known() -> None:
    with refuses("alarm_step_known"):
        step("forgotten")


@pytest.mark.parametrize("kind", ["assigned", "done", "closed"])
def test_what_others_read_has_words(kind: str) -> None:
    with refuses("alarm_step_with_its_words"):
        step(kind)


def test_an_alarm_ends_once() -> None:
    alarm = raised()
    step("closed", "Xong", alarm)
    with refuses("alarm_ends_once"):
        step("gone", alarm=alarm)


def test_an_alarm_is_verified_once() -> None:
    alarm = raised()
    step("verified", alarm=alarm)
    with refuses("alarm_verified_once"):
        step("verified", alarm=alarm)
