"""The JSON doors, with good input and bad."""

import json
from typing import Any

import pytest
from django.test import Client

from lachan.core import clock
from lachan.core.models import AccessLog, Role
from lachan.systems.tracing.models import Case, Contact, Exposure
from lachan.systems.tracing.tests import world
from lachan.systems.tracing.tests.world import AT, DAY, HOUR
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
BASE = "/api/tracing"


@pytest.fixture(autouse=True)
def _still_clock() -> Any:
    with clock.frozen(AT + HOUR):
        yield


@pytest.fixture
def tracer() -> Client:
    return browser_of(world.posting(Role.TRACER))


@pytest.fixture
def case() -> Case:
    ill, friend = world.people(2)
    world.visit(world.venue(), [ill, friend], since=AT - DAY)
    world.turn_positive(ill)
    return Case.objects.get()


def send(client: Client, number: object, body: Any, **headers: str) -> Any:
    text = body if isinstance(body, bytes | str) else json.dumps(body)
    address = f"{BASE}/cases/{number}/exposures"
    return client.post(address, data=text, content_type="application/json", headers=headers)


def named(**more: Any) -> dict[str, Any]:
    given = {
        "name": "Lê Thị Hoa", "setting": "friend", "starts_at": (AT - DAY).isoformat(),
        "ends_at": (AT - DAY + HOUR).isoformat(),
    }  # fmt: skip
    return given | more


def test_case_of_a_person_and_their_contacts(tracer: Client, case: Case) -> None:
    found = tracer.get(f"{BASE}/persons/{case.root.code}/case")
    assert (found.status_code, found.json()["classification"]) == (200, "confirmed")
    assert AccessLog.objects.filter(person=case.root, part="case (API)").count() == 1
    contacts = tracer.get(f"{BASE}/cases/{case.pk}/contacts").json()
    assert [c["level"] for c in contacts] == [1]
    assert "name" not in contacts[0]


def test_contacts_that_are_sent_are_told_of_it(tracer: Client, case: Case) -> None:
    friend = Contact.objects.get().person
    for address, part in ((f"cases/{case.pk}/contacts", "contacts (API)"), ("worklist", "worklist (API)")):
        tracer.get(f"{BASE}/{address}")
        assert AccessLog.objects.filter(person=friend, part=part, purpose="tracing").count() == 1


def test_worklist_gives_the_contacts_to_be_called(tracer: Client, case: Case) -> None:
    assert [c["urgency"] for c in tracer.get(f"{BASE}/worklist?limit=5").json()] == [1]
    assert tracer.get(f"{BASE}/worklist?limit=x").status_code == 422


def test_interview_is_kept_once_however_often_it_is_sent(tracer: Client, case: Case) -> None:
    body = {"contacts": [named(), named(name="Trần Văn Tư", birth_year=1950, masked=True)]}
    first = send(tracer, case.pk, body, **{"Idempotency-Key": "k-1"})
    again = send(tracer, case.pk, body, **{"Idempotency-Key": "k-1"})
    assert (first.status_code, first.json(), again.content) == (200, {"kept": 2}, first.content)
    assert Exposure.objects.filter(kind="interview").count() == 2


def test_other_areas_case_is_not_found(case: Case) -> None:
    elsewhere = browser_of(world.posting(Role.TRACER, area=world.commune("Phường Đa Kao", "26737")))
    for address in (f"/persons/{case.root.code}/case", f"/cases/{case.pk}/contacts"):
        assert elsewhere.get(BASE + address).status_code == 404
    assert send(elsewhere, case.pk, {"contacts": [named()]}).status_code == 404


def test_nobody_gets_in_without_a_permit(case: Case) -> None:
    guard = browser_of(world.posting(Role.GATE_GUARD))
    assert Client().get(f"{BASE}/worklist").status_code == 401
    assert guard.get(f"{BASE}/worklist").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"\xff\xfe{}", b"[]", b"null", {"contacts": []}, {"contacts": [{}]}, {"contacts": [named()] * 201},
        {"contacts": [named(name="A" * 1_000_000)]}, {"contacts": [named(name="Le\x00Hoa")]},
        {"contacts": [named(name="   ")]}, {"contacts": [named(starts_at="2022-02-30T00:00:00Z")]},
        {"contacts": [named(starts_at="2022-01-09T00:00:00")]}, {"contacts": [named(birth_year=10**12)]},
        {"contacts": [named(name=None)]}, {"contacts": [named(setting="moon")]},
        {"contacts": [named(ends_at=(AT - 5 * DAY).isoformat())]}, {"contacts": [named(name="\ud800")]},
        {"contacts": [named(starts_at="9999-12-31T23:59:59Z", ends_at="9999-12-31T23:59:59Z")]},
    ],
)  # fmt: skip
def test_bad_interview_is_refused_in_words_and_leaves_nothing(tracer: Client, case: Case, body: Any) -> None:
    answer = send(tracer, case.pk, body)
    assert 400 <= answer.status_code < 500, answer.content
    assert {"code", "message"} <= answer.json().keys()
    assert not Exposure.objects.filter(kind="interview").exists()


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "9" * 40, "x"])
def test_impossible_case_numbers_are_not_found(tracer: Client, number: str) -> None:
    assert tracer.get(f"{BASE}/cases/{number}/contacts").status_code in (404, 422)


@pytest.mark.parametrize("code", ["x", "%00", "A" * 3000, "%ff%fe"])
def test_unknown_codes_are_not_found(tracer: Client, code: str) -> None:
    assert 400 <= tracer.get(f"{BASE}/persons/{code}/case").status_code < 500


def test_unknown_code_in_an_interview_is_not_found(tracer: Client, case: Case) -> None:
    assert send(tracer, case.pk, {"contacts": [named(code="7K3M0Q9ZAB12CD34X")]}).status_code == 404
