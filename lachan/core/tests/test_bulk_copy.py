"""What is copied is read back as any other write; what the database refuses it refuses here too."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, transaction

from lachan.core import actors, areas, bulk
from lachan.core.ids import uuid7
from lachan.core.models import EventRow, Person, Place, PlaceKind

AT = datetime(2026, 7, 1, 1, 2, 3, 456789, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[0, bulk.FEW], ids=["copied", "inserted"], autouse=True)
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either way writes the same."""
    monkeypatch.setattr(bulk, "FEW", request.param)


def person(**facts: Any) -> Person:
    given = {"code": "CODE1", "name": "Lê Thị Hoa", "search_key": "le thi hoa", "registered_at": AT}
    return Person(**given | facts)


def told(**facts: Any) -> EventRow:
    given = {"id": uuid7(), "kind": "K", "version": 1, "happened_at": AT, "recorded_at": AT}
    return EventRow(**given | {"actor": actors.system(at=AT), "facts": {}} | facts)


def test_copied_rows_have_their_keys_and_are_read_back_whole() -> None:
    home = areas.country()
    given = [person(home_area=home, birth_year=1950), person(code="CODE2", name="Tab\tnew\nline \\N")]
    bulk.insert(given)
    kept = {p.pk: p for p in Person.objects.all()}
    for row in given:
        columns = [f.attname for f in Person._meta.concrete_fields]
        assert [getattr(kept[row.pk], c) for c in columns] == [getattr(row, c) for c in columns]


def test_a_choice_is_copied_as_its_value() -> None:
    bulk.insert([Place(kind=PlaceKind.HEALTH_STATION, name="Trạm", area=areas.country(), opened_at=AT)])
    assert Place.objects.get().kind == PlaceKind.HEALTH_STATION.value


def test_facts_are_copied_as_json() -> None:
    facts = {"ends_on": AT.date(), "by": uuid7(), "days": (1, 2), "ct": 21.5, "none": None, "name": "Trạm"}
    bulk.insert([told(facts=facts)])
    plain = {"ends_on": "2026-07-01", "by": str(facts["by"]), "days": [1, 2]}
    assert EventRow.objects.get().facts == facts | plain


@pytest.mark.parametrize(
    "facts", [{"name": "x" * 10_000}, {"name": "\x00"}, {"birth_year": 10**6}, {"birth_year": 2**70}]
)
def test_what_fits_no_column_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(DataError), transaction.atomic():
        bulk.insert([person(**facts)])
    assert not Person.objects.exists()


def test_what_stands_already_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert([person(), person()])
    assert not Person.objects.exists()
