"""Series of days as curves: means, weeks, and where they stand on a page. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
WEEK = 7


def mean_of_week(cases: Mapping[date, int]) -> dict[date, float]:
    """For each day the mean of the seven days that end with it; a day without a number counts as none was told, so
    that a mean needs at least four told days."""
    found = {}
    for day in _days(cases):
        told = [cases[day - ONE_DAY * back] for back in range(WEEK) if day - ONE_DAY * back in cases]
        if len(told) > WEEK // 2:
            found[day] = sum(told) / len(told)
    return found


def by_week(cases: Mapping[date, int]) -> dict[date, int]:
    """The sum of each week from Monday to Sunday, by its Monday; only weeks with a number."""
    found: dict[date, int] = {}
    for day, number in cases.items():
        monday = day - ONE_DAY * day.weekday()
        found[monday] = found.get(monday, 0) + number
    return dict(sorted(found.items()))


def _days(cases: Mapping[date, int]) -> list[date]:
    if not cases:
        return []
    first, last = min(cases), max(cases)
    return [first + ONE_DAY * i for i in range((last - first).days + 1)]


def round_above(number: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50 … that is not below."""
    if number <= 1:
        return 1
    power = int(10 ** math.floor(math.log10(number)))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= number)


def ticks(highest: float, *, most: int = 4) -> list[int]:
    """Round numbers from 0 to above `highest`, at equal steps."""
    step = round_above(max(highest, 1) / most)
    return [step * i for i in range(math.ceil(max(highest, 1) / step) + 1)]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where numbers stand in a drawing: `first` at the left edge, 0 at the bottom, `top` above."""

    first: date
    days: int
    top: float
    left: float
    right: float
    upper: float
    lower: float

    @property
    def slot(self) -> float:
        """The width of a day."""
        return (self.right - self.left) / max(self.days, 1)

    def x(self, day: date) -> float:
        """The middle of a day."""
        return round(self.left + self.slot * ((day - self.first).days + 0.5), 1)

    def y(self, number: float) -> float:
        return round(self.lower - (self.lower - self.upper) * max(number, 0) / self.top, 1)

    def bars(self, cases: Mapping[date, int]) -> str:
        """All bars as one path."""
        half = max(self.slot * 0.4, 0.3)
        bars = [
            f"M{self.x(day) - half:.1f} {self.lower:g}V{self.y(n):g}h{2 * half:.1f}V{self.lower:g}z"
            for day, n in sorted(cases.items())
            if n > 0
        ]
        return "".join(bars)

    def line(self, points: Mapping[date, float]) -> str:
        """A line through the points; it breaks where a day is missing."""
        drawn, last = [], None
        for day, number in sorted(points.items()):
            joined = last is not None and day - last <= ONE_DAY
            drawn.append(f"{'L' if joined else 'M'}{self.x(day):g} {self.y(number):g}")
            last = day
        return "".join(drawn)


def month_starts(first: date, last: date, *, most: int = 8) -> list[date]:
    """First days of months in the period, at equal steps of months, at most so many."""
    starts = []
    day = first.replace(day=1)
    while day <= last:
        if day >= first:
            starts.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return starts[:: max(1, math.ceil(len(starts) / most))]


SHADES: Sequence[int] = (0, 1, 10, 100, 1_000, 10_000)


def shade_of(cases: int) -> int:
    """The class of a week's cases: 0 none, then ten times as many each, 5 from 10,000 on."""
    return max(number for number, least in enumerate(SHADES) if max(cases, 0) >= least)
