"""What gates make of codes that prove, or do not prove, whose they are."""

import re
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs.live_code import live_key, make_live_code
from lachan.codecs.person_qr import person_text, recognise
from lachan.codecs.signed_code import make_signed_code
from lachan.core.codes import new_code
from lachan.core.models import Actor, Area, Person, Place, PlaceKind, Presence
from lachan.core.places import open_place
from lachan.platform import personal_codes
from lachan.platform.code_keys import CodeKeys
from lachan.systems.checkpoints.commands import Reading, record_batch, record_scan
from lachan.systems.checkpoints.models import Breach, Device, LiveCodeUse, Scan
from lachan.systems.checkpoints.rules import Judgement, Keys, doubted, prove
from lachan.systems.checkpoints.rules.proving import DOUBTS
from lachan.systems.checkpoints.tests.conftest import AT, staff
from lachan.systems.checkpoints.tests.test_scan import order

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
CODE = new_code()
SIGNER, STRANGER, SECRET = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate(), bytes(range(32))
KEYS = Keys([SIGNER.public_key()], [SECRET])


def signed(key: Ed25519PrivateKey = SIGNER) -> str:
    return make_signed_code(CODE, key, issued_on=AT.date())


def live(seconds: int = 0, secret: bytes = SECRET) -> str:
    return make_live_code(CODE, live_key(secret, CODE), AT + seconds * SECOND)


def mark_of(text: str, keys: Keys = KEYS) -> str | None:
    return prove(text, recognise(text), keys, AT).mark


# --- the rule -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        (signed(), None),
        (f"https://la-chan.example/p/{signed()}", None),
        (f" {signed().lower()}\n", None),
        (signed(STRANGER), "signature_wrong"),
        (live(), None),
        (live(-30), None),
        (live(-31), "live_code_expired"),
        (live(-3600), "live_code_expired"),
        (live(30), None),
        (live(60), "live_code_expired"),
        (live(secret=bytes(32)), "signature_wrong"),
        (person_text(CODE), "unsigned"),
        (CODE, "unsigned"),
        ("LV1:" + CODE, None),
        ("rác", None),
    ],
    ids=(str(number) for number in range(15)),
)
def test_the_mark_of_a_code(text: str, mark: str | None) -> None:
    assert mark_of(text) == mark


def test_without_keys_every_code_is_as_an_unsigned_one() -> None:
    assert {mark_of(text, Keys()) for text in (signed(), signed(STRANGER), live(), live(-3600))} == {
        "unsigned"
    }


