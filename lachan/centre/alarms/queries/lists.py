"""Alarms as a posting sees them: about its ground, or given to it as a task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.centre.alarms.queries.states import states_of
from lachan.centre.alarms.rules.states import State
from lachan.centre.models import Alarm, AlarmStep, AlarmTask
from lachan.core import areas
from lachan.core.errors import Refusal
from lachan.core.models import Place, Posting

OF_PLACES = ("full-site", "stock-out")


class AlarmNotVisible(Refusal):
    """The same answer for "no such alarm" and "not yours to see"."""

    status = 404

    def __init__(self) -> None:
        super().__init__("alarm-not-visible", _("There is no alarm here that your posting may see."))


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """`task` is None when it is nobody's; `subject` the name of the site or store that it is about."""

    alarm: Alarm
    state: State
    task: AlarmTask | None
    subject: str


def tasks(posting: Posting) -> QuerySet[AlarmTask]:
    """Tasks that were given to offices on the posting's ground; at a place there are none."""
    if posting.area is None:
        return AlarmTask.objects.none()
    return AlarmTask.objects.filter(areas.inside("area__", posting.area))


def running_tasks(posting: Posting) -> QuerySet[AlarmTask]:
    return tasks(posting).filter(ended_at__isnull=True)


def alarms(posting: Posting) -> QuerySet[Alarm]:
    if posting.area is None:
        return Alarm.objects.none()
    given = Exists(tasks(posting).filter(alarm=OuterRef("pk")))
    here = Alarm.objects.filter(areas.inside("area__", posting.area) | Q(given))
    return here.select_related("area__parent__parent")


def open_alarms(posting: Posting) -> QuerySet[Alarm]:
    return alarms(posting).filter(closed_at__isnull=True)


def to_verify(posting: Posting) -> QuerySet[Alarm]:
    """Those that nobody has looked at."""
    return open_alarms(posting).filter(~Exists(AlarmStep.objects.filter(alarm=OuterRef("pk"))))


def to_close(posting: Posting) -> QuerySet[Alarm]:
    """Those of which the locality says that they are done, and those whose cause is gone."""
    steps, running = (
        AlarmStep.objects.filter(alarm=OuterRef("pk")),
        AlarmTask.objects.filter(alarm=OuterRef("pk"), ended_at__isnull=True),
    )
    said = Exists(steps.filter(kind="done")) & ~Exists(running)
    return open_alarms(posting).filter(Q(said) | Q(gone_at__isnull=False))


def with_us(found: QuerySet[Alarm], posting: Posting) -> QuerySet[Alarm]:
    """Those whose running task is the posting's own unit's."""
    ours = AlarmTask.objects.filter(alarm=OuterRef("pk"), area=posting.area, ended_at__isnull=True)
    return found.filter(Exists(ours))


def alarm_for(posting: Posting, number: int) -> Alarm:
    """Raises AlarmNotVisible."""
    found = alarms(posting).filter(pk=number).first()
    if found is None:
        raise AlarmNotVisible
    return found


def task_for(posting: Posting, alarm: Alarm) -> AlarmTask | None:
    """The running task, if the posting may answer it."""
    return running_tasks(posting).filter(alarm=alarm).select_related("area").first()


def lines(found: Sequence[Alarm]) -> list[AlarmLine]:
    """Three queries, however many."""
    states, running, names = states_of(found), _running(found), _names(found)
    return [
        AlarmLine(
            alarm,
            states[alarm.pk],
            running.get(alarm.pk),
            names.get(alarm.subject, "") if alarm.kind in OF_PLACES else "",
        )
        for alarm in found
    ]


def _running(found: Sequence[Alarm]) -> Mapping[int, AlarmTask]:
    rows = AlarmTask.objects.filter(alarm__in=[a.pk for a in found], ended_at__isnull=True)
    return {task.alarm_id: task for task in rows.select_related("area")}


def _names(found: Sequence[Alarm]) -> Mapping[int, str]:
    subjects = [alarm.subject for alarm in found if alarm.kind in OF_PLACES]
    return dict(Place.objects.filter(pk__in=subjects).values_list("pk", "name"))
