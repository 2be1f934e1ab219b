"""The decision at the counter: by the rule, otherwise with a reason, corrected by another."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from lachan.core.eventlog import emit
from lachan.core.events import DoseGiven, DoseWithdrawn
from lachan.core.models import EventRow, Identifier
from lachan.core.persons import claim_identifier, verify_identifier
from lachan.systems.arrivals import commands
from lachan.systems.arrivals.commands import CannotClear
from lachan.systems.arrivals.models import Clearance
from lachan.systems.arrivals.tests.rows import (
    NOON,
    NUMBER,
    TODAY,
    cleared,
    declared,
    found,
    gate,
    journey,
    officer,
)

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[dict[str, Any]]:
    return [row.facts for row in EventRow.objects.filter(kind=kind).order_by("pk")]


def test_without_a_test_one_is_due_within_a_day_by_1265() -> None:
    made = cleared(declared())
    assert (made.duty, made.proposed, made.test_within_hours, made.after_days) == ("test", "test", 24, 10)
    assert (made.reasons, made.rule_id) == (["no-test"], "vn-covid19-arrivals-2022-03")
    assert told("ArrivalCleared")[0]["test_by"] == "2022-03-21"
    assert not told("DutyImposed")


def test_a_claim_counts_only_when_the_officer_saw_it() -> None:
    claim: dict[str, Any] = {"test_kind": "pcr", "tested_at": NOON - timedelta(hours=10)}
    assert cleared(declared(**claim)).duty == "test"
    seen = cleared(declared(**claim), seen=("test",))
    assert (seen.duty, seen.evidence) == ("none", ["test"])


AUGUST = datetime(2021, 8, 10, 5, tzinfo=UTC)


def of_august(**other: Any) -> Any:
    days = {"departed_on": AUGUST.date(), "arrives_on": AUGUST.date()}
    return declared(at=AUGUST, **days | other)


def test_a_duty_to_stay_apart_is_told_with_all_that_an_order_needs() -> None:
    made = cleared(of_august(), at=AUGUST)
    assert (made.duty, made.days) == ("facility", 14)
    [facts] = told("DutyImposed")
    assert facts == {
        "clearance_id": made.pk, "gate": "HAN", "duty": "facility", "arrived_on": "2021-08-10", "days": 14,
        "test_dates": ["2021-08-11", "2021-08-17", "2021-08-24"], "negatives_needed": 3, "home_allowed": False,
        "after_days": 14, "immune": False, "rule_id": "vn-covid19-arrivals-2021-08",
        "area_id": made.declaration.destination_area_id,
    }  # fmt: skip
    row = EventRow.objects.get(kind="DutyImposed")
    assert row.caused_by_id == EventRow.objects.get(kind="ArrivalCleared").pk
    assert row.place_id == gate().place_id


def test_our_own_records_of_doses_count_without_a_paper() -> None:
    made = of_august()
    with transaction.atomic():
        for number, on in enumerate((date(2021, 5, 1), date(2021, 6, 1)), start=1):
            at = datetime(on.year, on.month, on.day, 5, tzinfo=UTC)
            given = DoseGiven(
                person_id=made.person_id, happened_at=at, vaccine="x", dose_number=number, primary_doses=2
            )
            emit([given], actor=officer())
    assert cleared(made, at=AUGUST).days == 7


def test_a_withdrawn_dose_makes_nobody_immune_at_the_border() -> None:
    made = of_august()
    with transaction.atomic():
        for number, on in enumerate((date(2021, 5, 1), date(2021, 6, 1)), start=1):
            at = datetime(on.year, on.month, on.day, 5, tzinfo=UTC)
            given = DoseGiven(
                person_id=made.person_id, happened_at=at, vaccine="x", dose_number=number, primary_doses=2
            )
            emit([given], actor=officer())
            gone = DoseWithdrawn(person_id=made.person_id, happened_at=at, dose_id=number, given_id=given.id)
            emit([gone], actor=officer())
    assert cleared(made, at=AUGUST).days == 14


def test_otherwise_than_the_rule_needs_a_reason_and_takes_the_terms_of_the_rules() -> None:
    made = declared()
    with pytest.raises(CannotClear, match="override-unexplained"):
        cleared(made, duty="none")
    with pytest.raises(CannotClear, match="no-such-duty"):
        cleared(made, duty="facility", reason="sốt cao")
    done = cleared(made, duty="none", reason="quá cảnh, có giấy")
    assert (done.proposed, done.duty, done.reasons) == ("test", "none", ["officer"])
    assert done.override_reason == "quá cảnh, có giấy"


def test_the_document_that_was_seen_is_verified_and_no_other() -> None:
    made = cleared(declared())
    assert made.document_seen
    assert Identifier.objects.get().verified_at == NOON
    unseen = cleared(declared(document_number="Z9999999"), document=False)
    assert not unseen.document_seen


def test_a_number_that_another_record_holds_is_not_verified_again() -> None:
    other = declared(name="NGUYEN VAN AN").person
    verify_identifier(claim_identifier(other, "passport", NUMBER, at=NOON), actor=officer(), at=NOON)
    made = cleared(declared())
    assert not made.document_seen
    assert made.duty == "test"


@pytest.mark.parametrize("temperature", ["29.9", "45.1"])
def test_an_impossible_temperature_is_refused(temperature: str) -> None:
    with pytest.raises(CannotClear, match="temperature-impossible"):
        cleared(declared(), temperature=temperature)


def test_a_fever_and_declared_symptoms_are_told_to_all() -> None:
    cleared(declared(symptoms=("cough",)), temperature="38.2")
    assert told("SymptomsDeclared") == [{"symptoms": ["cough", "fever"], "onset_on": None}]
    cleared(declared())
    assert len(told("SymptomsDeclared")) == 1


def test_before_the_gate_symptoms_are_told_to_nobody() -> None:
    declared(symptoms=("cough",))
    assert not told("SymptomsDeclared")


def test_who_was_cleared_or_amended_is_not_cleared_again() -> None:
    made = declared()
    cleared(made)
    with pytest.raises(CannotClear, match="already-cleared"):
        cleared(made)
    old = declared()
    commands.amend_arrival(declaration=old, journey=journey(seat="1A"), key=uuid4(), at=NOON)
    with pytest.raises(CannotClear, match="amended"):
        cleared(old)
    with pytest.raises(CannotClear, match="not-today"):
        cleared(declared(arrives_on=TODAY + timedelta(days=2)))


def test_a_correction_replaces_and_takes_the_duty_back() -> None:
    first = cleared(of_august(), at=AUGUST)
    rules: dict[str, Any] = {"actor": officer(), "at": AUGUST}
    second = commands.correct_clearance(
        clearance=first, finding=found(duty="none", reason="công hàm"), **rules
    )
    assert (second.replaces, second.duty) == (first, "none")
    assert told("DutyWithdrawn") == [{"clearance_id": second.pk, "gate": "HAN"}]
    with pytest.raises(CannotClear, match="already-corrected"):
        commands.correct_clearance(clearance=first, finding=found(), **rules)
    third = commands.correct_clearance(clearance=second, finding=found(), **rules)
    assert (third.duty, len(told("DutyImposed"))) == ("facility", 2)
    assert Clearance.objects.filter(replaced_by__isnull=True).get() == third


def test_where_no_rule_is_in_force_nothing_is_asked(settings: Any) -> None:
    made = declared()
    settings.LACHAN_POLICY = "kr/mers"
    done = cleared(made)
    assert (done.duty, done.reasons) == ("none", ["no-rule"])
