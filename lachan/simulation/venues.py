"""Places where people meet, and who works or learns where.

Within a commune, the venues of one kind are visited by Zipf's law (exponent 1: the usual finding for visits
to places, for example Schlaepfer et al., Nature 593 (2021), "The universal visitation law of human
mobility"). Counts per head, capacities and shares with a QR poster are assumptions of the order seen in
Vietnam in 2021.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from lachan.simulation.areas import Communes
from lachan.simulation.arrays import Bools, Floats, Ints, Words, pick, stream
from lachan.simulation.population import Population

ZIPF_EXPONENT = 1.0
CLASS_SIZE, TEAM_SIZE = 35, 14
_GRAVITY_KM = 7.0


class Kind(IntEnum):
    """What a venue is."""

    MARKET = 0
    SUPERMARKET = 1
    RESTAURANT = 2
    COMPANY = 3
    SCHOOL = 4
    CLINIC = 5
    BUS = 6
    TEMPLE = 7
    STADIUM = 8


class Trait(NamedTuple):
    """Of one kind: people per venue, at least in each commune, capacity, share indoors, share with a
    poster.
    """

    people_per_venue: int
    at_least: int
    capacity: int
    indoor: float
    posters: float
    vietnamese: tuple[str, ...]


TRAITS = {
    Kind.MARKET: Trait(6_000, 1, 400, 0.3, 0.75, ("Chợ",)),
    Kind.SUPERMARKET: Trait(5_000, 0, 150, 1.0, 0.95, ("Siêu thị", "Cửa hàng tiện lợi")),
    Kind.RESTAURANT: Trait(350, 1, 40, 0.7, 0.60, ("Quán cơm", "Quán cà phê", "Quán phở", "Nhà hàng")),
    Kind.COMPANY: Trait(450, 1, 300, 0.95, 0.80, ("Công ty may", "Xưởng mộc", "Công ty TNHH", "Văn phòng")),
    Kind.SCHOOL: Trait(2_200, 1, 900, 0.95, 0.90, ("Trường Tiểu học", "Trường THCS", "Trường Mầm non")),
    Kind.CLINIC: Trait(7_000, 1, 60, 1.0, 0.97, ("Trạm y tế", "Phòng khám")),
    Kind.BUS: Trait(9_000, 0, 50, 1.0, 0.70, ("Xe buýt tuyến",)),
    Kind.TEMPLE: Trait(4_500, 1, 200, 0.6, 0.40, ("Chùa", "Nhà thờ", "Đình làng")),
    Kind.STADIUM: Trait(60_000, 0, 5_000, 0.1, 0.95, ("Sân vận động", "Nhà thi đấu")),
}
KINDS = len(Kind)


@dataclass(frozen=True, slots=True)
class Venues:
    """One entry a venue, sorted by commune and kind; `edge` carries the Zipf shares for quick choice."""

    kind: Ints
    area: Ints
    name: Words
    capacity: Ints
    indoor: Bools
    poster: Bools
    weight: Floats
    edge: Floats
    serving: Ints

    def __len__(self) -> int:
        return len(self.kind)

    def choose(self, rng: np.random.Generator, area: Ints, kind: Ints) -> Ints:
        """For each visitor a venue of that kind in that commune, or in the nearest commune that has one."""
        segment = self.serving[area, kind] * KINDS + kind
        found = np.searchsorted(self.edge, segment + rng.random(len(area)), side="right")
        return np.asarray(found, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Groups:
    """Classes and teams: `group` and `venue` of each person, -1 for those who neither work nor learn at a
    venue.
    """

    group: Ints
    venue: Ints


def _counts(rng: np.random.Generator, people: Ints) -> Ints:
    """Venues in each commune (row) of each kind (column); the province has at least one of every kind."""
    per = np.array([TRAITS[k].people_per_venue for k in Kind])
    least = np.array([TRAITS[k].at_least for k in Kind])
    wanted = np.floor(people[:, None] / per + rng.random((len(people), KINDS)))
    counts: Ints = np.maximum(wanted, least).astype(np.int64)
    counts[int(np.argmax(people)), counts.sum(axis=0) == 0] = 1
    return counts


def _zipf(segment: Ints) -> tuple[Floats, Floats]:
    """Share of each venue within its segment, and the cumulative share plus the segment's number."""
    first = np.searchsorted(segment, segment, side="left")
    raw = 1.0 / (np.arange(len(segment)) - first + 1.0) ** ZIPF_EXPONENT
    total = np.bincount(segment, weights=raw)[segment]
    running = np.cumsum(raw)
    before = running[first] - raw[first]
    return raw / total, segment + (running - before) / total


