"""Causes of alarms: when a finding is worth one, and how much it hurts if it is left; the limits are policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, get_args

from lachan.policy.alarms import AlarmKind, AlarmPolicy

Kind = AlarmKind
KINDS: Final[Sequence[Kind]] = get_args(AlarmKind)
MOST_FOR_AGE, MOST_FOR_NUMBER = 8, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something that is so now: `count` things since `oldest_at` in an area; `subject` is the number of the site, store
    or reaction that it is about (0: the area itself). The same kind, area and subject are one cause."""

    kind: Kind
    area_id: int
    subject: int = 0
    count: int
    oldest_at: datetime | None = None

    @property
    def key(self) -> tuple[str, int, int]:
        return self.kind, self.area_id, self.subject


def is_alarming(cause: Cause, policy: AlarmPolicy, *, at: datetime) -> bool:
    """Whether there is enough of it, for long enough."""
    limit = policy.limit(cause.kind)
    old = cause.oldest_at is None or at - cause.oldest_at >= timedelta(hours=limit.age_hours)
    return cause.count >= limit.least and old


def urgency(cause: Cause, policy: AlarmPolicy, *, at: datetime) -> int:
    """0 to 100: the kind, one more for each day up to 8, and for each doubling of the number up to 7."""
    days = (at - cause.oldest_at).days if cause.oldest_at else 0
    number = max(cause.count, 1).bit_length() - 1
    more = min(max(days, 0), MOST_FOR_AGE) + min(number, MOST_FOR_NUMBER)
    return min(policy.limit(cause.kind).hurts + more, 100)


def is_silent(reported: Sequence[date], policy: AlarmPolicy, *, today: date) -> bool:
    """Whether an area that reported nearly every day of a fortnight has said nothing for two days. The day that runs
    does not count: its numbers come in the evening."""
    if not reported:
        return False
    last = max(reported)
    missing = (today - last).days - 1
    habit = [day for day in set(reported) if 0 <= (last - day).days < policy.habit_of]
    return policy.silent_days <= missing <= policy.habit_of and len(habit) >= policy.habit_days


def runs_out(on_hand: int, policy: AlarmPolicy, *, used: int) -> bool:
    """Whether what is usable lasts fewer than the days of the policy at the pace of its `pace_days`."""
    return used > 0 and on_hand * policy.pace_days < used * policy.supply_days
