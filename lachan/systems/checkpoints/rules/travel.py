"""Two readings of one person so far apart that nobody can have travelled between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from math import asin, cos, radians, sin, sqrt
from typing import Final
from uuid import UUID

WITHIN: Final = timedelta(hours=1)
FASTEST_KMH: Final = 150.0  # on a road or a rail; who flies is at no gate an hour before and after
CLOCKS: Final = timedelta(minutes=10)  # by which two gates may differ
EARTH_KM: Final = 6371.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Degrees; `error_km`: how far off the coordinates may be, since those of an area are its middle."""

    lat: float
    lon: float
    error_km: float = 0.0


@dataclass(frozen=True, slots=True)
class Sight:
    """One reading; `spot` None where nobody knows where the place is."""

    id: UUID
    at: datetime
    spot: Spot | None


def kilometres(a: Spot, b: Spot) -> float:
    """The great circle between two spots (haversine)."""
    north, east = radians(b.lat - a.lat) / 2, radians(b.lon - a.lon) / 2
    half_chord = sin(north) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(east) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, half_chord)))


def impossible(a: Sight, b: Sight) -> bool:
    """Whether both within an hour is further than FASTEST_KMH allows, all errors in favour of the traveller."""
    apart = abs(a.at - b.at)
    if a.spot is None or b.spot is None or apart > WITHIN:
        return False
    least = kilometres(a.spot, b.spot) - a.spot.error_km - b.spot.error_km
    return least > FASTEST_KMH * ((apart + CLOCKS) / timedelta(hours=1))


def impossible_travel(sights: Iterable[Sight]) -> set[UUID]:
    """Those of one person's readings that do not go together with another one; both of each pair."""
    ordered = sorted(sights, key=lambda s: (s.at, s.id))
    found: set[UUID] = set()
    for number, first in enumerate(ordered):
        near = takewhile(lambda s, first=first: s.at - first.at <= WITHIN, ordered[number + 1 :])  # type: ignore[misc]
        for second in near:
            if impossible(first, second):
                found |= {first.id, second.id}
    return found
