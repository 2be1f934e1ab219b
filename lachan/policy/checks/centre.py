"""What types cannot say about measured signs and about alarms."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from lachan.policy.alarms import AlarmKind, AlarmPolicy
from lachan.policy.checks.general import check_positive
from lachan.policy.errors import PolicyError, Spot
from lachan.policy.signs import SignsPolicy

COLDEST, HOTTEST = 36.0, 40.0


def check_signs(policy: SignsPolicy, spot: Spot) -> None:
    """Limits that a healthy person keeps."""
    if not COLDEST <= policy.fever_above <= HOTTEST:
        raise PolicyError(spot.at_field("fever_above"), "it is no fever", "Write degrees Celsius, 36 to 40")
    if not 0 < policy.spo2_below <= 100:
        raise PolicyError(spot.at_field("spo2_below"), "it is no share", "Write percent, 1 to 100")
    if policy.pulse_low >= policy.pulse_high:
        raise PolicyError(spot.at_field("pulse_low"), "no pulse lies between", "Make it less than pulse_high")
    check_positive(policy, spot, ("breaths_above",))


def check_alarms(policy: AlarmPolicy, spot: Spot) -> None:
    """Each kind has one row."""
    days = ("supply_days", "pace_days", "silent_days", "habit_days", "habit_of", "acknowledge_hours")
    check_positive(policy, spot, days)
    if policy.habit_days > policy.habit_of:
        raise PolicyError(spot.at_field("habit_days"), "there are fewer days", "Make it at most habit_of")
    seen = Counter(limit.kind for limit in policy.limits)
    for kind in get_args(AlarmKind):
        if seen[kind] != 1:
            raise PolicyError(
                spot.at_field("limits"), f"{kind!r} stands {seen[kind]} times", "Give each kind one row"
            )
    for index, limit in enumerate(policy.limits):
        at = spot.at_field(f"limits[{index}]")
        check_positive(limit, at, ("hurts", "least"))
        if limit.hurts > 100:
            raise PolicyError(at, f"hurts {limit.hurts}", "Write 1 to 100")
