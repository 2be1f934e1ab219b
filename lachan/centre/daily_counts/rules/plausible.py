"""Which daily counts cannot be right as they stand, and are held back until a person has looked.

A day is compared with the second highest day around it, not with an average: a wave that doubles every third day stays
below the limit on every one of its days, while a slip of the keyboard does not, and one other slip beside it hides
nothing. The limits are choices of this program, measured on Viet Nam's provinces from March 2020 to January 2022.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

HoldCode = Literal["negative", "total-falls", "too-many-people", "spike", "day-twice"]
HOLDS: Final[tuple[HoldCode, ...]] = ("negative", "total-falls", "too-many-people", "spike", "day-twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`least`: smaller counts are never a spike. `times`: so often the second highest of the days up to `days` before
    and after. `reported`: with fewer days known around it there is nothing to compare with. `share`: of the people who
    live there, on one day (the highest true day of 2021 was 0.36 %)."""

    least: int = 300
    times: float = 8.0
    days: int = 14
    reported: int = 4
    share: float = 0.01


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What one row says of one day in one area. `number` is its row; `total`: all cases until the end of the day."""

    number: int
    day: date
    cases: int
    deaths: int | None = None
    total: int | None = None

    @property
    def figures(self) -> tuple[int, int | None, int | None]:
        return self.cases, self.deaths, self.total


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a count is held, and the figure that it was compared with (None: there is none)."""

    code: HoldCode
    against: int | None = None


@dataclass(slots=True)
class _Known:
    """What is believed of the days of one area."""

    cases: dict[date, int]
    totals: dict[date, int]
    people: int | None
    limits: Limits
    held: dict[int, Hold] = field(default_factory=dict)


def implausible(
    rows: Iterable[Count],
    *,
    cases: Mapping[date, int],
    totals: Mapping[date, int],
    people: int | None,
    limits: Limits = LIMITS,
) -> dict[int, Hold]:
    """The rows of one area to be held, by number; `cases` and `totals` are what is known of its days already.

    Rows that are held are no measure for the others. The same rows in another order give the same answer.
    """
    first, twice = _first_of_each_day(rows)
    known = _Known(dict(cases), dict(totals), people, limits)
    known.held.update({row.number: Hold("day-twice", kept.cases) for row, kept in twice})
    believed = [row for row in first if not _impossible_alone(row, known)]
    known.cases.update({row.day: row.cases for row in believed})
    believed = _without_spikes(believed, known)
    _note_falling_totals(believed, known)
    return known.held


def _first_of_each_day(rows: Iterable[Count]) -> tuple[list[Count], list[tuple[Count, Count]]]:
    """The first row of each day, and the rows that say something else of a day than its first."""
    kept: dict[date, Count] = {}
    twice = []
    for row in sorted(rows, key=lambda row: row.number):
        first = kept.setdefault(row.day, row)
        if row.figures != first.figures:
            twice.append((row, first))
    return list(kept.values()), twice


def _impossible_alone(row: Count, known: _Known) -> bool:
    if min(row.cases, row.deaths or 0, row.total or 0) < 0:
        known.held[row.number] = Hold("negative")
    elif known.people and row.cases > known.people * known.limits.share:
        known.held[row.number] = Hold("too-many-people", known.people)
    return row.number in known.held


def _without_spikes(rows: list[Count], known: _Known) -> list[Count]:
    """The highest first, so that what is held is no measure for what is looked at next."""
    kept = []
    for row in sorted(rows, key=lambda row: (-row.cases, row.day)):
        measure = _second_highest_around(row.day, known)
        if row.cases >= known.limits.least and measure is not None and row.cases > _bound(measure, known):
            known.held[row.number] = Hold("spike", measure)
            del known.cases[row.day]
        else:
            kept.append(row)
    return kept


def _bound(measure: int, known: _Known) -> float:
    return max(measure, 1) * known.limits.times


def _second_highest_around(day: date, known: _Known) -> int | None:
    around = sorted(_around(day, known), reverse=True)
    return around[1] if len(around) >= known.limits.reported else None


def _around(day: date, known: _Known) -> Iterator[int]:
    for away in range(1, known.limits.days + 1):
        for other in (day - timedelta(days=away), day + timedelta(days=away)):
            if other in known.cases:
                yield known.cases[other]


def _note_falling_totals(rows: list[Count], known: _Known) -> None:
    """A total below that of the last day before: one of the two is wrong."""
    earlier = sorted(known.totals.items())
    highest, at = None, 0
    for row in sorted((r for r in rows if r.total is not None), key=lambda row: row.day):
        while at < len(earlier) and earlier[at][0] < row.day:
            highest, at = max(highest or 0, earlier[at][1]), at + 1
        if highest is not None and row.total is not None and row.total < highest:
            known.held[row.number] = Hold("total-falls", highest)
        elif row.total is not None:
            highest = row.total
