"""Array types, and one independent random stream for each module."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]
Days = npt.NDArray[np.datetime64]

STREAMS = (
    "areas",
    "households",
    "ages",
    "people",
    "names",
    "venues",
    "groups",
    "mobility",
    "outbreak",
    "records",
)


def stream(seed: int, name: str, day: int = 0) -> np.random.Generator:
    """A generator that depends on seed, module and day only: drawing more in one module never shifts
    another.
    """
    key = (STREAMS.index(name), day)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


def pick(rng: np.random.Generator, weights: npt.ArrayLike, size: int) -> Ints:
    """Draw `size` indices with the given weights (inverse of the cumulative sum: far faster than choice)."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
    return np.asarray(np.minimum(drawn, len(edges) - 1), dtype=np.int64)


def grouped(keys: Ints, size: int) -> tuple[Ints, Ints]:
    """Indices sorted by key, and where each key starts: members of k are `order[first[k]:first[k + 1]]`."""
    order = np.argsort(keys, kind="stable").astype(np.int64)
    first = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(keys, minlength=size), out=first[1:])
    return order, first


def expanded(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """All integers of the ranges [first[i], last[i]), and for each the i that it came from."""
    counts = last - first
    owner = np.repeat(np.arange(len(first)), counts)
    offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(first, counts) + offsets, owner
