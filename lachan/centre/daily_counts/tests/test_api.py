"""The API: numbers come once however often they are sent; bad input has its code; what stands is read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from lachan.centre.daily_counts.tests.conftest import posting, province
from lachan.centre.models import CountUpload
from lachan.core import areas
from lachan.core.models import Area, Role
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/centre/counts"


@pytest.fixture
def program(bac_ninh: Area) -> Client:
    return browser_of(posting(Role.CENTRE_OFFICER, areas.country()))


def rows(*cases: int, **change: Any) -> list[dict[str, Any]]:
    return [
        {"date": f"2025-12-{i + 1:02}", "province": "Bắc Ninh", "new_cases": n} | change
        for i, n in enumerate(cases)
    ]


def send(client: Client, told: Any, key: str = "", name: str = "Sở Y tế") -> Any:
    body = json.dumps({"name": name, "rows": told})
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(ADDRESS, body, content_type="application/json", headers=headers)


def test_numbers_are_taken_held_and_refused_as_in_a_file(program: Client) -> None:
    told = rows(40, 42, 38, 90_000, 44, 39) + rows(4, province="Atlantis")
    answer = send(program, told)
    body = answer.json()
    assert answer.status_code == 201
    assert [body[k] for k in ("received", "taken", "held", "refused", "again")] == [7, 5, 1, 1, False]
    assert [(r["row"], r["code"]) for r in body["rows_held"] + body["rows_refused"]] == [
        (4, "spike"),
        (7, "unit-unknown"),
    ]
    days = program.get(f"{ADDRESS}/24").json()
    assert [d["new_cases"] for d in days] == [40, 42, 38, 44, 39]


def test_the_same_numbers_again_change_nothing(program: Client) -> None:
    one, other = send(program, rows(4, 5), "k-1"), send(program, rows(4, 5), "k-1")
    assert one.content == other.content
    assert send(program, rows(4, 5)).json()["again"] is True
    assert CountUpload.objects.count() == 1


@pytest.mark.parametrize(
    "told",
    [
        [],
        "rows",
        [{"date": "2025-12-01"}],
        rows(1, date="2025-02-30"),
        rows(1, new_cases=2**40),
        rows(1, new_cases="many"),
        rows(1, province=""),
        rows(1, province="x" * 121),
        rows(1) * 10_001,
    ],
)
def test_bad_input_is_refused_with_its_code(program: Client, told: Any) -> None:
    answer = send(program, told)
    assert (answer.status_code, answer.json()["code"]) == (422, "input-invalid")
    assert not CountUpload.objects.exists()


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "=1+1"])
def test_names_nobody_types_harm_nothing(program: Client, name: str) -> None:
    answer = send(program, rows(4, province="Bắc\0Ninh"), name=name)
    assert answer.status_code in (201, 400, 422)
    assert answer.status_code != 201 or answer.json()["refused"] == 0


def test_a_code_means_the_unit_of_the_day_asked_for(program: Client) -> None:
    send(program, [{"date": "2021-06-01", "province": "24", "new_cases": 7}])
    assert program.get(f"{ADDRESS}/24").json() == []
    assert program.get(f"{ADDRESS}/24?on=2021-06-01").json() == [
        {"date": "2021-06-01", "new_cases": 7, "new_deaths": None}
    ]
    for code in ("99", "a%00", "x" * 500):
        assert program.get(f"{ADDRESS}/{code}").status_code == 404


def test_who_may_not_send_numbers_sends_none(bac_ninh: Area) -> None:
    office = browser_of(posting(Role.COMMUNE_OFFICER, province()))
    assert send(office, rows(4)).status_code == 403
