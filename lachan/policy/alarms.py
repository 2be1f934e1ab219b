"""When what is left undone becomes an alarm of the centre, and how much each kind hurts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lachan.policy.basis import RuleSet

AlarmKind = Literal[
    "serious-reaction", "stock-out", "full-site", "silent-area", "overdue-tests", "overdue-orders", "overdue-reports",
    "report-cluster", "held-counts", "parked-events", "counter-difference",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLimit:
    """`least`: fewer things are no alarm. `age_hours`: nor are younger ones. `hurts`: 0 to 100, before age and number
    add to it."""

    kind: AlarmKind
    hurts: int
    least: int = 1
    age_hours: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmPolicy(RuleSet):
    """A row for each kind. A store runs out with less than `supply_days` at the pace of `pace_days`. An area is silent
    after `silent_days` without numbers, if it sent them on `habit_days` of the `habit_of` before. A task of an alarm is
    acknowledged within `acknowledge_hours`, or goes one unit up."""

    limits: tuple[AlarmLimit, ...]
    supply_days: int
    pace_days: int
    silent_days: int
    habit_days: int
    habit_of: int
    acknowledge_hours: int

    def limit(self, kind: str) -> AlarmLimit:
        """The row of a kind: the loader has checked that there is one."""
        return next(limit for limit in self.limits if limit.kind == kind)
