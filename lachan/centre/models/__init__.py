"""The tables of the centre, a file for each part."""

from lachan.centre.models.alarms import Alarm, AlarmStep, AlarmTask
from lachan.centre.models.counters import Counted, DayCount, Difference, Recount, SituationReport
from lachan.centre.models.daily_counts import (
    REJECTED,
    RELEASED,
    CountDecision,
    CountUpload,
    DailyCount,
    RefusedCount,
)

__all__ = [
    "REJECTED",
    "RELEASED",
    "Alarm",
    "AlarmStep",
    "AlarmTask",
    "CountDecision",
    "CountUpload",
    "Counted",
    "DailyCount",
    "DayCount",
    "Difference",
    "Recount",
    "RefusedCount",
    "SituationReport",
]
