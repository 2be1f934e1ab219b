"""Who has had which dose, by area and age: rules, counters."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lachan.core import actors, areas, persons
from lachan.core.dates import BirthDate
from lachan.core.events import DoseGiven, DoseWithdrawn
from lachan.core.models import Area, Person
from lachan.core.persons import Identity
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Coverage, CoveredDose, Residents
from lachan.systems.vaccination.queries.coverage import coverage, coverage_below
from lachan.systems.vaccination.rules.coverage import BANDS, UNKNOWN, band_of, share, steps_of
from lachan.systems.vaccination.tests.conftest import NOON, TODAY, province, ward


@pytest.mark.parametrize(
    ("given_as", "number", "of", "steps"),
    [
        ("primary", 1, 2, ("first",)),
        ("primary", 2, 2, ("complete",)),
        ("primary", 1, 1, ("first", "complete")),
        ("primary", 2, 3, ()),
        ("primary", 3, 3, ("complete",)),
        ("additional", 3, 2, ("additional",)),
        ("booster", 3, 2, ("booster",)),
        ("other", 1, 2, ()),
    ],
)
def test_what_a_dose_brings(given_as: str, number: int, of: int, steps: tuple[str, ...]) -> None:
    assert steps_of(given_as, number, of) == steps


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        ((2008, 11, 10), 18), ((2008, 11, 11), 12), ((2008, None, None), 18), ((2008, 12, None), 12),
        ((1961, 1, 1), 65), ((2026, 11, 10), 0), ((2026, 12, 1), 0), ((2027, None, None), UNKNOWN),
        ((None, None, None), UNKNOWN),
    ],
)  # fmt: skip
def test_the_band_of_an_age(birth: tuple[Any, Any, Any], band: int) -> None:
    assert band_of(*birth, on=TODAY) == band


def test_a_share_of_nobody_is_not_known() -> None:
    assert (share(3, 0), share(None, 5), share(1, 4), share(9, 5)) == (None, None, 25, 100)


pytestmark = pytest.mark.django_db


def person(area: Area, year: int = 1990) -> Person:
    identity = Identity(name="Trần Văn Bình", home_area=area, birth=BirthDate(year))
    return persons.register(identity, actor=actors.system(at=NOON), at=NOON)


def dose(who: Person, number: int = 1, **more: Any) -> DoseGiven:
    facts: dict[str, Any] = {"dose_number": number, "primary_doses": 2, "happened_at": NOON} | more
    return DoseGiven(person_id=who.pk, vaccine="vaxzevria", **facts)


def count(*events: DoseGiven | DoseWithdrawn) -> int:
    return commands.count_doses(events=events, at=NOON)


def people(area: Area) -> dict[tuple[int, str], int]:
    return {cell: n for cell, n in coverage(area).people.items() if n}


def test_a_dose_counts_where_its_person_lives_and_for_all_above() -> None:
    here = ward()
    count(dose(person(here)), dose(person(here, 1950), 2))
    for area in (here, province(), areas.country()):
        assert people(area) == {(18, "first"): 1, (65, "complete"): 1}


def test_the_same_event_twice_counts_once() -> None:
    told = dose(person(ward()))
    assert (count(told), count(told), count(told, told)) == (1, 0, 0)
    assert people(ward()) == {(18, "first"): 1}


def test_a_withdrawn_dose_is_taken_back_once() -> None:
    told = dose(person(ward()))
    back = DoseWithdrawn(person_id=told.person_id, dose_id=1, given_id=told.id, happened_at=NOON)
    count(told)
    assert (count(back), count(back)) == (1, 0)
    assert people(ward()) == {}


def test_a_move_does_not_move_what_was_counted() -> None:
    who = person(ward())
    told = dose(who)
    count(told)
    Person.objects.filter(pk=who.pk).update(home_area=ward("Phường An Hải", "t20263"))
    count(DoseWithdrawn(person_id=who.pk, dose_id=1, given_id=told.id, happened_at=NOON))
    assert people(province()) == {}


def test_a_joined_record_counts_where_the_kept_one_lives() -> None:
    kept, joined = person(ward()), person(ward("Phường An Hải", "t20263"), 1950)
    persons.merge(kept=kept, merged=joined, reason="giấy tờ", actor=actors.system(at=NOON), at=NOON)
    count(dose(joined))
    assert people(ward()) == {(18, "first"): 1}


def test_any_order_and_any_repetition_gives_the_same_figures() -> None:
    rng = random.Random(7)
    homes = [ward(), ward("Phường An Hải", "t20263")]
    given = [dose(person(rng.choice(homes), rng.randint(1930, 2020)), rng.choice((1, 2))) for _ in range(40)]
    expected = Counter[tuple[int, str]]()
    for event in given:
        who = Person.objects.get(pk=event.person_id or 0)
        [step] = steps_of("primary", event.dose_number, 2)
        expected[band_of(who.birth_year, None, None, TODAY), step] += 1
    sent = given + rng.sample(given, 15)
    rng.shuffle(sent)
    while sent:
        size = rng.randint(1, 9)
        count(*sent[:size])
        sent = sent[size:]
    assert people(province()) == dict(expected)


def test_a_batch_takes_as_many_statements_as_one_dose() -> None:
    single, many = [dose(person(ward()))], [dose(person(ward())) for _ in range(30)]
    with CaptureQueriesContext(connection) as one:
        count(*single)
    with CaptureQueriesContext(connection) as all_of_them:
        count(*many)
    assert len(all_of_them) == len(one)


def test_residents_are_counted_by_the_rule_of_ages() -> None:
    rng = random.Random(11)
    births = [
        BirthDate(rng.randint(1925, 2026), *(rng.randint(1, 10) for _ in range(rng.randint(0, 2))))
        for _ in range(60)
    ]  # fmt: skip
    for birth in births:
        identity = Identity(name="Lê Văn Tám", home_area=ward(), birth=birth)
        persons.register(identity, actor=actors.system(at=NOON), at=NOON)
    commands.count_residents(at=NOON)
    commands.count_residents(at=NOON)
    expected = Counter(band_of(b.year, b.month, b.day, TODAY) for b in births)
    assert {r.from_age: r.people for r in Residents.objects.all()} == dict(expected)
    found = coverage(province())
    assert (found.living(), found.counted_on) == (60, TODAY)


def test_units_below_are_those_of_the_day_and_add_up() -> None:
    here, there = ward(), ward("Phường An Hải", "t20263")
    count(dose(person(here)), dose(person(here)), dose(person(there, 1950)))
    commands.count_residents(at=NOON)
    below = coverage_below(province(), TODAY)
    assert {area.code: covered.had("first") for area, covered in below} == {here.code: 2, there.code: 1}
    assert {area.code: covered.living() for area, covered in below} == {here.code: 2, there.code: 1}
    [(top, all_of_it)] = coverage_below(areas.country(), TODAY)
    assert (top, all_of_it.had("first"), all_of_it.had("first", adults=True)) == (province(), 3, 3)


def test_the_figures_of_before_are_those_of_who_took_the_ground_over() -> None:
    count(dose(person(ward())))
    assert coverage(ward()).had("first") == 1
    assert coverage(ward("Phường An Hải", "t20263")).had("first") == 0


@pytest.mark.parametrize(
    ("model", "name", "row"),
    [
        (Coverage, "coverage_step_known", {"from_age": 18, "step": "rác", "people": 1}),
        (Coverage, "coverage_band_known", {"from_age": 19, "step": "first", "people": 1}),
        (Residents, "residents_band_known", {"from_age": 19, "people": 1, "counted_on": TODAY}),
    ],
)
def test_the_database_knows_bands_and_steps(model: Any, name: str, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(area=ward(), **row)


@pytest.mark.parametrize(
    ("model", "name", "row"),
    [
        (Coverage, "coverage_once_an_area", {"from_age": BANDS[0], "step": "first", "people": 1}),
        (Residents, "residents_once_an_area", {"from_age": BANDS[0], "people": 1, "counted_on": TODAY}),
    ],
)
def test_a_cell_stands_once(model: Any, name: str, row: dict[str, Any]) -> None:
    model.objects.create(area=ward(), **row)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(area=ward(), **row)


def test_what_is_not_about_a_step_is_not_noted() -> None:
    assert count(dose(person(ward()), 2, primary_doses=3)) == 0
    assert not CoveredDose.objects.exists()
    assert count(dose(person(ward()), happened_at=NOON - timedelta(days=400))) == 1
