"""The doors of riskmap for other programs: figures in, levels out, bad input refused in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from lachan.core.models import Role
from lachan.systems.riskmap.models import Input
from lachan.systems.riskmap.tests.conftest import (
    QUIET,
    WEEK,
    commune,
    posting,
    proposed,
    province,
    recorded,
    signed,
)
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
FIGURE = {"area": "20194", "figure": "cases", "amount": 3, "as_of": "2026-01-11"}


@pytest.fixture
def program() -> Client:
    commune()
    return browser_of(posting(Role.HEALTH_OFFICER, province()))


def sent(client: Client, **more: Any) -> Any:
    body = {"week": WEEK.isoformat(), "figures": [FIGURE | more]}
    return client.post("/api/riskmap/figures", body, content_type="application/json")


def test_figures_are_recorded_once_and_levels_listed(program: Client) -> None:
    answer = sent(program)
    assert (answer.status_code, answer.json()) == (201, {"recorded": 1})
    assert sent(program).json() == {"recorded": 0}
    recorded(commune(), QUIET)
    proposed(commune())
    signed(level=2)
    listed = program.get(f"/api/riskmap/levels?week={WEEK}").json()
    assert [(row["area"], row["proposed"], row["signed"]) for row in listed] == [
        ("48", None, None),
        ("20194", 1, 2),
    ]
    assert "population" in listed[0]["missing"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"figure": "gossip"}, "figure-unknown"),
        ({"area": "99999"}, "area-unknown"),
        ({"area": "\x00"}, "area-unknown"),
        ({"of": 2}, "figure-whole"),
        ({"as_of": "2199-01-01"}, "figure-future"),
    ],
)
def test_bad_figures_are_refused_by_name(change: dict[str, Any], code: str, program: Client) -> None:
    answer = sent(program, **change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Input.objects.exists()


@pytest.mark.parametrize(
    "change", [{"amount": -1}, {"amount": 2**40}, {"as_of": "2026-02-31"}, {"note": "x" * 201}]
)
def test_impossible_values_are_bad_input(change: dict[str, Any], program: Client) -> None:
    assert sent(program, **change).status_code in (400, 422)


def test_a_week_is_named_by_its_monday(program: Client) -> None:
    assert program.get("/api/riskmap/levels?week=2026-01-06").json()["code"] == "week-monday"


def test_who_may_not_enter_figures_is_turned_away() -> None:
    assert sent(browser_of(posting(Role.GATE_GUARD, province()))).status_code == 403
