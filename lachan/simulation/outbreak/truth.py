"""What really happened: each infection with its infector, moment and place."""

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np

from lachan.simulation.arrays import Floats, Ints
from lachan.simulation.outbreak.natural_history import Histories


class Setting(IntEnum):
    """Where an infection happened: from outside, at home, in a class or team, at a venue."""

    IMPORT = 0
    HOUSEHOLD = 1
    GROUP = 2
    VENUE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth(Histories):
    """One row an infection, in order of day.

    `infector` is a person or -1 for an import; `place` is a household for HOUSEHOLD, a venue for GROUP and
    VENUE, -1 for IMPORT. Times are days since the first midnight; NaN: no symptoms, or never tested of one's
    own accord.
    """

    person: Ints
    infector: Ints
    at: Floats
    setting: Ints
    place: Ints

    def __len__(self) -> int:
        return len(self.person)

    def plus(self, other: "Truth") -> "Truth":
        """These infections and then the others."""
        return Truth(
            **{f.name: np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(Truth)}
        )

    @classmethod
    def of(
        cls, person: Ints, infector: Ints, at: Floats, setting: Ints, place: Ints, course: Histories
    ) -> "Truth":
        """New infections with their courses."""
        same = {f.name: getattr(course, f.name) for f in fields(Histories)}
        return cls(person=person, infector=infector, at=at, setting=setting, place=place, **same)

    @classmethod
    def empty(cls) -> "Truth":
        """No infections yet."""
        none, times, flags = np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.bool_)
        course = Histories(times, times, times, times, flags, times, times)
        return cls.of(none, none, times, none, none, course)
