"""The state of alarms, computed from what was done with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import cast

from lachan.centre.alarms.rules.states import Evidence, State, StepKind, state
from lachan.centre.models import Alarm, AlarmStep


def states_of(alarms: Iterable[Alarm]) -> Mapping[int, State]:
    """By number of the alarm; one query, however many."""
    ids = [alarm.pk for alarm in alarms]
    done: dict[int, list[Evidence]] = defaultdict(list)
    for row in AlarmStep.objects.filter(alarm__in=ids):
        done[row.alarm_id].append(Evidence(cast(StepKind, row.kind), row.at, row.pk))
    return {pk: state(done[pk]) for pk in ids}


def state_of(alarm: Alarm) -> State:
    return states_of([alarm])[alarm.pk]
