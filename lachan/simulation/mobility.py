"""Who was where on a day, to the minute.

A day has five spans; a person makes at most one visit in each, and between two spans there is time to
travel, so nobody is ever in two venues at once. A visit is scanned only where a QR poster hangs and the
visitor takes part; people without a phone are written down by hand, by fewer venues.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from lachan.simulation.areas import Communes
from lachan.simulation.arrays import Bools, Floats, Ints, pick, stream
from lachan.simulation.population import Population
from lachan.simulation.venues import Groups, Kind, Venues, away_from, gravity

NEAR_HOME = 0.82
_SCAN_CHANCE, _HAND_CHANCE, _MASKED = 0.78, 0.45, 0.82
_LEAST_MINUTES = 4


class Scan(IntEnum):
    """How a visit came to be recorded."""

    NONE = 0
    PHONE = 1
    BY_HAND = 2


class Span(NamedTuple):
    """A part of the day in minutes after midnight, and the weights of the kinds of venue in it."""

    begin: int
    end: int
    kinds: tuple[int, ...]  # market, supermarket, restaurant, company, school, clinic, bus, temple, stadium


SPANS = (
    Span(345, 440, (52, 4, 34, 0, 0, 1, 7, 2, 0)),
    Span(470, 695, (36, 10, 22, 6, 0, 10, 8, 8, 0)),
    Span(800, 1040, (18, 16, 32, 8, 0, 8, 8, 10, 0)),
    Span(1055, 1150, (26, 20, 38, 0, 0, 2, 10, 4, 0)),
    Span(1165, 1300, (2, 20, 58, 0, 0, 1, 5, 8, 6)),
)
AT_WORK = (1, 2)  # the spans that a day at work or school takes
_ATTENDS = (450, 1000, 0.93)  # from, to (each with half an hour of spread), and the chance on a day
# Chance of a visit in each span: rows are ages under 6, under 18, under 30, under 60, under 75, older.
_CHANCE = (
    (0.04, 0.12, 0.10, 0.12, 0.04),
    (0.08, 0.20, 0.20, 0.18, 0.12),
    (0.18, 0.28, 0.28, 0.32, 0.34),
    (0.26, 0.32, 0.26, 0.32, 0.18),
    (0.28, 0.26, 0.16, 0.14, 0.06),
    (0.12, 0.12, 0.08, 0.05, 0.02),
)
_AGE_STEPS = (6, 18, 30, 60, 75)
_MEAN_MINUTES = (28, 32, 48, 150, 120, 45, 34, 55, 110)
_SPREAD = 0.55  # of the logarithm of the minutes


@dataclass(frozen=True, slots=True)
class Visits:
    """One day's visits; `start` and `end` in minutes after midnight, end later than start; `scan` is a
    `Scan`.
    """

    person: Ints
    venue: Ints
    start: Ints
    end: Ints
    masked: Bools
    scan: Ints

    def __len__(self) -> int:
        return len(self.person)

    @classmethod
    def none(cls) -> "Visits":
        """No visits."""
        nothing = np.zeros(0, np.int64)
        return cls(nothing, nothing, nothing, nothing, np.zeros(0, np.bool_), nothing)

    def only(self, kept: Bools | Ints) -> "Visits":
        """The visits chosen by a mask or by indices."""
        return Visits(
            self.person[kept],
            self.venue[kept],
            self.start[kept],
            self.end[kept],
            self.masked[kept],
            self.scan[kept],
        )


@dataclass(frozen=True, slots=True)
class Mobility:
    """Makes the visits of any day, always the same for the same seed and day."""

    seed: int
    population: Population
    venues: Venues
    groups: Groups
    pull: Floats

    @classmethod
    def of(
        cls, seed: int, communes: Communes, population: Population, venues: Venues, groups: Groups
    ) -> "Mobility":
        """Mobility of a province."""
        return cls(seed, population, venues, groups, gravity(communes))

    def day(self, day: int, weekday: int) -> Visits:
        """All visits of day `day` (0 is the first); `weekday` is 0 on Monday."""
        rng = stream(self.seed, "mobility", day)
        attends = self._attends(rng, weekday)
        parts = [self._attendance(rng, attends)]
        busy = np.flatnonzero(attends)
        for number, span in enumerate(SPANS):
            goes = self._goes(rng, number, weekday)
            if number in AT_WORK:
                goes[busy] = False
            parts.append(self._span_visits(rng, span, np.flatnonzero(goes)))
        return self._recorded(rng, parts)

    def _attends(self, rng: np.random.Generator, weekday: int) -> Bools:
        open_today = np.full(len(self.venues), weekday < 6)
        open_today[self.venues.kind == Kind.SCHOOL] = weekday < 5
        member = self.groups.venue >= 0
        comes = rng.random(len(member)) < _ATTENDS[2]
        return np.asarray(member & open_today[self.groups.venue] & comes)

    def _attendance(self, rng: np.random.Generator, attends: Bools) -> tuple[Ints, Ints, Ints, Ints]:
        person = np.flatnonzero(attends)
        start = _ATTENDS[0] + rng.integers(0, 30, len(person))
        end = _ATTENDS[1] + rng.integers(0, 40, len(person))
        return person, self.groups.venue[person], start, end

    def _goes(self, rng: np.random.Generator, number: int, weekday: int) -> Bools:
        row = np.searchsorted(_AGE_STEPS, self.population.age, side="right")
        chance = np.array(_CHANCE)[row, number] * (1.25 if weekday >= 5 else 1.0)
        return np.asarray(rng.random(len(row)) < chance)

    def _span_visits(
        self, rng: np.random.Generator, span: Span, person: Ints
    ) -> tuple[Ints, Ints, Ints, Ints]:
        count = len(person)
        kind = pick(rng, span.kinds, count)
        home = self.population.area[person]
        near = rng.random(count) < NEAR_HOME
        area = np.where(near, home, away_from(rng, home, self.pull))
        venue = self.venues.choose(rng, area, kind)
        spread = np.exp(rng.normal(-(_SPREAD**2) / 2, _SPREAD, count))
        minutes = (np.array(_MEAN_MINUTES)[kind] * spread).astype(np.int64)
        minutes = np.clip(minutes, _LEAST_MINUTES, span.end - span.begin - 1)
        start = span.begin + (rng.random(count) * (span.end - span.begin - minutes)).astype(np.int64)
        return person, venue, start, start + minutes

    def _recorded(self, rng: np.random.Generator, parts: list[tuple[Ints, Ints, Ints, Ints]]) -> Visits:
        person, venue, start, end = (np.concatenate(column) for column in zip(*parts, strict=True))
        kind = self.venues.kind[venue]
        chance = np.where((kind == Kind.RESTAURANT) | (kind == Kind.SCHOOL), _MASKED / 2, _MASKED)
        masked = rng.random(len(person)) < chance
        drawn, poster = rng.random(len(person)), self.venues.poster[venue]
        with_phone = self.population.phone[person] > 0
        scan = np.where(with_phone & (drawn < _SCAN_CHANCE), Scan.PHONE, Scan.NONE)
        scan = np.where(~with_phone & (drawn < _HAND_CHANCE), Scan.BY_HAND, scan)
        return Visits(person, venue, start, end, masked, np.where(poster, scan, Scan.NONE))
