"""A task that nobody acknowledged in time goes one unit up."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lachan.centre.alarms.queries.causes import acknowledge_by
from lachan.centre.models import Alarm, AlarmStep, AlarmTask
from lachan.core import bulk
from lachan.core.eventlog import emit
from lachan.core.events import AlarmEscalated
from lachan.core.models import Actor

BATCH = 200


def escalate_unacknowledged(*, actor: Actor, at: datetime) -> int:
    """How many tasks went up; at the top they stay. Again changes nothing before the next unit's time is over."""
    total = 0
    while climbed := _escalate_batch(actor, at):
        total += climbed
    return total


@transaction.atomic
def _escalate_batch(actor: Actor, at: datetime) -> int:
    """The alarms are locked first, as by everybody who acts on them."""
    late = AlarmTask.objects.filter(
        ended_at__isnull=True,
        acknowledged_at__isnull=True,
        acknowledge_by__lte=at,
        area__parent__isnull=False,
    )
    ids = list(late.order_by("acknowledge_by", "pk").values_list("alarm", flat=True)[:BATCH])
    held = list(Alarm.objects.select_for_update(skip_locked=True).filter(pk__in=ids).order_by("pk"))
    tasks = list(late.filter(alarm__in=held).select_related("area__parent", "alarm").order_by("pk"))
    AlarmTask.objects.filter(pk__in=[task.pk for task in tasks]).update(ended_at=at)
    bulk.insert([_higher(task, at) for task in tasks])
    _tell(tasks, actor, at)
    return len(tasks)


def _higher(task: AlarmTask, at: datetime) -> AlarmTask:
    until = acknowledge_by(at)
    return AlarmTask(
        alarm=task.alarm, area=task.area.parent, text=task.text, rung=task.rung + 1, given_at=at,
        given_by_id=task.given_by_id, acknowledge_by=until, due_at=max(task.due_at, until),
    )  # fmt: skip


def _tell(tasks: Sequence[AlarmTask], actor: Actor, at: datetime) -> None:
    AlarmStep.objects.bulk_create(
        AlarmStep(alarm=task.alarm, kind="escalated", area=task.area.parent, at=at, by=actor)
        for task in tasks
    )
    told = [
        AlarmEscalated(
            alarm_id=task.alarm_id, area_id=task.area.parent_id or 0, happened_at=at,
            ref=f"centre.alarm:{task.alarm_id}", caused_by=task.alarm.raising_event_id,
        )
        for task in tasks
    ]  # fmt: skip
    emit(told, actor=actor)
