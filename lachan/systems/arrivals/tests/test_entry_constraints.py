"""What the rules of entry refuse, the database refuses too: each constraint broken on purpose."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lachan.systems.arrivals.models import ArrivalDeclaration, CertificateSeen, Clearance, Gate
from lachan.systems.arrivals.tests.rows import NOON, TODAY, cleared, declared, gate, officer

pytestmark = pytest.mark.django_db


@contextmanager
def refuses(name: str) -> Iterator[None]:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("gate_kind_known", {"kind": "moon"}),
        ("gate_kind_known", {"name": ""}),
        ("gate_on_land_borders_a_country", {"kind": "land"}),
        ("gate_on_land_borders_a_country", {"borders": "LAO"}),
        ("gate_place_in_an_area", {"area": None}),
    ],
)
def test_a_gate_is_whole(name: str, change: dict[str, Any]) -> None:
    one = gate()
    with refuses(name):
        Gate.objects.filter(pk=one.pk).update(**change)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("arrival_transport_known", {"transport": "rocke"}),
        ("arrival_transport_known", {"document_kind": "library card"}),
        ("arrival_after_departure", {"departed_on": TODAY + timedelta(days=1)}),
        ("arrival_names_its_countries", {"countries": []}),
        ("arrival_test_with_its_time", {"test_kind": "pcr"}),
        ("arrival_test_with_its_time", {"tested_at": NOON}),
        ("arrival_dose_day_with_doses", {"last_dose_on": TODAY}),
        ("arrival_dose_day_with_doses", {"last_dose_on": TODAY, "doses": 0}),
        ("arrival_destination_told", {"destination_address": ""}),
    ],
)
def test_a_declaration_is_whole(name: str, change: dict[str, Any]) -> None:
    made = declared()
    with refuses(name):
        ArrivalDeclaration.objects.filter(pk=made.pk).update(**change)


def test_a_declaration_amends_another_one_and_each_is_amended_once() -> None:
    first, second, third = declared(), declared(), declared()
    with refuses("arrival_amends_another"):
        ArrivalDeclaration.objects.filter(pk=first.pk).update(amends=first.pk)
    ArrivalDeclaration.objects.filter(pk=second.pk).update(amends=first)
    with refuses("amends"):
        ArrivalDeclaration.objects.filter(pk=third.pk).update(amends=first)


def test_five_digits_stand_once_a_gate_and_day() -> None:
    first, second = declared(), declared()
    with refuses("arrival_short_code_once_a_day"):
        ArrivalDeclaration.objects.filter(pk=second.pk).update(short_code=first.short_code)


def seen(made: ArrivalDeclaration, **other: Any) -> CertificateSeen:
    facts: dict[str, Any] = {"form": "dcc", "proof": "test", "mark": b"x", "valid": True}
    return CertificateSeen.objects.create(
        declaration=made, checked_at=NOON, checked_by=officer(), **facts | other
    )


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("certificate_seen_proof_known", {"proof": "luck"}),
        ("certificate_seen_refused_with_reason", {"valid": False}),
        ("certificate_seen_refused_with_reason", {"reason": "expired"}),
    ],
)
def test_a_check_is_whole(name: str, other: dict[str, Any]) -> None:
    with refuses(name):
        seen(declared(), **other)


def test_a_certificate_stands_once_a_traveller() -> None:
    made = declared()
    seen(made)
    with refuses("certificate_seen_once_a_traveller"):
        seen(made)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("clearance_temperature_possible", {"temperature": Decimal("29.9")}),
        ("clearance_temperature_possible", {"temperature": Decimal("45.1")}),
        ("clearance_duty_known", {"proposed": "jail", "override_reason": "x"}),
        ("clearance_days_apart_only", {"days": 3}),
        ("clearance_days_apart_only", {"duty": "home", "proposed": "home", "test_within_hours": None}),
        ("clearance_test_has_its_hours", {"test_within_hours": None}),
        ("clearance_test_has_its_hours", {"duty": "none", "proposed": "none"}),
        ("clearance_override_has_a_reason", {"proposed": "none"}),
    ],
)
def test_a_decision_is_whole(name: str, change: dict[str, Any]) -> None:
    done = cleared(declared())
    with refuses(name):
        Clearance.objects.filter(pk=done.pk).update(**change)


def test_of_a_declaration_one_decision_stands_and_each_is_replaced_once() -> None:
    done = cleared(declared())
    values = {
        f.attname: getattr(done, f.attname) for f in Clearance._meta.concrete_fields if not f.primary_key
    }
    with refuses("clearance_once_a_declaration"):
        Clearance.objects.create(**values)


def test_a_decision_replaces_another_and_each_is_replaced_once() -> None:
    one, two, three = (cleared(declared()) for _ in range(3))
    with refuses("clearance_replaces_another"):
        Clearance.objects.filter(pk=one.pk).update(replaces=one.pk)
    Clearance.objects.filter(pk=two.pk).update(replaces=one)
    with refuses("replaces"):
        Clearance.objects.filter(pk=three.pk).update(replaces=one)


def test_a_gate_stands_once_and_has_its_own_place() -> None:
    one = gate()
    with refuses("code"):
        Gate.objects.create(code=one.code, name="x", kind="air", province_code="01", loaded_at=NOON)
