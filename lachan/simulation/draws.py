"""Chance that belongs to a thing, not to a moment: the same for the same seed, purpose and thing, whoever asks first.

A stream of random numbers gives each caller the next one, so that whoever is handled first changes the luck of all
others. What is drawn here is a hash of what it is drawn for.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lachan.simulation.arrays import Floats, Ints

Words = npt.NDArray[np.uint64]
_STEP, _FIRST, _SECOND = (
    np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB),
)  # fmt: skip
_BITS = 53


def _mixed(state: Words, key: Words) -> Words:
    """The finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014), once for each key."""
    word = (state ^ key) + _STEP
    word = (word ^ (word >> np.uint64(30))) * _FIRST
    word = (word ^ (word >> np.uint64(27))) * _SECOND
    return np.asarray(word ^ (word >> np.uint64(31)))


@dataclass(frozen=True, slots=True)
class Draws:
    """The draws of one seed. `keys` name the thing by whole numbers; arrays give one draw for each entry."""

    seed: int

    def uniform(self, purpose: str, *keys: npt.ArrayLike) -> Floats:
        """Numbers in [0, 1)."""
        digest = hashlib.sha256(f"{self.seed}:{purpose}".encode()).digest()
        state: Words = np.frombuffer(digest[:8], dtype="<u8").astype(np.uint64)
        for key in keys:
            state = _mixed(state, np.asarray(key, dtype=np.int64).astype(np.uint64))
        return np.asarray((state >> np.uint64(64 - _BITS)) / np.float64(2**_BITS))

    def normal(self, purpose: str, *keys: npt.ArrayLike) -> Floats:
        """Numbers of the standard normal distribution (Box and Muller)."""
        radius = np.sqrt(-2 * np.log(1 - self.uniform(f"{purpose} radius", *keys)))
        return np.asarray(radius * np.cos(2 * np.pi * self.uniform(f"{purpose} angle", *keys)))

    def happens(self, chance: float, purpose: str, *keys: int) -> bool:
        """Whether something of this chance is so for one thing."""
        return bool(self.uniform(purpose, *keys)[0] < chance)

    def pick(self, weights: npt.ArrayLike, purpose: str, *keys: npt.ArrayLike) -> Ints:
        """Indices of `weights`, each as often as it weighs."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        drawn = np.searchsorted(edges, self.uniform(purpose, *keys) * edges[-1], side="right")
        return np.asarray(np.minimum(drawn, len(edges) - 1), dtype=np.int64)

    def some(self, among: int, count: int, purpose: str, *keys: int) -> Ints:
        """`count` of the numbers below `among`, none twice, in the order drawn."""
        drawn = self.uniform(purpose, *keys, np.arange(among))
        return np.argsort(drawn, kind="stable")[:count].astype(np.int64)
