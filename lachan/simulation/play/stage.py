"""What every part of the play shares."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from lachan.core import clock
from lachan.simulation.arrays import Bools, Floats, Ints
from lachan.simulation.draws import Draws
from lachan.simulation.loading import Loaded
from lachan.simulation.mobility import Visits
from lachan.simulation.outbreak import Isolation, Outbreak
from lachan.simulation.outbreak.contacts import MINUTES
from lachan.simulation.play.cast import Cast, hire

SENSITIVITY = 0.95
_EARLY, _LATE = 0.7, 5.0  # days before and after the infectious time in which a PCR may find the virus


@dataclass(slots=True)
class Stage:
    """The play as it goes: `ends_at` is the present, beyond which nothing is done.

    Nothing in it may depend on the order in which the loop handled things: what is drawn is drawn for a person or a
    tube, and what the loop wrote is read in the order of persons.
    """

    loaded: Loaded
    outbreak: Outbreak
    isolation: Isolation
    cast: Cast
    ends_at: datetime
    draws: Draws
    tubes: int = 0
    pools: int = 0
    confined: set[int] = field(default_factory=set)
    mixed_up: list[int] = field(default_factory=list)
    lately: deque[tuple[int, Visits]] = field(default_factory=lambda: deque(maxlen=3))

    @classmethod
    def of(cls, loaded: Loaded, outbreak: Outbreak, isolation: Isolation, ends_at: datetime) -> "Stage":
        """A play before its first day."""
        opened_at = loaded.moment(0)
        with clock.frozen(opened_at):
            cast = hire(loaded, at=opened_at)
        return cls(loaded, outbreak, isolation, cast, ends_at, Draws(loaded.country.seed))

    @contextmanager
    def hour(self, day: int, hour: float) -> Iterator[datetime]:
        """Let it be that hour of that day, also for the clock."""
        at = self.loaded.moment(day + hour / 24)
        with clock.frozen(at):
            yield at

    def indices(self, person_ids: list[int]) -> Ints:
        """Indices in the population; second records stand for their person; -1 for who is not of this country."""
        return np.array([self.loaded.index_of(pk) for pk in person_ids], dtype=np.int64)

    def numbers(self, person_ids: list[int]) -> Ints:
        """What persons are called in draws: their place in the order of loading, second records after all others."""
        return np.array(person_ids, dtype=np.int64) - self.loaded.person

    def days_at(self, at: datetime) -> float:
        """A moment as days since the first midnight."""
        return (at - clock.day_start(self.loaded.country.start)).total_seconds() / 86_400

    def minute_at(self, at: datetime) -> int:
        """A moment as whole minutes since the first midnight: the key of what is drawn for it."""
        return round(self.days_at(at) * MINUTES)

    def detectable(self, persons: Ints, moments: Floats) -> Bools:
        """Whether a PCR of a swab taken then is positive: a matter of the swab, however often it is read."""
        row, truth = self.outbreak.rows_of(persons), self.outbreak.truth
        if not len(truth):
            return np.zeros(len(persons), dtype=np.bool_)
        shows = (truth.infectious_from[row] - _EARLY <= moments) & (
            moments <= truth.infectious_until[row] + _LATE
        )
        taken = np.round(moments * MINUTES).astype(np.int64)
        return np.asarray((row >= 0) & shows & (self.draws.uniform("swab", persons, taken) < SENSITIVITY))

    def cycle_threshold(self, person: int, moment: float) -> float:
        """A Ct that is low near the height of the illness and rises towards its end."""
        row = int(self.outbreak.rows_of(np.array([person]))[0])
        if row < 0:
            return 34.0
        begin, until = self.outbreak.truth.infectious_from[row], self.outbreak.truth.infectious_until[row]
        from_height = abs((moment - begin) / (until - begin) - 0.33)
        noise = 2 * float(self.draws.normal("ct", person, round(moment * MINUTES))[0])
        return round(float(np.clip(18 + 14 * from_height + noise, 12, 38)), 1)
