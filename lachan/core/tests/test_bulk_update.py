from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.core import areas, bulk
from lachan.core.models import Area, Person

AT = datetime(2026, 7, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def people(n: int) -> list[Person]:
    return Person.objects.bulk_create(
        [Person(code=f"CODE{i}", name=f"N{i}", search_key="n", registered_at=AT) for i in range(n)]
    )


def test_many_rows_are_written_in_one_statement() -> None:
    home = areas.country()
    made = people(50)
    for number, person in enumerate(made):
        person.name, person.birth_year, person.home_area = f"Tên {number}", None if number % 2 else 1950, home
    with CaptureQueriesContext(
        connection,
    ) as asked:
        bulk.update(made, ["name", "birth_year", "home_area"])
    assert len(asked) == 1
    kept = {p.pk: (p.name, p.birth_year, p.home_area_id) for p in Person.objects.all()}
    assert kept == {p.pk: (p.name, p.birth_year, home.pk) for p in made}


def test_other_rows_and_other_fields_stay() -> None:
    first, second = people(2)
    first.name, first.search_key = "Khác", "khac"
    bulk.update([first], ["name"])
    assert set(Person.objects.values_list("name", "search_key")) == {("Khác", "n"), (second.name, "n")}


def test_nothing_to_write_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as asked:
        bulk.update([], ["name"])
    assert len(asked) == 0
    assert not Area.objects.exists()


def _known_rows() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'core_person'::regclass")
        return float(cursor.fetchone()[0])


def test_statistics_follow_rows_that_are_many_for_the_table() -> None:
    people(200)
    bulk.refresh_statistics(Person, changed=200)
    assert _known_rows() == 200


def test_statistics_stay_where_few_rows_changed() -> None:
    people(200)
    bulk.refresh_statistics(Person, changed=200)
    Person.objects.filter(code__startswith="CODE19").delete()
    bulk.refresh_statistics(Person, changed=11, least=10)
    assert _known_rows() == 200
