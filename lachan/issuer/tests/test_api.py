"""The JSON doors of certificates, with good input and bad."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client

from lachan.codecs import scanning
from lachan.codecs.hcert import verify
from lachan.codecs.revoked import Revoked
from lachan.core import areas, clock
from lachan.core.models import AccessLog, Role
from lachan.issuer import queries, uploads
from lachan.issuer.models import Intent, ListKind, Publication
from lachan.issuer.tests.codes import every_sort, publish
from lachan.issuer.tests.conftest import AT, Office
from lachan.issuer.tests.desk import browser_of, officer
from tests.rows import area_in

pytestmark = pytest.mark.django_db
BASE = "/api/certificates"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def desk(office: Office) -> Client:
    return browser_of(officer(office.area))


@pytest.fixture
def outsider(office: Office) -> Client:
    """The same work, in another commune."""
    return browser_of(officer(area_in(areas.country(), "20194", "Phường Hải Châu")))


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.post(
        f"{BASE}{path}", data=json.dumps(body), content_type="application/json", headers=headers
    )


def test_a_certificate_is_asked_for_signed_and_fetched(desk: Client, office: Office) -> None:
    record = office.record()
    answer = post(desk, "/", {"record": record.pk})
    assert answer.status_code == 201
    number = answer.json()["number"]
    assert answer.json()["state"] == "waiting"
    assert desk.get(f"{BASE}/{number}/pdf").json()["code"] == "certificate-waiting"
    office.sign()
    assert desk.get(f"{BASE}/{number}").json()["state"] == "valid"
    text = desk.get(f"{BASE}/{number}/code").json()["text"]
    assert verify(text, trust=queries.trust(AT), at=AT).ok
    pdf, png, svg = (desk.get(f"{BASE}/{number}/{form}") for form in ("pdf", "png", "svg"))
    assert pdf.content.startswith(b"%PDF")
    assert scanning.read_codes(png.content) == [text]
    assert (png["Content-Type"], svg["Content-Type"]) == ("image/png", "image/svg+xml")
    reads = AccessLog.objects.filter(person=record.person, purpose="certificate").count()
    assert reads >= 6, "each look at the record is logged"


def test_one_certificate_a_record_whatever_is_sent_twice(desk: Client, office: Office) -> None:
    record = office.record()
    first, again = (post(desk, "/", {"record": record.pk}, **{"Idempotency-Key": "k-1"}) for _ in range(2))
    assert first.content == again.content
    assert Intent.objects.filter(record=record).count() == 1
    refused = post(desk, "/", {"record": record.pk})
    assert (refused.status_code, refused.json()["code"]) == (409, "issued-before")


def test_a_certificate_is_taken_back_for_a_reason(desk: Client, office: Office) -> None:
    number = office.issued().pk
    assert post(desk, f"/{number}/revoke", {"reason": "no reason"}).status_code == 422
    taken = post(desk, f"/{number}/revoke", {"reason": "fraud", "evidence": "letter 3"})
    assert (taken.status_code, taken.json()["state"]) == (200, "revoked")
    again = post(desk, f"/{number}/revoke", {"reason": "fraud"})
    assert (again.status_code, again.json()["code"]) == (409, "revoked-before")
    assert desk.get(f"{BASE}/{number}/code").json()["code"] == "certificate-revoked"


def test_who_is_posted_elsewhere_sees_nothing(outsider: Client, office: Office) -> None:
    certificate = office.issued()
    answers = [
        *(outsider.get(f"{BASE}/{certificate.pk}{end}") for end in ("", "/code", "/pdf", "/png", "/svg")),
        post(outsider, f"/{certificate.pk}/revoke", {"reason": "fraud"}),
        post(outsider, "/", {"record": office.record().pk}),
        outsider.get(f"{BASE}/2000000001"),
    ]
    assert {(a.status_code, a.json()["code"]) for a in answers} == {(404, "certificate-not-visible")}


def test_a_health_officer_takes_back_but_does_not_issue(office: Office) -> None:
    desk = browser_of(officer(office.area, Role.HEALTH_OFFICER))
    assert post(desk, "/", {"record": office.record().pk}).status_code == 403
    assert post(desk, f"/{office.issued().pk}/revoke", {"reason": "fraud"}).status_code == 200


def test_anybody_verifies_a_text(office: Office) -> None:
    codes = every_sort(office)
    verdicts = {sort: post(Client(), "/verify", {"text": text}).json() for sort, text in codes.items()}
    assert {v["level"] for v in verdicts.values()} == {"valid", "unsure", "invalid"}
    good = verdicts["valid"]
    assert (good["code"], good["proven"], good["entries"][0]["dose"]) == ("valid", True, "2/2")
    assert good["holder"]["name"].startswith("Nguyễn")
    assert not verdicts["kid-unknown"]["proven"]
    with clock.frozen(AT + timedelta(hours=25)):
        old = post(Client(), "/verify", {"text": codes["valid"]}).json()
    assert (old["level"], old["code"]) == ("unsure", "lists-old")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": ""}, 422),
        ({"text": 7}, 422),
        ({"text": "HC1:" + "A" * 20_000}, 422),
        ({"text": "\x00"}, 200),
    ],
)
def test_bad_texts_are_answered(db: None, body: dict[str, Any], status: int) -> None:
    assert post(Client(), "/verify", body).status_code == status


def test_ten_megabytes_are_too_many(db: None) -> None:
    answer = post(Client(), "/verify", {"text": "A" * 10_000_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "request-too-large")


def test_texts_are_counted_by_address(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "TEXTS", uploads.TEXTS.__class__("verify-text", 2, timedelta(minutes=10)))
    statuses = [post(Client(), "/verify", {"text": "x"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


# --- what verifiers carry -----------------------------------------------------------------------------------------


def test_lists_are_there_for_anybody(office: Office) -> None:
    assert Client().get(f"{BASE}/trust-list").status_code == 404
    every_sort(office)
    trust, did, revoked = (Client().get(f"{BASE}/{name}") for name in ("trust-list", "did", "revocations"))
    assert len(msgspec.json.decode(trust.content)["payload"]["keys"]) == 2
    assert len(msgspec.json.decode(did.content)["verificationMethod"]) == 2
    assert len(Revoked(revoked.content)) == 2
    assert did["Content-Type"] == "application/did+json"
    for answer in (trust, did, revoked):
        assert answer["Content-Length"] == str(len(answer.content))
        assert "public" in answer["Cache-Control"]
        assert not answer.cookies


def test_who_has_the_newest_list_is_told_so(office: Office) -> None:
    publish(office)
    first = Client().get(f"{BASE}/revocations")
    tagged = Client().get(f"{BASE}/revocations", headers={"if-none-match": first["ETag"]})
    dated = Client().get(f"{BASE}/revocations", headers={"if-modified-since": first["Last-Modified"]})
    assert (tagged.status_code, dated.status_code, tagged.content) == (304, 304, b"")
    publish(office, AT + timedelta(hours=2))
    assert Publication.objects.filter(kind=ListKind.REVOKED).count() == 2
    again = Client().get(f"{BASE}/revocations", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again["ETag"] != first["ETag"]) == (200, True)


def test_the_did_document_lies_where_the_method_looks_for_it(office: Office) -> None:
    assert Client().get("/.well-known/did.json").status_code == 404
    publish(office)
    found = Client().get("/.well-known/did.json")
    assert found.content == Client().get(f"{BASE}/did").content
    assert Client().get("/.well-known/did.json", headers={"if-none-match": found["ETag"]}).status_code == 304