@given(st.integers(4 + 17, 4 + 17 + 3 + 4 + 103 - 1), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_no_signed_code_with_another_symbol_goes_unmarked(place: int, symbol: str) -> None:
    text = signed()
    changed = text[:place] + symbol + text[place + 1 :]
    read = recognise(changed)
    assert changed == text or getattr(read, "code", None) is None or mark_of(changed) == "signature_wrong"


def test_only_a_live_code_that_holds_has_a_nonce() -> None:
    nonces = [
        prove(text, recognise(text), KEYS, AT).nonce
        for text in (live(), live(-90), live(secret=bytes(32)), signed())
    ]
    assert nonces[0]
    assert nonces[1:] == [None, None, None]


@given(
    st.sampled_from(["pass", "check", "stop"]),
    st.sets(st.sampled_from([*DOUBTS, "unsigned", "late", "duplicate", "impossible_travel"])),
)
def test_a_code_in_doubt_is_at_least_checked_and_nothing_else_changes_the_answer(
    verdict: Any, marks: set[str]
) -> None:
    before = Judgement(verdict=verdict, reason="r", policy_id="p")
    after = doubted(before, marks)
    order_of = ["pass", "check", "stop"]
    assert order_of.index(after.verdict) >= order_of.index(verdict)
    if not marks & DOUBTS.keys() or verdict == "stop":
        assert after == before
    else:
        assert after.verdict == "check"
        assert after.reason in {DOUBTS[mark] for mark in marks & DOUBTS.keys()}


# --- at the gate --------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(area: Area) -> Place:
    return open_place(kind=PlaceKind.VENUE, name="Cửa hàng", area=area, at=AT - timedelta(days=9))


def shown(person: Person, keys: CodeKeys, seconds: int = 0) -> str:
    return make_live_code(person.code, live_key(keys.secrets[0], person.code), AT + seconds * SECOND)


def told(scan: Scan) -> tuple[str, str, list[str]]:
    return scan.verdict, scan.reason, scan.marks


@pytest.mark.django_db
def test_a_signed_print_and_a_live_code_pass_unmarked(
    person: Person, place: Place, actor: Actor, keys: CodeKeys
) -> None:
    card = record_scan(place=place, payload=personal_codes.printed(person.code, at=AT), actor=actor, at=AT)
    phone = record_scan(
        place=place, payload=shown(person, keys), actor=actor, at=AT + 20 * SECOND, direction="out"
    )
    assert told(card) == told(phone) == ("pass", "nothing-against", [])
    assert card.person_id == phone.person_id == person.pk


@pytest.mark.django_db
def test_a_forged_print_is_kept_checked_and_accuses_nobody(
    person: Person, place: Place, actor: Actor, keys: CodeKeys
) -> None:
    forged = make_signed_code(person.code, STRANGER, issued_on=AT.date())
    first = record_scan(place=place, payload=forged, actor=actor, at=AT)
    assert told(first) == ("check", "signature-wrong", ["signature_wrong"])
    assert Presence.objects.get().person_id == person.pk
    order(person)
    again = record_scan(place=place, payload=forged, actor=actor, at=AT + HOUR)
    assert told(again) == ("stop", "under-order", ["signature_wrong"])
    assert not Breach.objects.exists()
    record_scan(place=place, payload=f"LC1:{person.code}", actor=actor, at=AT + 2 * HOUR)
    assert Breach.objects.count() == 1


@pytest.mark.django_db
def test_a_picture_of_a_live_code_is_already_here_to_the_second(
    person: Person, place: Place, shop: Place, actor: Actor, keys: CodeKeys
) -> None:
    text = shown(person, keys)
    owner = record_scan(place=place, payload=text, actor=actor, at=AT)
    picture = record_scan(place=place, payload=text, actor=actor, at=AT + 5 * SECOND)
    elsewhere = record_scan(place=shop, payload=text, actor=actor, at=AT + 40 * SECOND)
    later = record_scan(place=place, payload=text, actor=actor, at=AT + 60 * SECOND)
    following = record_scan(place=place, payload=shown(person, keys, 60), actor=actor, at=AT + 61 * SECOND)
    assert told(owner) == ("pass", "nothing-against", [])
    assert told(picture) == ("check", "already-here", ["already_here", "duplicate"])
    assert told(elsewhere) == ("pass", "nothing-against", [])
    assert told(later) == ("check", "live-code-expired", ["duplicate", "live_code_expired"])
    assert told(following) == ("pass", "nothing-against", ["duplicate"])
    assert Scan.objects.count() == 5
    assert LiveCodeUse.objects.count() == 3
    assert person.code.encode() not in b"".join(bytes(use.nonce) for use in LiveCodeUse.objects.all())


@pytest.mark.django_db
def test_the_same_reading_sent_again_is_not_a_picture(
    person: Person, place: Place, actor: Actor, keys: CodeKeys
) -> None:
    for _ in range(2):
        scan = record_scan(place=place, payload=shown(person, keys), actor=actor, at=AT, client_id="one")
        assert scan.marks == []


@pytest.mark.django_db
@pytest.mark.parametrize("wrong_by", [-25, 0, 3])
def test_what_was_read_offline_is_judged_by_the_corrected_clock_of_the_device(
    wrong_by: int, person: Person, device: Device, keys: CodeKeys
) -> None:
    clock = wrong_by * HOUR
    said = [0, 4, 45, 70, 600]
    readings = [
        Reading(client_id=f"r{n}", text=shown(person, keys), device_time=AT + n * SECOND + clock)
        for n in reversed(said)
    ]
    readings.append(Reading(client_id="unreadable", text=shown(person, keys, 30)))
    sent = AT + 3 * timedelta(days=1)
    scans = record_batch(
        device=device, readings=readings, actor=device.actor, at=sent, device_now=sent + clock
    )
    found = {scan.client_id: scan.marks for scan in scans}
    reasons = {scan.client_id: scan.reason for scan in scans}
    assert "already_here" not in found["r0"]
    assert "live_code_expired" not in found["r0"]
    assert [reasons[f"r{n}"] for n in said] == [
        "nothing-against",
        *["already-here"] * 2,
        *["live-code-expired"] * 2,
    ]
    assert {"clock_wrong", "live_code_expired"} <= set(found["unreadable"])
    assert Scan.objects.count() == 6


@pytest.mark.django_db
def test_two_devices_of_one_post_take_a_code_once(
    person: Person, device: Device, place: Place, actor: Actor, keys: CodeKeys
) -> None:
    online = record_scan(place=place, payload=shown(person, keys), actor=actor, at=AT)
    reading = Reading(client_id="a", text=shown(person, keys), device_time=AT + 10 * SECOND)
    [offline] = record_batch(
        device=device, readings=[reading], actor=device.actor, at=AT + HOUR, device_now=AT + HOUR
    )
    assert online.marks == []
    assert (offline.verdict, offline.reason) == ("check", "already-here")


def scan_box(guard: Client, code: str) -> str:
    """What the page shows when its box is given this code."""
    nonce = re.search(r'name="nonce" value="(\w+)"', guard.get("/checkpoints/").content.decode())
    assert nonce
    return guard.post("/checkpoints/", {"code": code, "direction": "in", "nonce": nonce[1]}).content.decode()


@pytest.mark.django_db
def test_a_page_that_stands_open_takes_the_same_code_again_as_a_second_scan(
    person: Person, guard: Client, keys: CodeKeys, now: Any
) -> None:
    form = {"code": shown(person, keys), "direction": "in", "nonce": "ofthepage"}
    first = guard.post("/checkpoints/", form, headers={"HX-Request": "true"}).content.decode()
    fresh = re.search(r'id="nonce" name="nonce" value="(\w+)" hx-swap-oob="true"', first)
    assert fresh
    again = guard.post("/checkpoints/", form | {"nonce": fresh[1]}, headers={"HX-Request": "true"})
    assert 'class="verdict pass"' in first
    assert 'class="verdict check"' in again.content.decode()
    assert Scan.objects.count() == 2


@pytest.mark.django_db
def test_the_guard_reads_what_is_wrong_in_words(
    person: Person, guard: Client, keys: CodeKeys, now: Any
) -> None:
    guard.cookies["language"] = "vi"
    page = scan_box(guard, make_signed_code(person.code, STRANGER, issued_on=AT.date()))
    assert "Mã không phải của hệ thống" in page
    assert "chữ ký sai" in page
    assert person.name in page
    for _ in range(2):
        page = scan_box(guard, shown(person, keys))
    assert "vừa được quét tại đây" in page


@pytest.mark.django_db
def test_devices_fetch_the_public_keys_and_no_secret(place: Place, keys: CodeKeys) -> None:
    answer = staff("gate_guard", place=place).get("/api/checkpoints/code-keys")
    assert answer.status_code == 200
    [key] = answer.json()["keys"]
    assert key["name"] == keys.printed[0].name
    assert len(key["public_key"]) == 44
    assert "live" not in answer.content.decode()
