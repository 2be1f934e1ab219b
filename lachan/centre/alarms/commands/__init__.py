"""Everything that writes alarms, gathered from its parts."""

from lachan.centre.alarms.commands.escalating import escalate_unacknowledged
from lachan.centre.alarms.commands.handling import (
    CannotHandle,
    acknowledge_task,
    assign_alarm,
    close_alarm,
    report_done,
    verify_alarm,
)
from lachan.centre.alarms.commands.raising import Looked, look, raise_alarms

__all__ = [
    "CannotHandle",
    "Looked",
    "acknowledge_task",
    "assign_alarm",
    "close_alarm",
    "escalate_unacknowledged",
    "look",
    "raise_alarms",
    "report_done",
    "verify_alarm",
]
