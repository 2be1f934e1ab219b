"""Reports through the API: filed once, listed by area, bad input refused clearly."""

import json
from typing import Any

import pytest
from django.test import Client

from lachan.core.models import Role
from lachan.systems.feedback.models import Report
from lachan.systems.feedback.tests.conftest import TEXT, commune, filed, posting, province
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/feedback/reports"


@pytest.fixture
def program() -> Client:
    return browser_of(posting(Role.CALL_AGENT, province()))


def send(client: Client, key: str = "", **change: Any) -> Any:
    body = {"category": "crowd", "area": commune().code, "text": TEXT, "phone": "0912345678"} | change
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(ADDRESS, json.dumps(body), content_type="application/json", headers=headers)


def test_a_report_is_filed_once_however_often_it_is_sent(program: Client) -> None:
    one, other = send(program, "k-1"), send(program, "k-1")
    assert (one.status_code, one.content) == (201, other.content)
    assert Report.objects.get().channel == "program"
    assert one.json()["whose"] == commune().code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"category": "gossip"}, "category-unknown"),
        ({"area": "nowhere"}, "area-unknown"),
        ({"area": "a\x00"}, "area-unknown"),
        ({"text": "\x00 "}, "report-empty"),
        ({"text": ""}, "input-invalid"),
        ({"text": "x" * 4_001}, "input-invalid"),
        ({"phone": "call me"}, "phone-shape"),
        ({"name": 7}, "input-invalid"),
    ],
)
def test_bad_input_is_refused_with_its_code(program: Client, change: dict[str, Any], code: str) -> None:
    answer = send(program, **change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Report.objects.exists()


def test_open_reports_of_the_area_are_listed_and_have_no_words(program: Client) -> None:
    mine = filed("crowd")
    answer = program.get(f"{ADDRESS}/open")
    assert [row["code"] for row in answer.json()] == [mine.code]
    assert TEXT not in answer.content.decode()


def test_who_may_not_take_reports_files_none() -> None:
    office = browser_of(posting(Role.COMMUNE_OFFICER, commune()))
    assert send(office).status_code == 403
