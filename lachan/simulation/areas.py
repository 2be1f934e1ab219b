"""The communes of one real province and how many people live in each.

Populations of the communes of 2025 are in no package, so weights are made from what is known: the least size
that Resolution 76/2025/UBTVQH15 asks of a ward and of a rural commune (more in wards, less in mountain
communes, seen here by a large area), with a seeded spread. They are an approximation.
"""

from dataclasses import dataclass

import numpy as np

from lachan.simulation.arrays import Bools, Floats, stream

_WARD_PEOPLE, _COMMUNE_PEOPLE, _MOUNTAIN_PEOPLE, _ISLAND_PEOPLE = 36_000.0, 16_000.0, 6_000.0, 4_000.0
_MOUNTAIN_KM2 = 120.0
_NO_RESIDENTS = frozenset({"20333"})  # Hoàng Sa: administered on paper from the mainland
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune of the source: `kind` is the source's word ("Phường", "Xã", "Đặc khu"), area in km2."""

    code: str
    name: str
    kind: str
    latitude: float
    longitude: float
    km2: float


@dataclass(frozen=True, slots=True)
class Communes:
    """The communes as arrays: `weight` sums to 1; `distance` is in km."""

    province_code: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    latitude: Floats
    longitude: Floats
    urban: Bools
    weight: Floats
    distance: Floats

    def __len__(self) -> int:
        return len(self.codes)


def _people(commune: Commune) -> float:
    if commune.code in _NO_RESIDENTS:
        return 0.0
    if commune.kind == "Phường":
        return _WARD_PEOPLE
    if commune.kind == "Đặc khu":
        return _ISLAND_PEOPLE
    return _MOUNTAIN_PEOPLE if commune.km2 > _MOUNTAIN_KM2 else _COMMUNE_PEOPLE


def _distances(latitude: Floats, longitude: Floats) -> Floats:
    north = (latitude[:, None] - latitude[None, :]) * _KM_PER_DEGREE
    east = (longitude[:, None] - longitude[None, :]) * _KM_PER_DEGREE * np.cos(np.radians(latitude.mean()))
    return np.asarray(np.hypot(north, east), dtype=np.float64)


def settle(province_code: str, communes: list[Commune], seed: int) -> Communes:
    """Give each commune its share of the people; communes without residents are left out."""
    lived_in = sorted((c for c in communes if _people(c) > 0), key=lambda c: c.code)
    spread = stream(seed, "areas").lognormal(0.0, 0.35, len(lived_in))
    weight = np.array([_people(c) for c in lived_in]) * spread
    latitude = np.array([c.latitude for c in lived_in])
    longitude = np.array([c.longitude for c in lived_in])
    return Communes(
        province_code=province_code,
        codes=tuple(c.code for c in lived_in),
        names=tuple(c.name for c in lived_in),
        latitude=latitude,
        longitude=longitude,
        urban=np.array([c.kind == "Phường" for c in lived_in]),
        weight=weight / weight.sum(),
        distance=_distances(latitude, longitude),
    )
