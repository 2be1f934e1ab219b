"""The outbreak, one day at a time."""

from datetime import date, timedelta
from typing import Protocol

import numpy as np

from lachan.simulation.arrays import Bools, Floats, Ints, stream
from lachan.simulation.mobility import Mobility, Visits
from lachan.simulation.outbreak.contacts import MINUTES, Contacts, at_home, at_venues
from lachan.simulation.outbreak.natural_history import histories, profile, susceptibility
from lachan.simulation.outbreak.truth import Setting, Truth

LEAKAGE = 0.15  # of the hazard at home that is left when one of the two is isolated


class Containment(Protocol):
    """What keeps people apart: asked for each person and moment (days since the first midnight)."""

    def isolated(self, persons: Ints, at: Floats) -> Bools:
        """Whether each person is in isolation or quarantine at each moment."""
        ...


class NoContainment:
    """Nobody is kept apart."""

    def isolated(self, persons: Ints, at: Floats) -> Bools:  # noqa: ARG002
        """Nobody."""
        return np.zeros(len(persons), dtype=np.bool_)


class Outbreak:
    """Steps through the days in order; `truth` grows, `today` holds the visits that really took place."""

    def __init__(self, mobility: Mobility, start: date, containment: Containment, imports: int = 6) -> None:
        self.truth = Truth.empty()
        self.today = Visits.none()
        self._mobility = mobility
        self._start = start
        self._containment = containment
        self._imports = imports
        self._row = np.full(len(mobility.population), -1, dtype=np.int64)
        self._open = susceptibility(mobility.population, np.datetime64(start, "D"))

    def step(self, day: int) -> Truth:
        """Live through one day; returns its new infections."""
        rng = stream(self._mobility.seed, "outbreak", day)
        self.today = self._moves(self._mobility.day(day, (self._start + timedelta(days=day)).weekday()), day)
        new = self._infected_today(rng, day)
        if day == 0:
            new = new.plus(self._imported(rng))
        self._row[new.person] = np.arange(len(self.truth), len(self.truth) + len(new))
        self.truth = self.truth.plus(new)
        return new

    def rows_of(self, persons: Ints) -> Ints:
        """The row of each person in `truth`, -1 for who was never infected."""
        return self._row[persons]

    def _moves(self, visits: Visits, day: int) -> Visits:
        """Visits of the day without those of people kept apart or ill at home."""
        begin, end = day + visits.start / MINUTES, day + visits.end / MINUTES
        kept_in = self._containment.isolated(visits.person, begin) | self._containment.isolated(
            visits.person, end
        )
        row = self._row[visits.person]
        known = np.flatnonzero(row >= 0)
        kept_in[known] |= self.truth.stays_home[row[known]] & (end[known] > self.truth.onset[row[known]])
        return visits.only(~kept_in)

    def _infected_today(self, rng: np.random.Generator, day: int) -> Truth:
        active = (self.truth.infectious_from < day + 1) & (self.truth.infectious_until > day)
        infectious = self.truth.person[active]
        population, mobility = self._mobility.population, self._mobility
        met = at_home(rng, population, infectious, day).plus(
            at_venues(rng, self.today, mobility.venues, mobility.groups, infectious, day)
        )
        return self._begun(rng, *self._first_hits(rng, met))

    def _chance(self, met: Contacts) -> Floats:
        row, truth = self._row[met.infector], self.truth
        shape = profile(truth.infectious_from[row], truth.infectious_until[row], met.moment)
        apart = self._containment.isolated(met.infector, met.moment)
        apart |= self._containment.isolated(met.target, met.moment)
        hazard = met.hazard * truth.strength[row] * shape * self._open[met.target]
        chance = 1.0 - np.exp(-hazard * np.where(apart, LEAKAGE, 1.0))
        return np.where(self._row[met.target] < 0, chance, 0.0)

    def _first_hits(self, rng: np.random.Generator, met: Contacts) -> tuple[Contacts, Ints]:
        """Pairs that infect; of several that hit one person, the earliest."""
        hits = np.flatnonzero(rng.random(len(met)) < self._chance(met))
        hits = hits[np.argsort(met.moment[hits], kind="stable")]
        return met, hits[np.sort(np.unique(met.target[hits], return_index=True)[1])]

    def _begun(self, rng: np.random.Generator, met: Contacts, hits: Ints) -> Truth:
        person, at = met.target[hits], met.moment[hits]
        course = histories(rng, self._mobility.population.age[person], at)
        return Truth.of(person, met.infector[hits], at, met.setting[hits], met.place[hits], course)

    def _imported(self, rng: np.random.Generator) -> Truth:
        """The first cases: adults who came back infected on the first day."""
        adults = np.flatnonzero((self._mobility.population.age >= 18) & (self._mobility.population.age < 60))
        person = rng.choice(adults, self._imports, replace=False)
        at = rng.uniform(0.3, 0.9, len(person))
        course = histories(rng, self._mobility.population.age[person], at)
        nobody = np.full(len(person), -1, dtype=np.int64)
        return Truth.of(person, nobody, at, np.full(len(person), int(Setting.IMPORT)), nobody, course)
