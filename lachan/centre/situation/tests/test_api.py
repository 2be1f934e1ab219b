"""Figures for other programs: of the own ground, of days that make sense."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lachan.centre.models import DayCount
from lachan.centre.situation.tests.conftest import TODAY, commune, district, officer, province
from lachan.core.models import Role
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/centre/figures"


@pytest.fixture
def program() -> Client:
    DayCount.objects.create(area=commune(), day=TODAY, cases=2, positives=1, negatives=3)
    DayCount.objects.create(
        area=commune("Phường X", of=district("Quận X")), day=TODAY - timedelta(days=7), cases=4
    )
    return browser_of(officer(Role.HEALTH_OFFICER, province()))


def ask(program: Client, **asked: Any) -> Any:
    return program.get(ADDRESS, asked)


def test_the_own_area_of_the_last_days_without_asking(program: Client) -> None:
    told = ask(program).json()
    assert (told["area"], told["total"]["cases"], told["ratios"]["positivity"]) == (province().code, 6, 25.0)
    assert told["days"][-1] == {"day": str(TODAY), "flows": {"cases": 2, "positives": 1, "negatives": 3}}
    assert (told["from_on"], told["to_on"]) == (
        str(TODAY - timedelta(days=7)),
        str(TODAY + timedelta(days=1)),
    )
    assert told["levels"]["orders_in_force"] == 0


def test_a_unit_below_and_days_of_choice(program: Client) -> None:
    told = ask(
        program, area=district("Quận X").code, level=2, from_on="2026-01-01", to_on="2026-01-06"
    ).json()
    assert told["total"]["cases"] == 4


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"area": "nowhere"}, 404, "area-not-visible"),
        ({"area": "a\x00"}, 404, "area-not-visible"),
        ({"area": "x" * 17}, 422, "input-invalid"),
        ({"level": "many"}, 422, "input-invalid"),
        ({"from_on": "2026-02-30"}, 422, "input-invalid"),
        ({"from_on": "2026-01-12", "to_on": "2026-01-12"}, 422, "days-not-a-period"),
        ({"from_on": "2024-01-01", "to_on": "2026-01-12"}, 422, "days-not-a-period"),
        ({"from_on": "0001-01-01"}, 422, "input-invalid"),
        ({"to_on": "0001-01-02"}, 422, "input-invalid"),
    ],
)
def test_bad_questions_are_refused_with_their_code(
    program: Client, asked: dict[str, Any], status: int, code: str
) -> None:
    answer = ask(program, **asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_units_of_others_do_not_exist(program: Client) -> None:
    other = browser_of(officer(Role.HEALTH_OFFICER, district("Quận X")))
    assert ask(other, area=commune().code).status_code == 404
    assert ask(browser_of(officer(Role.SAMPLER, commune()))).status_code == 403
