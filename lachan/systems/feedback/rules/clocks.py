"""By when something is due, and how far what is overdue has climbed. Days are those of the zone given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from lachan.policy.feedback import Category, FeedbackPolicy, Rung, Within

LEVELS: Final[dict[Rung, int]] = {"commune": 3, "district": 2, "province": 1, "centre": 0}
ONE_DAY = timedelta(days=1)


def is_working_day(day: date, policy: FeedbackPolicy) -> bool:
    return day.isoweekday() not in policy.weekend and day not in policy.holidays


def due_at(start: datetime, within: Within, policy: FeedbackPolicy, zone: ZoneInfo) -> datetime:
    """The end of `within`, counted from `start`. Working days are counted from the day after, and the last ends at
    the hour at which offices close."""
    if within.hours:
        return start + timedelta(hours=within.hours)
    day, left = start.astimezone(zone).date(), within.working_days
    while left:
        day += ONE_DAY
        left -= is_working_day(day, policy)
    return datetime.combine(day, time(policy.day_ends_hour), zone).astimezone(start.tzinfo)


def ladder(levels: Sequence[int], rung: Rung) -> list[int]:
    """Of the levels of the units that hold a report (3 commune to 0 country, in any order), those that answer it, the
    first first. A scheme without districts begins at the province instead."""
    return sorted((level for level in levels if level <= LEVELS[rung]), reverse=True)


@dataclass(frozen=True, slots=True)
class Climb:
    """From `at` on it is the turn of the unit at `step` of the ladder (0 the first), until `due_at`."""

    step: int
    at: datetime
    due_at: datetime


def climbs(
    step: int,
    due: datetime,
    *,
    top: int,
    category: Category,
    policy: FeedbackPolicy,
    zone: ZoneInfo,
    at: datetime,
) -> list[Climb]:
    """The rungs climbed by `at` when nothing was done at `step` by `due`, oldest first; nothing climbs above `top`."""
    found = []
    while due <= at and step < top:
        step, began = step + 1, due
        due = due_at(began, category.step, policy, zone)
        found.append(Climb(step, began, due))
    return found
