"""Persons, their numbers, their doses, and the second records that a busy clerk makes."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from lachan.core import clock
from lachan.core.codes import new_codes
from lachan.core.events import DoseGiven
from lachan.core.ids import uuid7
from lachan.core.models import Actor, EventRow, Identifier, IdentifierKind, Person
from lachan.core.names import search_key
from lachan.core.sealed import blind_index, seal
from lachan.simulation import names
from lachan.simulation.arrays import stream
from lachan.simulation.country import Country
from lachan.simulation.loading.bulk import bulk
from lachan.simulation.loading.copying import NULL, as_json, copy_lines, reserve_block
from lachan.simulation.population import PRODUCTS

SECOND_RECORDS = 0.006
PRIMARY_DOSES = 2
_CARD_AGE = 14
_PERSON = [
    "id",
    "code",
    "name",
    "search_key",
    "birth_year",
    "birth_month",
    "birth_day",
    "sex",
    "home_area_id",
    "address",
    "language",
    "registered_at",
]
_IDENTIFIER = ["person_id", "kind", "blind_index", "sealed", "verified_at", "recorded_at"]
_EVENT = [
    "id",
    "kind",
    "version",
    "person_id",
    "place_id",
    "actor_id",
    "caused_by_id",
    "ref",
    "facts",
    "happened_at",
    "recorded_at",
]


class SearchKeys:
    """Search keys by word: a million names have a few hundred words."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The search key of a full name."""
        return " ".join(self._words.get(w) or self._words.setdefault(w, search_key(w)) for w in name.split())


def _birth(country: Country) -> tuple[list[int], list[str], list[str]]:
    birth = country.population.birth
    years = birth.astype("datetime64[Y]").astype(int) + 1970
    months = birth.astype("datetime64[M]").astype(int) % 12 + 1
    days = (birth - birth.astype("datetime64[M]")).astype(int) + 1
    hidden = country.population.year_only
    return (
        years.tolist(),
        np.where(hidden, NULL, months.astype(str)).tolist(),
        np.where(hidden, NULL, days.astype(str)).tolist(),
    )


def person_lines(country: Country, first: int, area_ids: list[int], at: datetime) -> Iterator[str]:
    """One line a person, ids from `first` in the order of the population."""
    people, keys = country.population, SearchKeys()
    rows = zip(
        new_codes(len(people)), people.name.tolist(), *_birth(country), people.male.tolist(),
        people.area.tolist(), people.address.tolist(), strict=True,
    )  # fmt: skip
    for pk, (code, name, year, month, day, male, area, address) in enumerate(rows, first):
        sex = "m" if male else "f"
        yield (
            f"{pk}\t{code}\t{name}\t{keys.of(name)}\t{year}\t{month}\t{day}\t{sex}"
            f"\t{area_ids[area]}\t{address}\tvi\t{at}\n"
        )


def identifier_lines(country: Country, first: int, at: datetime) -> Iterator[str]:
    """Identity numbers (verified for those old enough for a card) and phones."""
    people = country.population
    carded = (people.age >= _CARD_AGE).tolist()
    for index, (number, phone) in enumerate(zip(people.number.tolist(), people.phone.tolist(), strict=True)):
        if number:
            seen = str(at) if carded[index] else NULL
            yield _identifier(first + index, IdentifierKind.NATIONAL_ID.value, f"{number:012d}", seen, at)
        if phone:
            yield _identifier(first + index, IdentifierKind.PHONE.value, f"+84{phone}", NULL, at)


def _identifier(person: int, kind: str, value: str, seen: str, at: datetime) -> str:
    index, sealed = blind_index(kind, value).hex(), seal(kind, value).hex()
    return f"{person}\t{kind}\t\\\\x{index}\t\\\\x{sealed}\t{seen}\t{at}\n"


def dose_lines(country: Country, first: int, actor: Actor) -> Iterator[str]:
    """A DoseGiven for every dose, at nine in the morning of its day. History: nobody reacts to it."""
    people = country.population
    for number in range(1, PRIMARY_DOSES + 1):
        facts = [
            as_json({"vaccine": v, "dose_number": number, "primary_doses": PRIMARY_DOSES}) for v in PRODUCTS
        ]
        given = np.flatnonzero(people.doses >= number)
        dates = people.dose_dates[given, number - 1].astype(object).tolist()
        for index, product, day in zip(given.tolist(), people.product[given].tolist(), dates, strict=True):
            at = f"{day} 09:00:00+07"
            yield (
                f"{uuid7()}\t{DoseGiven.__name__}\t{DoseGiven.version}\t{first + index}\t{NULL}\t{actor.pk}"
                f"\t{NULL}\t\t{facts[product]}\t{at}\t{at}\n"
            )


def second_records(country: Country, area_ids: list[int], at: datetime) -> dict[int, int]:
    """Some people without a phone are registered again, as somebody heard the name: index -> second id."""
    people, rng = country.population, stream(country.seed, "records")
    without = np.flatnonzero((people.phone == 0) & (people.age >= 12))
    chosen = rng.choice(without, max(1, int(len(people) * SECOND_RECORDS)), replace=False)
    chosen = np.sort(chosen)
    written, _ = names.spellings(rng, people.name[chosen])
    first = reserve_block(Person, len(chosen))
    years = (people.birth[chosen].astype("datetime64[Y]").astype(int) + 1970).tolist()
    rows = zip(new_codes(len(chosen)), written.tolist(), years, people.area[chosen].tolist(), strict=True)
    lines = (
        f"{pk}\t{code}\t{name}\t{search_key(name)}\t{year}\t{NULL}\t{NULL}\t\t{area_ids[area]}\t\tvi\t{at}\n"
        for pk, (code, name, year, area) in enumerate(rows, first)
    )
    copy_lines(Person, _PERSON, lines)
    return {int(index): first + i for i, index in enumerate(chosen)}


def load_people(country: Country, area_ids: list[int], actor: Actor) -> tuple[int, dict[int, int]]:
    """Copy everybody; returns the first person's id and the second records."""
    at = clock.day_start(country.start) - timedelta(days=30)
    with bulk([Person, Identifier, EventRow], len(country.population)):
        first = reserve_block(Person, len(country.population))
        copy_lines(Person, _PERSON, person_lines(country, first, area_ids, at))
        copy_lines(Identifier, _IDENTIFIER, identifier_lines(country, first, at))
        copy_lines(EventRow, _EVENT, dose_lines(country, first, actor))
        return first, second_records(country, area_ids, at)
