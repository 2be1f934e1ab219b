"""Households, venues, classes and teams as places, and who belongs to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from lachan.core import clock
from lachan.core.codes import new_codes
from lachan.core.models import Place, PlaceKind, Residence
from lachan.simulation.arrays import Ints
from lachan.simulation.country import Country
from lachan.simulation.loading.bulk import bulk
from lachan.simulation.loading.copying import NULL, copy_lines, reserve_block
from lachan.simulation.venues import Kind

_PLACE = [
    "id",
    "code",
    "kind",
    "name",
    "area_id",
    "address",
    "parent_id",
    "closed_space",
    "capacity",
    "opened_at",
]
_RESIDENCE = ["person_id", "place_id", "kind", "period", "recorded_at"]
_KINDS = {
    Kind.COMPANY: PlaceKind.WORKPLACE,
    Kind.SCHOOL: PlaceKind.SCHOOL,
    Kind.CLINIC: PlaceKind.HEALTH_STATION,
    Kind.BUS: PlaceKind.CONVEYANCE,
}


@dataclass(frozen=True, slots=True)
class Homes:
    """First ids of the households, venues and groups, each in the order of the country."""

    household: int
    venue: int
    group: int


def _household_lines(country: Country, first: int, area_ids: list[int], at: datetime) -> Iterator[str]:
    people = country.population
    heads = people.home_first[:-1]
    rows = zip(
        new_codes(people.homes), people.area[heads].tolist(), people.address[heads].tolist(), strict=True
    )
    for pk, (code, area, address) in enumerate(rows, first):
        yield f"{pk}\t{code}\thousehold\tHộ gia đình\t{area_ids[area]}\t{address}\t{NULL}\tt\t{NULL}\t{at}\n"


def _venue_lines(country: Country, first: int, area_ids: list[int], at: datetime) -> Iterator[str]:
    venues = country.venues
    rows = zip(
        new_codes(len(venues)), venues.kind.tolist(), venues.name.tolist(), venues.area.tolist(),
        venues.indoor.tolist(), venues.capacity.tolist(), strict=True,
    )  # fmt: skip
    for pk, (code, kind, name, area, indoor, capacity) in enumerate(rows, first):
        place = _KINDS.get(Kind(kind), PlaceKind.VENUE).value
        closed = "t" if indoor else "f"
        yield f"{pk}\t{code}\t{place}\t{name}\t{area_ids[area]}\t\t{NULL}\t{closed}\t{capacity}\t{at}\n"


def group_venues(country: Country) -> Ints:
    """The venue of each class or team."""
    groups = country.groups
    member = groups.group >= 0
    venues = np.zeros(int(groups.group.max(initial=-1)) + 1, dtype=np.int64)
    venues[groups.group[member]] = groups.venue[member]
    return venues


def _group_lines(country: Country, homes: Homes, area_ids: list[int], at: datetime) -> Iterator[str]:
    venues = group_venues(country)
    area, kind = country.venues.area[venues].tolist(), country.venues.kind[venues].tolist()
    rows = zip(new_codes(len(venues)), venues.tolist(), area, kind, strict=True)
    for number, (code, venue, where, what) in enumerate(rows):
        school = what == Kind.SCHOOL
        place, name = (PlaceKind.SCHOOL, "Lớp") if school else (PlaceKind.WORKPLACE, "Tổ")
        yield (
            f"{homes.group + number}\t{code}\t{place.value}\t{name} {number + 1}\t{area_ids[where]}\t"
            f"\t{homes.venue + venue}\tt\t{NULL}\t{at}\n"
        )


def _residence_lines(country: Country, homes: Homes, first_person: int, at: datetime) -> Iterator[str]:
    period = f"[{at},)"
    people, groups = country.population, country.groups
    for index, home in enumerate(people.home.tolist(), first_person):
        yield f"{index}\t{homes.household + home}\thousehold\t{period}\t{at}\n"
    at_school = (country.venues.kind[groups.venue] == Kind.SCHOOL).tolist()
    for index, group in enumerate(groups.group.tolist()):
        if group >= 0:
            kind = "school" if at_school[index] else "workplace"
            yield f"{first_person + index}\t{homes.group + group}\t{kind}\t{period}\t{at}\n"


def load_places(country: Country, area_ids: list[int]) -> Homes:
    """Copy households, venues, classes and teams."""
    at = clock.day_start(country.start) - timedelta(days=30)
    groups = len(group_venues(country))
    with bulk([Place], country.population.homes):
        first = reserve_block(Place, country.population.homes + len(country.venues) + groups)
        homes = Homes(
            first, first + country.population.homes, first + country.population.homes + len(country.venues)
        )
        copy_lines(Place, _PLACE, _household_lines(country, homes.household, area_ids, at))
        copy_lines(Place, _PLACE, _venue_lines(country, homes.venue, area_ids, at))
        copy_lines(Place, _PLACE, _group_lines(country, homes, area_ids, at))
    return homes


def load_residences(country: Country, homes: Homes, first_person: int) -> int:
    """Copy who lives in which household, learns in which class, works in which team; the number of rows."""
    at = clock.day_start(country.start) - timedelta(days=30)
    with bulk([Residence], len(country.population)):
        return copy_lines(Residence, _RESIDENCE, _residence_lines(country, homes, first_person, at))
