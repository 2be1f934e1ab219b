"""The order of loading: people, places, who lives where, then the visits, day by day. Areas stand before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from django.db import transaction

from lachan.core import areas, clock
from lachan.core.models import Actor, Presence, PresenceSource
from lachan.core.presences import ensure_partitions
from lachan.simulation.arrays import stream
from lachan.simulation.country import Country
from lachan.simulation.loading.copying import copy_lines, uuids
from lachan.simulation.loading.people import load_people
from lachan.simulation.loading.places import Homes, load_places, load_residences
from lachan.simulation.mobility import Scan, Visits
from lachan.simulation.progress import Steps, silent

_PRESENCE = [
    "id",
    "person_id",
    "place_id",
    "starts_at",
    "ends_at",
    "masked",
    "source",
    "source_ref",
    "recorded_at",
]
_COMMUNE_LEVEL = 3
_ID_BYTES = 10


class AreasMissing(LookupError):
    """The communes of the province are not loaded."""


@dataclass(frozen=True)
class Loaded:
    """Where the country stands in the tables: person i has the id `person + i`."""

    country: Country
    person: int
    homes: Homes
    seconds: dict[int, int]
    area_ids: list[int]

    def index_of(self, person_id: int) -> int:
        """The index in the population of a person or of their second record; -1 for anybody else."""
        index = self.firsts.get(person_id, person_id - self.person)
        return index if 0 <= index < len(self.country.population) else -1

    @cached_property
    def firsts(self) -> dict[int, int]:
        """Second record -> index of whose it is."""
        return {second: index for index, second in self.seconds.items()}

    def moment(self, days: float) -> datetime:
        """A time of the simulation (days since the first midnight) as a moment."""
        return clock.day_start(self.country.start) + timedelta(days=days)


def area_ids_of(country: Country) -> list[int]:
    """The ids of the country's communes, in its order. Raises AreasMissing."""
    found = dict(
        areas.on(country.start)
        .filter(level=_COMMUNE_LEVEL, code__in=country.communes.codes)
        .values_list("code", "pk")
    )
    missing = set(country.communes.codes) - found.keys()
    if missing:
        raise AreasMissing(
            f"{len(missing)} communes of province {country.communes.province_code} are not loaded"
        )
    return [found[code] for code in country.communes.codes]


def load_country(country: Country, *, actor: Actor, steps: Steps = silent) -> Loaded:
    """Copy people, places and households; the visits follow with `load_day`."""
    area_ids = area_ids_of(country)
    with steps("People and their doses", len(country.population)):
        person, seconds = load_people(country, area_ids, actor)
    with steps("Places", country.population.homes + len(country.venues)):
        homes = load_places(country, area_ids)
    with steps("Households, classes and teams", len(country.population)):
        load_residences(country, homes, person)
    return Loaded(country, person, homes, seconds, area_ids)


def load_day(loaded: Loaded, day: int, visits: Visits) -> int:
    """Copy the scanned visits of one day; the number of rows."""
    scanned = visits.only(visits.scan != Scan.NONE)
    with transaction.atomic():
        ensure_partitions([loaded.country.start + timedelta(days=day)])
        return copy_lines(Presence, _PRESENCE, _presence_lines(loaded, day, scanned))


def _presence_lines(loaded: Loaded, day: int, visits: Visits) -> Iterator[str]:
    """A scan is recorded when the visitor leaves."""
    midnight = loaded.moment(day)
    clockface = [f"{midnight + timedelta(minutes=m):%Y-%m-%d %H:%M:%S+07}" for m in range(1441)]
    noise = stream(loaded.country.seed, "records", day + 1).bytes(_ID_BYTES * len(visits))
    persons = visits.person + loaded.person
    second = np.flatnonzero((visits.scan == Scan.BY_HAND) & np.isin(visits.person, list(loaded.seconds)))
    for row in second.tolist():
        persons[row] = loaded.seconds[int(visits.person[row])]
    rows = zip(
        uuids(int(midnight.timestamp() * 1000), noise), persons.tolist(),
        (visits.venue + loaded.homes.venue).tolist(),
        visits.start.tolist(), visits.end.tolist(), visits.masked.tolist(), strict=True,
    )  # fmt: skip
    source = PresenceSource.SCAN.value
    for uuid, person, place, start, end, masked in rows:
        until = clockface[end]
        mask = "t" if masked else "f"
        yield f"{uuid}\t{person}\t{place}\t{clockface[start]}\t{until}\t{mask}\t{source}\t\t{until}\n"
