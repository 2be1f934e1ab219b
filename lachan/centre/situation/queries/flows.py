"""Sums of the counters, made when somebody reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection

from lachan.centre.situation.queries.ground import Part, units
from lachan.centre.situation.queries.remembering import remembered
from lachan.centre.situation.rules.measures import FLOWS, ratio
from lachan.core.models import Area

Flows = Mapping[str, int]
ONE = timedelta(days=1)
SUMS = ", ".join(f"sum(c.{measure})" for measure in FLOWS)
OF_UNITS = f"""
    SELECT c.day, {SUMS} FROM centre_day_count c
    WHERE c.day >= %s AND c.day < %s AND (%s OR c.area_id = ANY(%s)) GROUP BY c.day
"""  # noqa: S608 - our own names
COMPARED: Final = (
    "cases", "tests", "positives", "negatives", "results_in_time", "contacts", "contacts_in_time", "doses",
)  # fmt: skip
"""What units are compared by."""
# First by unit, so that the join has one row a unit and span.
OF_PARTS = f"""
    SELECT p.part, c.span, {", ".join(f"sum(c.{m})" for m in COMPARED)}
    FROM unnest(%s::bigint[], %s::bigint[]) p(area_id, part) JOIN (
        SELECT area_id, width_bucket(day, %s::date[]) AS span, {", ".join(f"sum({m}) AS {m}" for m in COMPARED)}
        FROM centre_day_count WHERE day >= %s AND day < %s GROUP BY 1, 2
    ) c ON c.area_id = p.area_id
    GROUP BY 1, 2
"""  # noqa: S608 - our own names
WAITING = """
    SELECT e.recorded_at FROM core_delivery d JOIN core_event e ON e.id = d.event_id
    WHERE d.subscriber = 'situation' AND d.parked_at IS NULL ORDER BY d.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened in an area on the local days from `from_on` until (not including) `to_on`, by day; days without
    anything are left out. Everything recorded until `as_of` is counted in."""

    area: Area
    from_on: date
    to_on: date
    as_of: datetime
    days: Mapping[date, Flows]

    def total(self, from_on: date | None = None, to_on: date | None = None) -> dict[str, int]:
        """The sums of these days, or of some of them."""
        first, end = from_on or self.from_on, to_on or self.to_on
        return added(flows for day, flows in self.days.items() if first <= day < end)

    def on(self, day: date, measure: str) -> int:
        return self.days.get(day, {}).get(measure, 0)

    def ratio(self, name: str, from_on: date | None = None, to_on: date | None = None) -> float | None:
        """A share (per cent) or mean (hours) over the days: `rules.measures.RATIOS`."""
        return ratio(name, self.total(from_on, to_on))


def added(flows: Iterable[Flows]) -> dict[str, int]:
    found = dict.fromkeys(FLOWS, 0)
    for each in flows:
        for measure, n in each.items():
            found[measure] += n
    return found


def figures(area: Area, from_on: date, to_on: date, *, at: datetime) -> Figures:
    """The figures of an area and of everything on its ground, as of `at`; two statements."""
    given = [from_on, to_on, area.level == 0, [] if area.level == 0 else list(units(area))]
    days = {row[0]: _flows(row[1:]) for row in _rows(OF_UNITS, given)}
    return Figures(area, from_on, to_on, as_of(at), days)


def recent(area: Area, day: date, days: int, *, at: datetime) -> Figures:
    """`figures` of so many days until and with `day`; those that are over may be a minute old, as `as_of` says."""
    first = day - timedelta(days=days - 1)
    asked, past = remembered(("past", area.pk, first, day), at, lambda: figures(area, first, day, at=at))
    today = figures(area, day, day + ONE, at=at)
    known = {**past.days, **today.days}
    return Figures(area, first, day + ONE, min(asked, past.as_of, today.as_of), known)


def by_part(below: Sequence[Part], cuts: Sequence[date]) -> dict[int, list[dict[str, int]]]:
    """What units are compared by (`COMPARED`), for each of them (by the id of its area) and each span between two
    cuts, in one statement. A unit that was divided counts for each that got a part of it."""
    pairs = [(unit, part.area.pk) for part in below for unit in part.units]
    given = [[unit for unit, _ in pairs], [part for _, part in pairs], list(cuts), cuts[0], cuts[-1]]
    found = {part.area.pk: [dict.fromkeys(COMPARED, 0) for _ in cuts[1:]] for part in below}
    for part, span, *sums in _rows(OF_PARTS, given):
        found[part][span - 1] = {m: int(n) for m, n in zip(COMPARED, sums, strict=True)}
    return found


def as_of(at: datetime) -> datetime:
    """Until when everything recorded is counted: the first event that still waits for a worker, else `at`."""
    waiting = _rows(WAITING, [])
    return min(at, waiting[0][0]) if waiting else at


def _flows(sums: Sequence[Any]) -> Flows:
    return {measure: int(n) for measure, n in zip(FLOWS, sums, strict=True) if n}


def _rows(sql: str, given: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
