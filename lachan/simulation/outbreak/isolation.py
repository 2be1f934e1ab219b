"""Who is kept apart, since when and until when: what quarantine and isolation do to the spread."""

import numpy as np

from lachan.simulation.arrays import Bools, Floats, Ints


class Isolation:
    """One isolation a person at a time; a new one replaces the one before. Times are days since the first
    midnight.
    """

    def __init__(self, people: int) -> None:
        self._since = np.full(people, np.inf)
        self._until = np.full(people, np.inf)

    def isolate(self, persons: Ints, since: Floats | float, until: Floats | float) -> None:
        """Keep these people apart over [since, until); one already apart stays so, and for as long as the
        longer.
        """
        apart = self._until[persons] > since
        earlier = np.where(apart, np.minimum(self._since[persons], since), since)
        longer = np.where(
            apart & np.isfinite(self._since[persons]), np.maximum(self._until[persons], until), until
        )
        self._since[persons] = earlier
        self._until[persons] = longer

    def release(self, persons: Ints, at: Floats | float) -> None:
        """Let these people out at a moment."""
        self._until[persons] = np.minimum(self._until[persons], at)

    def isolated(self, persons: Ints, at: Floats) -> Bools:
        """Whether each person is apart at each moment."""
        return np.asarray((self._since[persons] <= at) & (at < self._until[persons]))
