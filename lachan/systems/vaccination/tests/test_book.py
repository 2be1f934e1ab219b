"""What stands about vaccination in a person's own record."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from lachan.core.models import Person
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.book import VACCINATION
from lachan.systems.vaccination.tests.conftest import NOON, keeper
from lachan.systems.vaccination.tests.people import dosed, invited, person, registered

pytestmark = pytest.mark.django_db


def shown(who: Person) -> str:
    found = VACCINATION.read(who, NOON)
    with translation.override("en"):
        return render_to_string(VACCINATION.template, {"found": found, "at": NOON})


def test_who_has_not_registered_is_led_to_the_form() -> None:
    assert "/vaccination/register" in shown(person())


def test_a_registration_says_where_it_stands() -> None:
    page = shown(registered().person)
    assert "Waits for the province" in page
    assert "/vaccination/register" not in page


def test_a_rejection_stands_with_its_reason_and_may_be_followed() -> None:
    row = registered()
    commands.reject_registrations(registrations=[row.pk], reason="Trùng hồ sơ", actor=keeper(), at=NOON)
    page = shown(row.person)
    assert "Trùng hồ sơ" in page


def test_an_invitation_stands_with_place_and_time_and_is_answered_behind_a_link() -> None:
    row = invited()
    page = shown(row.person)
    assert "08:00 11/11/2026" in page
    assert "Trạm y tế Thạch Thang" in page
    assert f'href="/vaccination/i/{row.code}"' in page
    assert "<form" not in page  # sections have no token for one
    commands.answer_invitation(invitation=row, coming=False, actor=keeper(), at=NOON)
    assert row.code not in shown(row.person)


def test_after_a_dose_the_day_of_the_next_stands_there() -> None:
    who = person()
    dosed(who, days_ago=10)
    assert "28/11/2026" in shown(who)
