from datetime import timedelta

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from lachan.core import actors, clock, eventlog
from lachan.core.codes import parse_code
from lachan.core.events import DoseGiven
from lachan.core.models import Area, EventRow, Identifier, Person, Place, Presence, Residence
from lachan.core.names import search_key
from lachan.core.persons import with_identifier
from lachan.simulation.country import Country
from lachan.simulation.loading import Loaded, load_country, load_day
from lachan.simulation.loading.bulk import WORTHWHILE_ROWS, bulk
from lachan.simulation.loading.copying import copy_lines, escaped, reserve_block, uuids
from lachan.simulation.loading.load import AreasMissing
from lachan.simulation.mobility import Scan
from lachan.simulation.tests.conftest import make_country

pytestmark = pytest.mark.django_db
SIZE = 1_500


@pytest.fixture
def loaded(invented_areas: list[Area]) -> Loaded:
    country = make_country(SIZE)
    at = clock.day_start(country.start)
    return load_country(country, actor=actors.system(at=at))


def test_every_person_is_there_as_they_are(loaded: Loaded) -> None:
    people = loaded.country.population
    for index in range(0, SIZE, 97):
        person = Person.objects.get(pk=loaded.person + index)
        assert person.name == people.name[index]
        assert person.search_key == search_key(person.name)
        assert parse_code(person.code) == person.code
        assert (person.birth_month is None) == people.year_only[index]
        assert person.birth_year == int(str(people.birth[index])[:4])
        assert person.home_area is not None
        assert person.home_area.code == loaded.country.communes.codes[people.area[index]]


def test_people_are_found_by_their_numbers(loaded: Loaded) -> None:
    people = loaded.country.population
    index = int(np.flatnonzero((people.number > 0) & (people.phone > 0) & (people.age > 20))[0])
    by_card = with_identifier("national_id", f"{people.number[index]:012d}")
    by_phone = with_identifier("phone", f"+84{people.phone[index]}")
    assert [p.pk for p in by_card] == [p.pk for p in by_phone] == [loaded.person + index]
    held = int((people.number > 0).sum() + (people.phone > 0).sum())
    assert Identifier.objects.count() == held


def test_doses_are_told_as_events(loaded: Loaded) -> None:
    people = loaded.country.population
    index = int(np.flatnonzero(people.doses == 2)[0])
    told = eventlog.of_person(loaded.person + index, [DoseGiven])
    assert [dose.dose_number for dose in told] == [1, 2]
    assert clock.local_date(told[1].happened_at) == people.dose_dates[index, 1].astype(object)


def test_households_live_together_and_classes_learn_together(loaded: Loaded) -> None:
    people, groups = loaded.country.population, loaded.country.groups
    assert Residence.objects.filter(kind="household").count() == SIZE
    home = Residence.objects.get(person=loaded.person + 40, kind="household").place
    members = set(home.residents.values_list("person_id", flat=True))
    assert members == {loaded.person + int(i) for i in np.flatnonzero(people.home == people.home[40])}
    pupil = int(np.flatnonzero((groups.group >= 0) & (people.age < 15))[0])
    room = (
        Residence.objects.select_related("place__parent")
        .get(person=loaded.person + pupil, kind="school")
        .place
    )
    assert room.parent is not None
    assert room.parent.name == loaded.country.venues.name[groups.venue[pupil]]


def test_scanned_visits_become_presences_and_others_do_not(loaded: Loaded) -> None:
    visits = loaded.country.visits(0)
    scanned = visits.only(visits.scan != Scan.NONE)
    assert load_day(loaded, 0, visits) == len(scanned)
    assert Presence.objects.count() == len(scanned)
    venue = int(scanned.venue[0])
    mine = Presence.objects.filter(person_id=loaded.person + int(scanned.person[0])).values_list(
        "place_id", "starts_at"
    )
    start = clock.day_start(loaded.country.start) + timedelta(minutes=int(scanned.start[0]))
    assert (loaded.homes.venue + venue, start) in set(mine)
    assert Place.objects.get(pk=loaded.homes.venue + venue).name == loaded.country.venues.name[venue]


def test_some_people_without_a_phone_have_a_second_record(loaded: Loaded) -> None:
    assert loaded.seconds
    for index, second in loaded.seconds.items():
        assert loaded.country.population.phone[index] == 0
        other = Person.objects.get(pk=second)
        assert other.birth_year == int(str(loaded.country.population.birth[index])[:4])
        assert other.home_area_id == Person.objects.get(pk=loaded.person + index).home_area_id


def test_a_second_country_can_be_loaded_beside_the_first(loaded: Loaded) -> None:
    country = make_country(300, seed=8)
    other = load_country(country, actor=actors.system(at=clock.day_start(country.start)))
    assert other.person >= loaded.person + SIZE
    assert Person.objects.filter(pk__gte=other.person).count() >= 300


def test_areas_that_are_missing_are_named_as_the_reason(db: None) -> None:
    country: Country = make_country(100)
    with pytest.raises(AreasMissing, match="12 communes"):
        load_country(country, actor=actors.system(at=clock.day_start(country.start)))


def test_reserved_ids_never_overlap(db: None) -> None:
    first = reserve_block(Place, 10)
    assert reserve_block(Place, 1) == first + 10
    assert reserve_block(Place, 5) == first + 11


def test_identifiers_of_presences_are_uuids_in_order_of_time() -> None:
    made = list(uuids(1_700_000_000_000, bytes(range(30))))
    assert len(set(made)) == 3
    assert all(len(u) == 32 and u[12] == "7" and u[16] == "8" for u in made)
    assert made[0] < next(uuids(1_700_000_000_001, bytes(10)))


def test_copy_text_is_escaped() -> None:
    assert escaped("a\tb\\c\nd") == "a\\tb\\\\c\\nd"


def _rules(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [table])
        found = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass", [table])
        return found | {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("model", [Person, Identifier, EventRow, Place, Residence])
def test_a_bulk_load_puts_every_rule_back(db: None, model: type[Model]) -> None:
    table = model._meta.db_table
    before = _rules(table)
    with bulk([model], WORTHWHILE_ROWS):
        assert _rules(table) < before
    assert _rules(table) == before


def test_a_bulk_load_of_what_the_rules_refuse_is_refused(loaded: Loaded) -> None:
    line = f"{loaded.person}\t{loaded.homes.household}\thousehold\t[2021-09-05,)\t2021-09-05\n"
    columns = ["person_id", "place_id", "kind", "period", "recorded_at"]
    with pytest.raises(IntegrityError), transaction.atomic(), bulk([Residence], WORTHWHILE_ROWS):
        copy_lines(Residence, columns, [line])
