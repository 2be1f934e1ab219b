"""What people do with an alarm: verify, give to a locality, acknowledge, say what was done, close."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.centre.alarms.queries.causes import acknowledge_by
from lachan.centre.alarms.queries.states import state_of
from lachan.centre.alarms.rules.states import StepKind, may_follow
from lachan.centre.models import Alarm, AlarmStep, AlarmTask
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import AlarmAcknowledged, AlarmAssigned, AlarmClosed, AlarmVerified
from lachan.core.models import Actor, Area

LONGEST = 1_000


class CannotHandle(Refusal):
    """alarm-state: it does not follow on what was done; words-missing; due-past; task-elsewhere."""


@transaction.atomic
def verify_alarm(*, alarm: Alarm, actor: Actor, at: datetime) -> None:
    """A person looked: it is so. Raises CannotHandle."""
    row = held(alarm)
    _allowed(row, "verified")
    _note(row, "verified", actor=actor, at=at)
    emit([AlarmVerified(alarm_id=row.pk, **_told(row, at))], actor=actor)


@transaction.atomic
def assign_alarm(
    *, alarm: Alarm, area: Area, text: str, due_at: datetime, actor: Actor, at: datetime
) -> AlarmTask:
    """Make it the task of the offices of an area, to be acknowledged within two hours and done by `due_at`; a task that
    runs ends. Raises CannotHandle."""
    words = _words(text, _("Write what the locality is to do."))
    if due_at <= at:
        raise CannotHandle("due-past", _("The time by which it is to be done has passed."))
    row = held(alarm)
    _allowed(row, "assigned")
    end_task(row, at=at)
    task = AlarmTask.objects.create(
        alarm=row, area=area, text=words, given_at=at, given_by=actor, due_at=due_at,
        acknowledge_by=acknowledge_by(at),
    )  # fmt: skip
    _note(row, "assigned", actor=actor, at=at, area=area, text=words)
    emit([AlarmAssigned(alarm_id=row.pk, area_id=area.pk, **_told(row, at))], actor=actor)
    return task


@transaction.atomic
def acknowledge_task(*, alarm: Alarm, actor: Actor, at: datetime) -> AlarmTask:
    """The locality takes the task on. Raises CannotHandle."""
    row = held(alarm)
    _allowed(row, "acknowledged")
    task = running(row)
    AlarmTask.objects.filter(pk=task.pk).update(acknowledged_at=at)
    _note(row, "acknowledged", actor=actor, at=at, area=task.area)
    emit([AlarmAcknowledged(alarm_id=row.pk, area_id=task.area_id, **_told(row, at))], actor=actor)
    return task


@transaction.atomic
def report_done(*, alarm: Alarm, text: str, actor: Actor, at: datetime) -> None:
    """The locality says what it did; who leads closes, or gives the task anew. Raises CannotHandle."""
    words = _words(text, _("Write what was done."))
    row = held(alarm)
    _allowed(row, "done")
    task = running(row)
    end_task(row, at=at)
    _note(row, "done", actor=actor, at=at, area=task.area, text=words)


@transaction.atomic
def close_alarm(*, alarm: Alarm, text: str, actor: Actor, at: datetime) -> None:
    """It is over; `text` says what was done, or why it was none. Raises CannotHandle."""
    words = _words(text, _("Write what was done, or why it was no alarm."))
    row = held(alarm)
    _allowed(row, "closed")
    end_task(row, at=at)
    _note(row, "closed", actor=actor, at=at, text=words)
    Alarm.objects.filter(pk=row.pk).update(closed_at=at)
    emit([AlarmClosed(alarm_id=row.pk, by_itself=False, **_told(row, at))], actor=actor)


def held(alarm: Alarm) -> Alarm:
    """The alarm, locked until the end of the transaction: of two who act at once the second sees what the first did."""
    return Alarm.objects.select_for_update(of=("self",)).select_related("area").get(pk=alarm.pk)


def running(alarm: Alarm) -> AlarmTask:
    return AlarmTask.objects.select_related("area").get(alarm=alarm, ended_at__isnull=True)


def end_task(alarm: Alarm, *, at: datetime) -> None:
    AlarmTask.objects.filter(alarm=alarm, ended_at__isnull=True).update(ended_at=at)


def _allowed(alarm: Alarm, step: StepKind) -> None:
    if not may_follow(state_of(alarm), step):
        raise CannotHandle(
            "alarm-state", _("This cannot be done with the alarm any more. Load the page again.")
        )


def _words(text: str, sentence: Any) -> str:
    words = text.strip()[:LONGEST]
    if not words:
        raise CannotHandle("words-missing", sentence)
    return words


def _note(
    alarm: Alarm, kind: StepKind, *, actor: Actor, at: datetime, area: Area | None = None, text: str = ""
) -> None:
    AlarmStep.objects.create(alarm=alarm, kind=kind, area=area, text=text, at=at, by=actor)


def _told(alarm: Alarm, at: datetime) -> dict[str, Any]:
    return {"happened_at": at, "ref": f"centre.alarm:{alarm.pk}", "caused_by": alarm.raising_event_id}
