"""A series of days as a drawing: bars for the days, a line for the mean, marks for what is held back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lachan.centre.daily_counts.rules.curves import (
    Frame,
    by_week,
    mean_of_week,
    month_starts,
    round_above,
    ticks,
)

WIDTH, HEIGHT = 760, 280
LEFT, RIGHT, UPPER, LOWER = 56, 690, 22, 240
SMALL_WIDTH, SMALL_HEIGHT = 160, 48
DAYS_OF_WEEK = 7


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws. `end`: where the line ends and its name stands. `marks`: days that are held back."""

    bars: str
    line: str
    across: Sequence[Tick]
    up: Sequence[Tick]
    marks: Sequence[tuple[float, str]]
    end: tuple[float, float]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    lower: int = LOWER
    upper: int = UPPER


def chart(cases: Mapping[date, int], held: Mapping[date, int]) -> Chart | None:
    """None where no day is known. Numbers that are held back do not stretch the axis."""
    days = [*cases, *held]
    if not cases:
        return None
    first, last = min(days), max(days)
    up = ticks(max(cases.values()))
    frame = Frame(first, (last - first).days + 1, up[-1], LEFT, RIGHT, UPPER, LOWER)
    means = mean_of_week(cases)
    end = max(means, default=last)
    months = month_starts(first, last) or [first]
    return Chart(
        bars=frame.bars(cases),
        line=frame.line(means),
        across=[Tick(frame.x(day), f"{day:%m/%Y}") for day in months],
        up=[Tick(frame.y(n), _short(n)) for n in up],
        marks=[(frame.x(day), f"{day:%d/%m/%Y}: {n}") for day, n in sorted(held.items())],
        end=(frame.x(end), frame.y(means.get(end, 0))),
    )


def _short(number: int) -> str:
    """1000 as 1 000, in every language."""
    return f"{number:,}".replace(",", "\u202f")


@dataclass(frozen=True, slots=True)
class Small:
    """A province among many: the weeks as an area, the highest week beside it."""

    path: str
    highest: int
    highest_on: date | None
    total: int
    width: int = SMALL_WIDTH
    height: int = SMALL_HEIGHT


def small(cases: Mapping[date, int], *, first: date, last: date) -> Small:
    """The weeks of an area between two Mondays, each province on a scale of its own."""
    weeks = by_week(cases)
    highest = max(weeks.values(), default=0)
    on = next((monday for monday, n in weeks.items() if n == highest), None)
    count = (last - first).days // DAYS_OF_WEEK + 1
    top = round_above(highest)
    frame = Frame(first, count * DAYS_OF_WEEK, top, 0, SMALL_WIDTH, 2, SMALL_HEIGHT)
    points = [f"{frame.x(monday):g} {frame.y(n):g}" for monday, n in weeks.items()]
    path = ""
    if points:
        start, end = frame.x(next(iter(weeks))), frame.x(next(reversed(weeks)))
        path = f"M{start:g} {SMALL_HEIGHT}L" + "L".join(points) + f"L{end:g} {SMALL_HEIGHT}z"
    return Small(path, highest, on, sum(weeks.values()))
