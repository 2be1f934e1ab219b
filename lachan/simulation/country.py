"""One seed, one country: areas, people, venues, movement and an outbreak, the same bit for bit each time."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta

import numpy as np

from lachan.simulation.areas import Commune, Communes, settle
from lachan.simulation.mobility import Mobility, Visits
from lachan.simulation.outbreak import Containment, NoContainment, Outbreak
from lachan.simulation.population import Population, populate
from lachan.simulation.real_areas import communes_of
from lachan.simulation.venues import Groups, Venues, assign_groups, build_venues

DEMO_PROVINCE = "48"  # Đà Nẵng of 2025: 94 communes, from the harbour to the mountains


@dataclass(frozen=True, slots=True)
class Country:
    """A synthetic province. Days are counted from `start`; all times in days or minutes of local time."""

    seed: int
    start: date
    days: int
    communes: Communes
    population: Population
    venues: Venues
    groups: Groups

    @classmethod
    def of(
        cls, seed: int, size: int, communes: list[Commune], province_code: str, start: date, days: int
    ) -> "Country":
        """A country of `size` people in the given communes."""
        settled = settle(province_code, communes, seed)
        population = populate(seed, size, settled, start)
        venues = build_venues(seed, settled, population)
        groups = assign_groups(seed, settled, population, venues)
        return cls(seed, start, days, settled, population, venues, groups)

    @classmethod
    def generate(
        cls,
        seed: int,
        size: int,
        province_code: str = DEMO_PROVINCE,
        start: date = date(2021, 9, 1),
        days: int = 28,
    ) -> "Country":
        """A country of `size` people in a real province of 2025, by its two-digit code."""
        return cls.of(seed, size, communes_of(province_code), province_code, start, days)

    def mobility(self) -> Mobility:
        """Movement of these people."""
        return Mobility.of(self.seed, self.communes, self.population, self.venues, self.groups)

    def visits(self, day: int) -> Visits:
        """Visits that would take place on a day on which nobody is ill or isolated."""
        return self.mobility().day(day, (self.start + timedelta(days=day)).weekday())

    def outbreak(self, containment: Containment | None = None, imports: int = 6) -> Outbreak:
        """An outbreak before its first day; call `step(day)` for each day in order."""
        return Outbreak(self.mobility(), self.start, containment or NoContainment(), imports)

    def fingerprint(self) -> str:
        """A digest of every array: equal for equal countries."""
        digest = hashlib.sha256()
        for part in (self.communes, self.population, self.venues, self.groups):
            for piece in _bytes_of(part):
                digest.update(piece)
        return digest.hexdigest()


def _bytes_of(part: object) -> Iterator[bytes]:
    for field in fields(part):  # type: ignore[arg-type]
        value = getattr(part, field.name)
        if isinstance(value, np.ndarray) and value.dtype != object:
            yield value.tobytes()
        elif isinstance(value, str):
            yield value.encode()
        else:
            yield "\n".join(value).encode()