def _venue_names(rng: np.random.Generator, kind: Ints, area: Ints, communes: Communes, rank: Ints) -> Words:
    short = [name.split(" ", 1)[-1] for name in communes.names]
    names = np.empty(len(kind), dtype=object)
    chosen = rng.integers(0, 60, len(kind))
    for i, (k, a, r) in enumerate(zip(kind.tolist(), area.tolist(), rank.tolist(), strict=True)):
        words = TRAITS[Kind(k)].vietnamese
        word = words[0] if r == 0 else words[int(chosen[i]) % len(words)]
        names[i] = f"{word} {short[a]}" if r == 0 else f"{word} {short[a]} {r + 1}"
    return names


def build_venues(seed: int, communes: Communes, population: Population) -> Venues:
    """All venues of the province; more people, more venues."""
    rng = stream(seed, "venues")
    counts = _counts(rng, np.bincount(population.area, minlength=len(communes)))
    segment = np.repeat(np.arange(counts.size), counts.ravel())
    kind, area = segment % KINDS, segment // KINDS
    weight, edge = _zipf(segment)
    rank = np.arange(len(segment)) - np.searchsorted(segment, segment, side="left")
    away = np.where((counts > 0)[None, :, :], communes.distance[:, :, None], np.inf)
    return Venues(
        kind=kind,
        area=area,
        name=_venue_names(rng, kind, area, communes, rank),
        capacity=np.array([TRAITS[k].capacity for k in Kind])[kind],
        indoor=rng.random(len(kind)) < np.array([TRAITS[k].indoor for k in Kind])[kind],
        poster=rng.random(len(kind)) < np.array([TRAITS[k].posters for k in Kind])[kind],
        weight=weight,
        edge=edge,
        serving=np.argmin(away, axis=1).astype(np.int64),
    )


def gravity(communes: Communes) -> Floats:
    """Cumulative chance to go from commune i (row) to another commune j: people there, less by distance."""
    pull = communes.weight[None, :] * np.exp(-communes.distance / _GRAVITY_KM)
    np.fill_diagonal(pull, 0.0)
    pull += 1e-12
    return np.asarray(np.cumsum(pull, axis=1) / pull.sum(axis=1, keepdims=True), dtype=np.float64)


def away_from(rng: np.random.Generator, area: Ints, pull: Floats) -> Ints:
    """For each person another commune by gravity (`pull` from `gravity`)."""
    edges = (pull + np.arange(len(pull))[:, None]).ravel()
    drawn = np.searchsorted(edges, area + rng.random(len(area)), side="right")
    return np.asarray(np.minimum(drawn - area * len(pull), len(pull) - 1), dtype=np.int64)


def _chunks(rng: np.random.Generator, keys: Ints, size: int) -> Ints:
    """Split the members of every key, in random order, into chunks of `size`; returns the chunk's number."""
    shuffled = rng.permutation(len(keys))
    order = shuffled[np.argsort(keys[shuffled], kind="stable")]
    sorted_keys = keys[order]
    rank = np.arange(len(keys)) - np.searchsorted(sorted_keys, sorted_keys, side="left")
    new = np.ones(len(keys), dtype=np.bool_)
    new[1:] = (sorted_keys[1:] != sorted_keys[:-1]) | (rank[1:] % size == 0)
    chunk = np.empty(len(keys), dtype=np.int64)
    chunk[order] = np.cumsum(new) - 1
    return chunk


def assign_groups(seed: int, communes: Communes, population: Population, venues: Venues) -> Groups:
    """Pupils to classes of one age at a school near home, employees to teams at a workplace."""
    rng = stream(seed, "groups")
    people, age = len(population), population.age
    pupil = rng.random(people) < np.select([age < 3, age < 6, age < 15, age < 18], [0, 0.75, 0.97, 0.80], 0.0)
    worker = (age >= 18) & (rng.random(people) < np.select([age < 55, age < 62], [0.48, 0.30], 0.0)) & ~pupil
    kind = np.full(people, Kind.SCHOOL, dtype=np.int64)
    kind[worker] = pick(rng, (5, 4, 12, 68, 6, 4, 1, 0, 0), int(worker.sum()))
    area = np.where(
        worker & (rng.random(people) < 0.4),
        away_from(rng, population.area, gravity(communes)),
        population.area,
    )
    venue = np.where(pupil | worker, venues.choose(rng, area, kind), -1)
    group = np.full(people, -1, dtype=np.int64)
    year = venue * 100 + age.astype(np.int64)
    group[pupil] = _chunks(rng, year[pupil], CLASS_SIZE)
    group[worker] = _chunks(rng, venue[worker], TEAM_SIZE) + int(group.max(initial=-1)) + 1
    return Groups(group=group, venue=venue)
