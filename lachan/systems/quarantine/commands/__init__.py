"""Everything that writes in quarantine, gathered from its parts."""

from lachan.systems.quarantine.commands.beds import (
    CannotAssignBed,
    Placed,
    assign_bed,
    assign_beds_automatically,
    open_room,
    send_to_site,
    vacate,
)
from lachan.systems.quarantine.commands.entry import EntryDuty, impose
from lachan.systems.quarantine.commands.monitoring import (
    CannotRecordReading,
    Reported,
    record_reading,
    take_reports,
)
from lachan.systems.quarantine.commands.orders import (
    CannotIssueOrder,
    CannotServeAtHome,
    Exposure,
    Lifting,
    Sampled,
    allow_home,
    decide_exposures,
    isolate,
    issue_order,
    lift_orders,
    restore,
    unite,
)
from lachan.systems.quarantine.commands.release import (
    CannotRelease,
    Outcome,
    propose_early_release,
    release,
    second_sign,
)

__all__ = [
    "CannotAssignBed",
    "CannotIssueOrder",
    "CannotRecordReading",
    "CannotRelease",
    "CannotServeAtHome",
    "EntryDuty",
    "Exposure",
    "Lifting",
    "Outcome",
    "Placed",
    "Reported",
    "Sampled",
    "allow_home",
    "assign_bed",
    "assign_beds_automatically",
    "decide_exposures",
    "impose",
    "isolate",
    "issue_order",
    "lift_orders",
    "open_room",
    "propose_early_release",
    "record_reading",
    "release",
    "restore",
    "second_sign",
    "send_to_site",
    "take_reports",
    "unite",
    "vacate",
]
