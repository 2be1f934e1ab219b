"""The JSON doors of scanners."""

import json
from typing import Any

import pytest
from django.test import Client

from lachan.core.models import Actor, Area, Person, Place, PlaceKind, Presence
from lachan.core.places import open_place
from lachan.systems.checkpoints.commands import register_device, revoke_device
from lachan.systems.checkpoints.models import Device, Scan
from lachan.systems.checkpoints.tests.conftest import AT, staff

pytestmark = pytest.mark.usefixtures("now")
BATCH, SCAN = "/api/checkpoints/scans", "/api/checkpoints/scan"


class Scanner:
    """A device that speaks to the API with its token."""

    def __init__(self, place: Place, actor: Actor) -> None:
        self.device, self.token = register_device(place=place, name="Máy quét", actor=actor, at=AT)
        self.client = Client(headers={"authorization": f"Bearer {self.token}"})

    def post(self, url: str, body: Any, **headers: str) -> Any:
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        return self.client.post(url, raw, content_type="application/json", headers=headers)


@pytest.fixture
def scanner(place: Place, actor: Actor) -> Scanner:
    return Scanner(place, actor)


def row(payload: str, client_id: str = "a1", **more: Any) -> dict[str, Any]:
    return {"client_id": client_id, "payload": payload, "scanned_at": AT.isoformat(), **more}


def test_every_row_of_a_batch_is_answered_and_none_refused(scanner: Scanner, person: Person) -> None:
    rows = [
        row(f"LC1:{person.code}"),
        row("rác", "a2"),
        row(person.code, "a3", scanned_at="hôm qua"),
        row("x" * 6_000, "a4", scanned_at="0001-01-01T00:00:00"),
        row(person.code, "a5", scanned_at="9999-12-31T23:59:59+07:00", direction="out"),
        row("\x00", "a6", scanned_at="2026-11-20T09:00:00"),
        row(person.code),
    ]
    answer = scanner.post(BATCH, {"device_now": AT.isoformat(), "scans": rows})
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert (found["received"], found["taken"], found["marked"]) == (7, 0, 7)
    assert [r["client_id"] for r in found["scans"]] == ["a1", "a2", "a3", "a4", "a5", "a6", "a1"]
    assert found["scans"][0] == found["scans"][6]
    assert found["scans"][0]["verdict"] == "pass"
    assert found["scans"][1]["marks"] == ["unknown_code"]
    assert "clock_wrong" in found["scans"][2]["marks"]
    assert Scan.objects.count() == 6
    assert Scan.objects.get(client_id="a6").happened_at.hour == 2  # nine o'clock in Ha Noi


def test_the_same_key_gets_the_same_bytes_and_writes_once(scanner: Scanner, person: Person) -> None:
    body = {"scans": [row(person.code)]}
    first = scanner.post(BATCH, body, idempotency_key="k1")
    second = scanner.post(BATCH, body, idempotency_key="k1")
    assert first.content == second.content
    assert Scan.objects.count() == Presence.objects.count() == 1
    other = scanner.post(BATCH, {"scans": [row(person.code, "b")]}, idempotency_key="k1")
    assert other.status_code == 422


def test_a_live_scan_is_answered_and_counted_inside(scanner: Scanner, person: Person, place: Place) -> None:
    answer = scanner.post(SCAN, row(person.code))
    assert answer.json()["verdict"] == "pass"
    inside = scanner.client.get(f"/api/checkpoints/places/{place.code}/inside").json()
    assert (inside["inside"], inside["place"]) == (1, place.code)


def test_a_revoked_device_delivers_and_learns_nothing(
    scanner: Scanner, person: Person, actor: Actor, place: Place
) -> None:
    revoke_device(device=scanner.device, actor=actor, at=AT)
    answer = scanner.post(BATCH, {"scans": [row(person.code, scanned_at="2026-11-20T09:00:00+07:00")]})
    [told] = answer.json()["scans"]
    assert (told["verdict"], told["reason"], told["marks"]) == (
        "check",
        "device-revoked",
        ["revoked_device", "unsigned"],
    )
    assert Presence.objects.count() == 1
    assert scanner.client.get(f"/api/checkpoints/places/{place.code}/inside").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", '{"scans": "\x00"}', {"scans": []}, {"scans": [{}]},
        {"scans": [{"client_id": "a b", "payload": ""}]},
        {"scans": [{"client_id": "x" * 65, "payload": ""}]},
        {"scans": [{"client_id": "a", "payload": "x" * 1_000_000}]},
        {"scans": [{"client_id": "a", "payload": "x", "direction": "up"}]},
        {"scans": [{"client_id": "a", "payload": "x", "scanned_at": "9" * 41}]},
        {"scans": [{"client_id": "a", "payload": 7}]},
        {"scans": [{"client_id": "a", "payload": "x"}] * 2_001},
        '{"scans": [{"client_id": "a", "payload": "\\ud800"}]}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("url", [BATCH, SCAN])
def test_bad_input_is_told_clearly_and_writes_nothing(url: str, body: Any, scanner: Scanner) -> None:
    answer = scanner.post(url, body)
    assert answer.status_code in (400, 413, 422), answer.content
    assert set(answer.json()) >= {"code", "message"}
    assert not Scan.objects.exists()


@pytest.mark.parametrize("token", ["", "wrong", "\x7f" * 50, "a" * 5_000])
def test_without_a_token_nobody_is_let_in(token: str, db: None) -> None:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    for url in (BATCH, SCAN):
        answer = Client(headers=headers).post(url, "{}", content_type="application/json")
        assert answer.status_code == 401


def test_another_place_and_an_unknown_one_look_the_same(scanner: Scanner, area: Area) -> None:
    other = open_place(kind=PlaceKind.VENUE, name="Khác", area=area, at=AT)
    answers = [
        scanner.client.get(f"/api/checkpoints/places/{code}/inside")
        for code in (other.code, "0" * 17, "x", "%00", "é", "a" * 41)
    ]
    assert [a.status_code for a in answers] == [404, 404, 404, 404, 404, 422]
    assert answers[0].content == answers[1].content


def test_staff_scan_live_but_send_no_batches(place: Place, person: Person, area: Area) -> None:
    officer = staff("commune_officer", area=area)

    def post(url: str, body: Any) -> Any:
        return officer.post(url, json.dumps(body), content_type="application/json")

    assert post(BATCH, {"scans": [row(person.code)]}).json()["code"] == "device-needed"
    assert post(SCAN, row(person.code)).json()["code"] == "place-unknown"
    assert post(SCAN, row(person.code, place=place.code)).json()["verdict"] == "pass"
    assert Device.objects.count() == 0
