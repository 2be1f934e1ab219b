"""The figures of the vaccination campaign as they may be published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from lachan.core import clock
from lachan.core.models import Area
from lachan.core.small_counts import published
from lachan.systems.vaccination.queries.coverage import Covered, coverage, coverage_below
from lachan.systems.vaccination.queries.figures import Used, used
from lachan.systems.vaccination.rules.coverage import BANDS, STEPS, UNKNOWN, share

LEAST = 5
"""Counts of people from 1 to one less than this are not published, nor what would give them away."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: `key` is a unit's code or the first age of a band; counts that are hidden are None."""

    key: str
    name: str
    residents: int | None
    people: Mapping[str, int | None]

    def share(self, step: str) -> float | None:
        return share(self.people[step], self.residents)


@dataclass(frozen=True, slots=True)
class Figures:
    area: Area
    as_of: datetime
    counted_on: date | None
    all: Line
    by_age: list[Line]
    below: list[Line]
    doses: Used


def figures(area: Area, *, at: datetime) -> Figures:
    """Of one area: all of it, by age band, and by the units one step below."""
    whole, parts = coverage(area), coverage_below(area, clock.local_date(at))
    total = {step: whole.had(step) for step in STEPS}
    names = {unit.pk: unit for unit, _ in parts}
    below = _table({unit.pk: covered for unit, covered in parts})
    return Figures(
        area=area, as_of=at, counted_on=whole.counted_on, doses=used(area, at=at),
        all=Line(area.code, area.name, whole.living() or None, published(total, least=LEAST)),
        by_age=_by_age(whole),
        below=[Line(names[pk].code, names[pk].name, living, people) for pk, living, people in below],
    )  # fmt: skip


def _by_age(whole: Covered) -> list[Line]:
    bands = [*BANDS, UNKNOWN]
    columns = {
        step: published({band: whole.people.get((band, step), 0) for band in bands}, least=LEAST)
        for step in STEPS
    }
    lines = [
        Line(
            str(band),
            band_name(band),
            whole.residents.get(band),
            {step: columns[step][band] for step in STEPS},
        )
        for band in bands
    ]
    return [line for line in lines if line.residents or any(n != 0 for n in line.people.values())]


def _table(units: Mapping[int, Covered]) -> Iterable[tuple[int, int | None, dict[str, int | None]]]:
    columns = {
        step: published({pk: each.had(step) for pk, each in units.items()}, least=LEAST) for step in STEPS
    }
    for pk, each in units.items():
        yield pk, each.living() or None, {step: columns[step][pk] for step in STEPS}


def band_name(band: int) -> str:
    """`18–49`, `65+`; a question mark for ages that are not known."""
    if band == UNKNOWN:
        return "?"
    later = [b for b in BANDS if b > band]
    return f"{band}–{later[0] - 1}" if later else f"{band}+"
