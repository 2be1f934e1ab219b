"""Vessels through the API: announced, listed, landed; each once, bad input refused clearly."""

import json
from typing import Any

import pytest
from django.test import Client

from lachan.core.models import Presence
from lachan.systems.arrivals.models import Conveyance, Passenger
from lachan.systems.arrivals.tests.rows import at_gate, gate
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/arrivals/vessels"
JOURNEY = {
    "gate": "HAN", "kind": "plane", "number": "VN 417", "from_country": "KOR", "layout": "A321",
    "departs_at": "2022-03-20T05:00:00+07:00", "arrives_at": "2022-03-20T10:00:00+07:00",
}  # fmt: skip
LANDED = {"departed_at": "2022-03-20T05:05:00+07:00", "landed_at": "2022-03-20T09:55:00+07:00"}


@pytest.fixture
def program() -> Client:
    return browser_of(at_gate())


def send(client: Client, path: str, sent: Any, **headers: str) -> Any:
    return client.post(
        ADDRESS + path, json.dumps(sent), content_type="application/json", headers=headers or None
    )


def test_a_vessel_is_announced_listed_and_landed_once(program: Client) -> None:
    made = send(program, "/new", JOURNEY, **{"Idempotency-Key": "a"})
    again = send(program, "/new", JOURNEY, **{"Idempotency-Key": "a"})
    assert (made.status_code, made.content, Conveyance.objects.count()) == (201, again.content, 1)
    path = f"/{made.json()['number']}"
    rows = [
        {"name": "KIM/MIN SU", "document": "M1234567", "nationality": "KOR", "birth": "1980", "sex": "m", "seat": "3A"},
        {"name": "CREW", "document": "P1234567", "crew": True},
        {"name": "LEE", "document": "M7654321", "seat": "13A"},
    ]  # fmt: skip
    told = send(program, f"{path}/passengers", {"rows": rows})
    assert (told.status_code, told.json()["taken"], Passenger.objects.count()) == (201, 2, 2)
    [refused] = told.json()["refused"]
    assert (refused["row"], refused["field"], refused["code"]) == (3, "seat", "seat-not-there")
    assert send(program, f"{path}/passengers", {"rows": rows}).json() == told.json()
    landed = send(program, f"{path}/landing", LANDED)
    assert (landed.status_code, landed.json()["aboard"], Presence.objects.count()) == (200, 2, 2)
    twice = send(program, f"{path}/landing", LANDED)
    assert (twice.status_code, twice.json()["code"]) == (422, "landed-already")
    [found] = program.get(f"{ADDRESS}?day=2022-03-20").json()
    assert (found["vehicle"], found["aboard"]) == ("VN417", 2)
    assert program.get(f"{ADDRESS}?day=2022-03-21").json() == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"gate": "NOWHERE"}, 404),
        ({"kind": "balloon"}, 422),
        ({"number": "?"}, 422),
        ({"number": "x" * 1_000_000}, 422),
        ({"number": "a\0b"}, 422),
        ({"departs_at": "2022-03-20T05:00:00"}, 422),
        ({"departs_at": "2022-03-21T05:00:00+07:00"}, 422),
        ({"layout": "1-99999 A"}, 422),
        ({"from_country": "??"}, 422),
    ],
)
def test_a_journey_that_cannot_be_is_refused(program: Client, change: dict[str, str], status: int) -> None:
    answer = send(program, "/new", JOURNEY | change)
    assert (answer.status_code, "code" in answer.json()) == (status, True)
    assert not Conveyance.objects.exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"rows": []}', '{"rows": [{"name": "A"}]}', '{"rows": 1e999}', b"\xff\xfe"]
)
def test_malformed_lists_are_refused(program: Client, text: str | bytes) -> None:
    made = send(program, "/new", JOURNEY).json()["number"]
    answer = program.post(f"{ADDRESS}/{made}/passengers", text, content_type="application/json")
    assert answer.status_code in (400, 422)


def test_a_vessel_of_another_gate_is_not_found(program: Client) -> None:
    made = send(program, "/new", JOURNEY).json()["number"]
    elsewhere = gate("SGN")
    elsewhere.area = gate("HAN").area
    elsewhere.save()
    Conveyance.objects.update(gate=elsewhere)
    assert send(program, f"/{made}/landing", LANDED).status_code == 404
    assert send(program, f"/{2**31 - 1}/landing", LANDED).status_code == 404
    assert program.get(f"{ADDRESS}?day=2022-03-20").json() == []
    assert program.get(f"{ADDRESS}?day=soon").status_code == 422
