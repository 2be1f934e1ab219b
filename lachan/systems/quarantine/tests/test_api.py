"""The JSON doors, with good input and bad."""

import json
from typing import Any

import pytest
from django.test import Client

from lachan.core.models import Role
from lachan.systems.quarantine.models import Reading
from lachan.systems.quarantine.tests.conftest import (
    NOON,
    area_of,
    contact_under_order,
    order_of,
    person,
    posting,
    room,
    site,
)
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
BASE = "/api/quarantine"


@pytest.fixture
def client_of_officer() -> Client:
    return browser_of(posting(Role.HEALTH_OFFICER, area=area_of()))


def send(client: Client, body: Any, **headers: str) -> Any:
    text = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(f"{BASE}/readings", data=text, content_type="application/json", headers=headers)


def reading(order: int, **more: Any) -> dict[str, Any]:
    return {"order": order, "taken_at": NOON.isoformat(), "temperature": 36.7, **more}


def test_orders_of_a_person(client_of_officer: Client) -> None:
    who = contact_under_order()
    (found,) = client_of_officer.get(f"{BASE}/persons/{who.code}/orders").json()
    assert (found["subject"], found["state"], found["ends_on"]) == ("F1", "waiting-for-bed", "2026-01-23")
    assert client_of_officer.get(f"{BASE}/persons/{person().code}/orders").json() == []
    for bad in ("nonsense", "A" * 5_000, "%00", "%ff", "🦠"):
        answer = client_of_officer.get(f"{BASE}/persons/{bad}/orders")
        assert answer.status_code == 404, bad
    stranger = browser_of(posting(Role.HEALTH_OFFICER, area=area_of("Xã Khác")))
    assert stranger.get(f"{BASE}/persons/{who.code}/orders").status_code == 404


def test_free_beds_of_a_site(client_of_officer: Client) -> None:
    place = site()
    room(place, beds=2)
    found = client_of_officer.get(f"{BASE}/sites/{place.pk}/beds").json()
    assert [(b["room"], b["label"]) for b in found] == [("Phòng 101", "1"), ("Phòng 101", "2")]
    for bad in (0, -1, 2**31, 10**40):
        assert client_of_officer.get(f"{BASE}/sites/{bad}/beds").status_code == 404
    assert client_of_officer.get(f"{BASE}/sites/x/beds").status_code == 422


def test_readings_are_taken_or_refused_row_by_row(client_of_officer: Client) -> None:
    number = order_of(contact_under_order()).pk
    rows = [
        reading(number),
        reading(number),
        reading(number + 1000),
        reading(number, temperature=99, taken_at="2026-01-10T03:00:00Z"),
        reading(number, symptoms=["boredom\x00"], taken_at="2026-01-10T02:00:00Z"),
        reading(number, spo2=97, taken_at="2026-01-10T09:00:00"),
        reading(number, taken_at="0001-01-01T00:00:00"),
        reading(number, taken_at="9999-12-31T23:59:59"),
    ]
    answer = send(client_of_officer, {"readings": rows}).json()
    assert answer["taken"] == 2
    assert [(r["row"], r["code"]) for r in answer["refused"]] == [
        (1, "reading-twice"), (2, "order-not-visible"), (3, "reading-impossible"), (4, "symptom-unknown"),
        (6, "reading-time"), (7, "reading-time"),
    ]  # fmt: skip
    assert Reading.objects.count() == 2


def test_a_batch_sent_again_gets_the_same_bytes(client_of_officer: Client) -> None:
    body = {"readings": [reading(order_of(contact_under_order()).pk)]}
    first = send(client_of_officer, body, **{"idempotency-key": "round-1"})
    again = send(client_of_officer, body, **{"idempotency-key": "round-1"})
    assert first.content == again.content
    assert first.json()["taken"] == 1
    assert Reading.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        "{", b"\xff\xfe{", "[]", '"x"', {"readings": []}, {"readings": [{}]}, {"readings": [reading(0)]},
        {"readings": [reading(2**40)]}, {"readings": [reading(1, taken_at="31/02/2026")]},
        {"readings": [reading(1, temperature="warm")]}, {"readings": [reading(1, pulse=10**30)]},
        {"readings": [reading(1, temperature=float("nan"))]}, {"readings": [reading(1, symptoms=["x"] * 21)]},
        {"readings": [reading(1)] * 501}, {"readings": [reading(1, taken_at="x" * 1_000_000)]}, "[" * 50_000,
    ],
)  # fmt: skip
def test_bad_input_is_a_clear_refusal(client_of_officer: Client, body: Any) -> None:
    answer = send(client_of_officer, body)
    assert answer.status_code in (400, 422)
    assert {"code", "message"} <= answer.json().keys()
    assert not Reading.objects.exists()


def test_only_who_may_monitor_sends_readings() -> None:
    number = order_of(contact_under_order()).pk
    tracer = browser_of(posting(Role.TRACER, area=area_of()))
    assert send(tracer, {"readings": [reading(number)]}).status_code == 403
    assert send(Client(), {"readings": [reading(number)]}).status_code == 401
