"""Declaring an entry, amending it, and what cannot be declared."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lachan.core.dates import BirthDate
from lachan.core.models import EventRow, Identifier, Person
from lachan.core.persons import note_phone
from lachan.core.sealed import blind_index
from lachan.platform.otp import VerifiedPhone
from lachan.systems.arrivals import commands
from lachan.systems.arrivals.commands import CannotAmendEntry, CannotDeclareEntry, Traveller
from lachan.systems.arrivals.commands.journeys import plain_number, plain_vehicle
from lachan.systems.arrivals.models import ArrivalDeclaration
from lachan.systems.arrivals.tests.rows import (
    NOON,
    NUMBER,
    TODAY,
    cleared,
    commune,
    declared,
    journey,
    officer,
)

pytestmark = pytest.mark.django_db
PHONE = "+84912345678"
DAY = timedelta(days=1)


def test_a_declaration_is_kept_under_a_code_with_its_countries_and_its_document_sealed() -> None:
    made = declared(countries=("DEU", "FRA"))
    assert made.countries == ["FRA", "DEU"]
    assert (made.vehicle, made.seat, len(made.short_code)) == ("VN18", "12A", 5)
    assert (made.phone, made.email) == (PHONE, "")
    assert bytes(made.document_index) == blind_index("passport", NUMBER)
    assert Identifier.objects.get(person=made.person).verified_at is None
    assert made.person.home_area == commune()
    stored = ArrivalDeclaration.objects.values().get()
    assert NUMBER not in str(stored)
    assert PHONE not in str(stored)


def test_the_event_names_gate_and_day_and_nothing_about_the_person() -> None:
    made = declared()
    row = EventRow.objects.get(kind="ArrivalDeclared")
    assert row.person_id == made.person_id
    assert row.facts == {"arrival_id": made.pk, "gate": "HAN", "arrives_on": "2022-03-20", "amends_id": None}


def test_the_same_sent_twice_is_one_declaration() -> None:
    key = uuid4()
    assert declared(key=key) == declared(key=key)
    assert ArrivalDeclaration.objects.count() == Person.objects.count() == 1


def test_a_known_number_or_name_opens_no_record() -> None:
    assert declared().person != declared().person


def test_a_telephone_that_was_shown_leads_to_the_record_that_has_it() -> None:
    before = declared().person
    note_phone(before, PHONE, actor=officer(), at=NOON)
    shown = Traveller(shown=VerifiedPhone(PHONE, "declare-entry", NOON))
    assert declared(sender=shown).person == before
    assert declared(name="MARTIN PAUL", sender=shown).person != before
    assert declared(sender=shown, birth=BirthDate(1999)).person != before


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"arrives_on": TODAY - 3 * DAY, "departed_on": TODAY - 4 * DAY}, "arrives-too-early", "arrives_on"),
        ({"arrives_on": TODAY + timedelta(days=15)}, "arrives-too-late", "arrives_on"),
        ({"departed_on": TODAY + timedelta(days=1)}, "departed-after", "departed_on"),
        ({"departed_on": TODAY - timedelta(days=61)}, "departed-long-ago", "departed_on"),
        ({"document_number": "12"}, "number-shape", "document_number"),
        ({"document_number": "A" * 21}, "number-shape", "document_number"),
        ({"nationality": "ABC"}, "country-unknown", "countries"),
        ({"countries": ("FRA", "ZZZ")}, "country-unknown", "countries"),
        ({"test_kind": "pcr", "tested_at": NOON + timedelta(minutes=1)}, "tested-in-future", "tested_at"),
        ({"test_kind": "pcr"}, "test-half", "tested_at"),
        ({"tested_at": NOON}, "test-half", "tested_at"),
        ({"doses": 2, "last_dose_on": date(2022, 3, 21)}, "dose-in-future", "last_dose_on"),
        ({"last_dose_on": date(2022, 1, 21)}, "dose-half", "doses"),
        ({"recovered_on": date(2022, 3, 21)}, "recovered-in-future", "recovered_on"),
        ({"symptoms": ("love",)}, "choice-unknown", ""),
        ({"transport": "rocket"}, "choice-unknown", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_field(wrong: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(CannotDeclareEntry) as refused:
        declared(**wrong)
    assert (refused.value.code, refused.value.field, refused.value.status) == (code, field, 422)
    assert not Person.objects.exists()


def test_an_amendment_replaces_and_both_stay() -> None:
    first = declared()
    second = commands.amend_arrival(declaration=first, journey=journey(seat="14c"), key=uuid4(), at=NOON)
    assert (second.amends, second.seat, second.person) == (first, "14C", first.person)
    assert second.code != first.code
    assert ArrivalDeclaration.objects.filter(amended_by__isnull=True).get() == second


def test_nothing_is_amended_twice_or_after_the_decision() -> None:
    first = declared()
    second = commands.amend_arrival(declaration=first, journey=journey(), key=uuid4(), at=NOON)
    with pytest.raises(CannotAmendEntry, match="already-amended"):
        commands.amend_arrival(declaration=first, journey=journey(), key=uuid4(), at=NOON)
    cleared(second)
    with pytest.raises(CannotAmendEntry, match="already-cleared"):
        commands.amend_arrival(declaration=second, journey=journey(), key=uuid4(), at=NOON)


def test_five_digits_are_one_traveller_a_gate_and_day(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([7, 7, 7, 8])
    monkeypatch.setattr("secrets.randbelow", lambda _most: next(drawn))
    assert [declared().short_code for _ in range(2)] == ["00007", "00008"]


def test_when_no_digits_are_free_the_traveller_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda _most: 7)
    declared()
    with pytest.raises(CannotDeclareEntry, match="no-short-code"):
        declared()


def test_numbers_are_found_however_they_are_typed() -> None:
    assert plain_number(" c12-34 567") == "C1234567"
    assert plain_vehicle("vn 310") == plain_vehicle("VN-310") == "VN310"
