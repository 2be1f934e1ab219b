"""The situation of one area, put together for the page, the report and the API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lachan.centre.models import Recount
from lachan.centre.situation import queries
from lachan.centre.situation.queries import Figures, Part
from lachan.centre.situation.rules.measures import LEVELS, RATIOS, ratio
from lachan.centre.situation.rules.signs import Lately, pain, signs
from lachan.core import clock
from lachan.core.models import Area

CURVE_DAYS = 28
WEEK = timedelta(days=7)
ONE = timedelta(days=1)
Value = int | float | None


@dataclass(frozen=True, slots=True)
class Line:
    """A measure: today so far, yesterday, the seven days before today and the seven before those; of what stands at a
    moment only `today`."""

    measure: str
    today: Value
    yesterday: Value = None
    week: Value = None
    before: Value = None
    curve: Sequence[Value] = ()

    @property
    def change(self) -> float | None:
        """Of the week against the one before, in per cent; shares and means in points."""
        if self.week is None or self.before is None:
            return None
        if self.measure in RATIOS:
            return self.week - self.before
        return 100 * (self.week - self.before) / self.before if self.before else None


@dataclass(frozen=True, slots=True)
class Below:
    """A unit one step below."""

    area: Area
    today: Mapping[str, int]
    yesterday: Mapping[str, int]
    lately: Lately

    @property
    def signs(self) -> list[str]:
        return signs(self.lately)

    def week(self, name: str) -> Value:
        return ratio(name, dict(self.lately.week)) if name in RATIOS else self.lately.week.get(name, 0)


@dataclass(frozen=True, slots=True)
class Summary:
    area: Area
    day: date
    figures: Figures
    levels: Mapping[str, int]
    levels_as_of: datetime
    below: Sequence[Below]
    recount: Recount | None

    @property
    def as_of(self) -> datetime:
        return self.figures.as_of

    @property
    def days(self) -> list[date]:
        """Those of the curves, today last."""
        return [self.day - timedelta(days=n) for n in reversed(range(CURVE_DAYS))]

    def line(self, measure: str) -> Line:
        if measure in LEVELS:
            return Line(measure, self.levels[measure])
        spans = (
            (self.day, self.day + ONE), (self.day - ONE, self.day), (self.day - WEEK, self.day),
            (self.day - 2 * WEEK, self.day - WEEK),
        )  # fmt: skip
        today, yesterday, week, before = (self._over(measure, *span) for span in spans)
        curve = [self._over(measure, day, day + ONE) for day in self.days]
        return Line(measure, today, yesterday, week, before, curve)

    def _over(self, measure: str, from_on: date, to_on: date) -> Value:
        if measure in RATIOS:
            return self.figures.ratio(measure, from_on, to_on)
        return sum(self.figures.on(day, measure) for day in _days(from_on, to_on))


def _days(from_on: date, to_on: date) -> Iterator[date]:
    return (from_on + timedelta(days=n) for n in range((to_on - from_on).days))


def summary(area: Area, *, at: datetime) -> Summary:
    """The situation of the area as of `at`; so many statements, whatever its size. Days that are over, and what stands
    now, may be a minute old."""
    day = clock.local_date(at)
    levels = queries.levels(at)
    return Summary(
        area=area, day=day, levels=levels.of(None if area.level == 0 else queries.units(area)),
        figures=queries.recent(area, day, CURVE_DAYS, at=at), levels_as_of=levels.as_of,
        below=_below(area, day, at, levels), recount=Recount.objects.order_by("-made_at").first(),
    )  # fmt: skip


def _below(area: Area, day: date, at: datetime, levels: queries.Levels) -> list[Below]:
    parts = queries.parts(area, day)
    if not parts:
        return []
    cuts = (day - 2 * WEEK, day - WEEK, day - ONE, day)
    _asked, past = queries.remembered(("parts", area.pk, day), at, lambda: queries.by_part(parts, cuts))
    today, now = queries.by_part(parts, (day, day + ONE)), levels.of_parts(parts)
    rows = [_one(part, [*past[part.area.pk], *today[part.area.pk]], now[part.area.pk]) for part in parts]
    return sorted(rows, key=lambda row: pain(row.lately), reverse=True)


def _one(part: Part, spans: Sequence[Mapping[str, int]], now: Mapping[str, int]) -> Below:
    before, earlier, yesterday, today = spans
    week = {measure: n + yesterday[measure] for measure, n in earlier.items()}
    return Below(part.area, today, yesterday, Lately(week, before, now))
