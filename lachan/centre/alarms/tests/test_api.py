"""The API: open alarms of one's ground, tasks taken on and answered, once however often it is asked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from lachan.centre.alarms.queries.states import state_of
from lachan.centre.alarms.tests.conftest import assigned, commune, posting, province, raised
from lachan.core.models import Role
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/centre/alarms"


@pytest.fixture
def program() -> Client:
    return browser_of(posting(Role.COMMUNE_OFFICER, commune()))


def send(client: Client, path: str, body: Any = None, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    sent = json.dumps(body) if body is not None else ""
    return client.post(f"{ADDRESS}/{path}", sent, content_type="application/json", headers=headers)


def test_open_alarms_are_listed_with_whose_task_they_are(program: Client) -> None:
    alarm = assigned()
    raised(area=province(), subject=9)
    [row] = program.get(ADDRESS).json()
    assert (row["number"], row["kind"], row["state"]) == (alarm.pk, "full-site", "assigned")
    assert row["whose"] == commune().code


def test_a_task_is_acknowledged_and_answered_once(program: Client) -> None:
    alarm = assigned()
    one, other = (send(program, f"{alarm.pk}/acknowledge", key="k-1") for _ in range(2))
    assert (one.status_code, one.content) == (200, other.content)
    assert one.json()["state"] == "acknowledged"
    assert send(program, f"{alarm.pk}/acknowledge").json()["code"] == "alarm-state"
    answer = send(program, f"{alarm.pk}/done", {"text": "Đã\0 mở thêm giường"})
    assert (answer.status_code, answer.json()["whose"]) == (200, None)
    assert state_of(alarm) == "done"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "input-invalid"),
        ({"text": ""}, 422, "input-invalid"),
        ({"text": "x" * 1001}, 422, "input-invalid"),
        ({"text": "\0 "}, 409, "words-missing"),
        ([], 422, "input-invalid"),
    ],
)
def test_bad_input_is_refused_with_its_code(program: Client, body: Any, status: int, code: str) -> None:
    alarm = assigned()
    send(program, f"{alarm.pk}/acknowledge")
    answer = send(program, f"{alarm.pk}/done", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert state_of(alarm) == "acknowledged"


@pytest.mark.parametrize("number", ["0", "2000000001", "99999999999999999999", "-1", "x"])
def test_an_alarm_that_is_not_there_is_not_found(program: Client, number: str) -> None:
    assert send(program, f"{number}/acknowledge").status_code in (404, 422)


def test_who_has_no_task_in_it_does_not_answer(program: Client) -> None:
    alarm = assigned(area=province())
    assert send(program, f"{alarm.pk}/acknowledge").status_code == 404
    assert send(program, f"{alarm.pk}/done", {"text": "x"}).status_code == 404
