"""Long lists of keys ask the same question as short ones."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.core.arrays import FEW
from lachan.core.ids import uuid7
from lachan.core.models import EventRow, Person

AT = datetime(2026, 7, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def _person(code: str) -> Person:
    return Person.objects.create(code=code, name=code, search_key="n", registered_at=AT)


@pytest.fixture
def person() -> Person:
    return _person("CODE1")


@pytest.fixture
def other() -> Person:
    return _person("CODE2")


def _asked(queryset: Any) -> tuple[list[Any], str]:
    with CaptureQueriesContext(connection) as queries:
        found = list(queryset.values_list("pk", flat=True))
    return found, " ".join(q["sql"] for q in queries.captured_queries)


def _among(persons: Sequence[Person]) -> list[int]:
    return [p.pk for p in persons] + list(range(10_000_000, 10_000_000 + FEW))


def test_many_keys_travel_as_one_array(person: Person, other: Person) -> None:
    found, sql = _asked(Person.objects.filter(pk__in=_among([person])))
    assert found == [person.pk]
    assert "ANY" in sql


def test_few_keys_stay_as_they_are(person: Person, other: Person) -> None:
    found, sql = _asked(Person.objects.filter(pk__in=[person.pk]))
    assert found == [person.pk]
    assert "ANY" not in sql


def test_keys_of_another_table_travel_as_an_array(person: Person, other: Person) -> None:
    Person.objects.filter(pk=other.pk).update(merged_into=person)
    found, sql = _asked(Person.objects.filter(merged_into__in=_among([person])))
    assert found == [other.pk]
    assert "ANY" in sql


def test_objects_stand_for_their_keys(person: Person, other: Person) -> None:
    Person.objects.filter(pk=other.pk).update(merged_into=person)
    found, _ = _asked(Person.objects.filter(merged_into__in=[person, *(Person(pk=k) for k in _among([]))]))
    assert found == [other.pk]


def test_exclusion_by_many_keys_leaves_the_others(person: Person, other: Person) -> None:
    found, _ = _asked(Person.objects.exclude(pk__in=_among([person])))
    assert found == [other.pk]


def test_null_among_many_keys_matches_nothing(person: Person, other: Person) -> None:
    found, _ = _asked(Person.objects.filter(merged_into__in=[None, *_among([person])]))
    assert found == []


def test_events_are_found_by_many_ids() -> None:
    wanted: list[UUID] = [uuid7() for _ in range(FEW + 1)]
    found, sql = _asked(EventRow.objects.filter(pk__in=wanted))
    assert found == []
    assert "uuid[]" in sql


def test_number_too_large_for_any_key_is_no_error(person: Person) -> None:
    found, _ = _asked(Person.objects.filter(pk__in=[*_among([person]), 2**70]))
    assert found == [person.pk]


def test_no_key_asks_nothing(person: Person) -> None:
    assert list(Person.objects.filter(pk__in=[])) == []
