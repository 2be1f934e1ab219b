"""Arrivals through the API: declared once, found by what is shown, decided once; bad input refused clearly."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lachan.core import actors
from lachan.core.models import Role
from lachan.systems.arrivals.models import ArrivalDeclaration, Clearance
from lachan.systems.arrivals.tests.rows import NOON, NUMBER, at_gate, commune, declared, gate, hanoi, officer
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/arrivals"


@pytest.fixture
def program() -> Client:
    return browser_of(at_gate())


def body(**change: Any) -> dict[str, Any]:
    return {
        "key": str(uuid4()), "name": "MARTIN CLAIRE", "birth": "8/4/1980", "sex": "f", "nationality": "FRA",
        "document_number": NUMBER, "gate": gate().code, "vehicle": "VN18", "seat": "12A", "departed_on": "2022-03-19",
        "arrives_on": "2022-03-20", "from_country": "FRA", "area": commune().code, "address": "12 Hàng Bài",
        "phone": "0912345678",
    } | change  # fmt: skip


def send(client: Client, path: str, sent: Any) -> Any:
    text = sent if isinstance(sent, str | bytes) else json.dumps(sent)
    return client.post(ADDRESS + path, text, content_type="application/json")


def test_a_traveller_is_declared_once_found_and_cleared(program: Client) -> None:
    sent = body()
    one, other = send(program, "/declarations", sent), send(program, "/declarations", sent)
    assert (one.status_code, one.json()["number"]) == (201, other.json()["number"])
    [found] = send(program, "/find", {"typed": NUMBER}).json()
    assert (found["number"], found["duty"], found["reasons"]) == (one.json()["number"], "test", ["no-test"])
    done = send(program, f"/travellers/{found['number']}/clearance", {"temperature": 36.6})
    assert (done.status_code, done.json()["duty"], done.json()["until"]) == (201, "test", None)
    again = send(program, f"/travellers/{found['number']}/clearance", {"temperature": 36.6})
    assert (again.status_code, again.json()["code"]) == (409, "already-cleared")
    assert Clearance.objects.count() == 1
    [found] = send(program, "/find", {"typed": NUMBER}).json()
    assert found["clearance"] == done.json()["clearance"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"gate": "XXX"}, "gate-unknown"), ({"area": "0"}, "area-unknown"), ({"birth": "soon"}, "date-shape"),
        ({"phone": "me"}, "phone-shape"), ({"name": ""}, "name-empty"), ({"name": "x" * 1_000_000}, "input-invalid"),
        ({"name": "a\x00"}, "input-invalid"), ({"nationality": "fr"}, "input-invalid"),
        ({"nationality": "ABC"}, "country-unknown"), ({"arrives_on": "2022-02-31"}, "input-invalid"),
        ({"arrives_on": "2032-03-20"}, "arrives-too-late"), ({"doses": 10**20}, "input-invalid"),
        ({"symptoms": ["love"]}, "choice-unknown"), ({"tested_at": "2022-03-20T01:00:00Z"}, "test-half"),
        ({"document_number": "?"}, "number-shape"), ({"key": "1"}, "input-invalid"),
        ({"seat": "1234567"}, "input-invalid"),
    ],
)  # fmt: skip
def test_bad_declarations_are_refused_with_their_code(
    program: Client, change: dict[str, Any], code: str
) -> None:
    answer = send(program, "/declarations", body(**change))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not ArrivalDeclaration.objects.exists()


@pytest.mark.parametrize("sent", ["{", "[]", b"\xff\xfe", "null", '{"typed": 1}', '{"typed": ""}'])
def test_what_is_no_request_is_refused(program: Client, sent: Any) -> None:
    assert send(program, "/find", sent).status_code in (400, 422)


@pytest.mark.parametrize(
    "sent",
    [{"temperature": "hot"}, {"temperature": 12}, {"temperature": 36.66}, {"temperature": 36.6, "duty": "jail"}, {}],
)  # fmt: skip
def test_a_finding_that_cannot_be_decides_nothing(program: Client, sent: Any) -> None:
    made = declared()
    assert send(program, f"/travellers/{made.pk}/clearance", sent).status_code == 422
    assert not Clearance.objects.exists()


def test_numbers_of_other_gates_and_of_nothing_are_not_found(program: Client) -> None:
    other = declared(gate=gate("SGN"))
    for number in (other.pk, 2**31 - 1):
        answer = send(program, f"/travellers/{number}/clearance", {"temperature": 36.6})
        assert answer.status_code == 404
    assert send(program, f"/travellers/{2**40}/clearance", {"temperature": 36.6}).status_code == 422


def test_who_guards_a_shop_clears_nobody() -> None:
    guard = actors.post(officer(), Role.GATE_GUARD, at=NOON - timedelta(days=1), area=hanoi())
    assert send(browser_of(guard), "/find", {"typed": NUMBER}).status_code == 403
