"""Health certificates at gates: verified, counted for one decision, written into nobody's record."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lachan.codecs.hcert import Certificate, Signer, Use, encode
from lachan.core.ids import uuid7
from lachan.core.models import Actor, Area, EventRow, Person, Place, Presence
from lachan.core.sealed import unseal
from lachan.issuer import commands as issuing
from lachan.issuer.models import Reason, SignerKey
from lachan.issuer.tests.codes import publish, stranger
from lachan.issuer.tests.conftest import Office, office_at
from lachan.policy import load
from lachan.systems.checkpoints import words
from lachan.systems.checkpoints.commands import Reading, record_batch, record_scan
from lachan.systems.checkpoints.commands.scanning import SEALED_KIND
from lachan.systems.checkpoints.models import Device, Scan
from lachan.systems.checkpoints.rules import Certified, Evidence, certified, is_certificate, judge
from lachan.systems.checkpoints.rules.evidence import Negative, Shot
from lachan.systems.checkpoints.rules.judging import NOT_ENOUGH
from lachan.systems.checkpoints.rules.proving import DOUBTS
from lachan.systems.checkpoints.tests.conftest import AT, staff
from lachan.systems.checkpoints.tests.test_scan import order

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NAA, RAPID = "LP6464-4", "LP217198-3"
FOUND, NOT_FOUND = "260373001", "260415000"
GREEN_CARD = load("vn/covid19").at(date(2021, 11, 20)).checkpoints
FREE = load("vn/covid19").at(date(2022, 5, 1)).checkpoints
THEN = datetime.fromisoformat("2021-11-20T10:00:00+07:00")

# --- the rule -----------------------------------------------------------------------------------------------------


def said(kind: str, **entry: Any) -> Certificate:
    return Certificate(Use(kind), entry, {})


def proves(kind: str, **entry: Any) -> Certified:
    return certified("valid", said(kind, **entry), THEN, case_days=14)


@pytest.mark.parametrize(
    ("kind", "entry", "evidence"),
    [
        ("v", {"dn": 2, "sd": 2, "dt": "2021-10-01"}, Evidence(shots=(Shot(2, date(2021, 10, 1), True),))),
        ("v", {"dn": 1, "sd": 2, "dt": "2021-10-01"}, Evidence(shots=(Shot(1, date(2021, 10, 1), False),))),
        ("v", {"dn": 1, "sd": 1, "dt": "2021-10-01T00:00"}, Evidence(shots=(Shot(1, date(2021, 10, 1), True),))),
        ("v", {"dn": "2", "sd": 2, "dt": "2021-10-01"}, Evidence()),
        ("v", {"dn": 2, "sd": 2, "dt": "soon"}, Evidence()),
        ("v", {"dn": 2, "sd": 2}, Evidence()),
        (
            "t", {"tt": NAA, "tr": NOT_FOUND, "sc": "2021-11-19T10:00:00+07:00"},
            Evidence(negatives=(Negative("pcr", THEN - DAY),)),
        ),
        (
            "t", {"tt": RAPID, "tr": NOT_FOUND, "sc": "2021-11-20T02:00:00Z"},
            Evidence(negatives=(Negative("antigen", THEN - HOUR),)),
        ),
        ("t", {"tt": "other", "tr": NOT_FOUND, "sc": "2021-11-19T10:00:00+07:00"}, Evidence()),
        ("t", {"tt": NAA, "tr": NOT_FOUND, "sc": "2021-11-19"}, Evidence()),
        ("t", {"tt": NAA, "tr": NOT_FOUND, "sc": "yesterday"}, Evidence()),
        ("t", {"tt": NAA, "sc": "2021-11-19T10:00:00+07:00"}, Evidence()),
        ("r", {"df": "2021-11-20", "du": "2021-11-20"}, Evidence(recovered_on=date(2021, 11, 20))),
        ("r", {"df": "2021-11-21", "du": "2022-01-01"}, Evidence()),
        ("r", {"df": "2021-10-01", "du": "2021-11-19"}, Evidence()),
        ("r", {}, Evidence()),
    ],
)  # fmt: skip
def test_a_certificate_proves_what_it_states(kind: str, entry: dict[str, Any], evidence: Evidence) -> None:
    assert proves(kind, **entry) == Certified(None, evidence)


@pytest.mark.parametrize(
    ("sampled", "mark"),
    [
        ("2021-11-19T10:00:00+07:00", "certificate_positive"),
        ("2021-11-06T10:00:01+07:00", "certificate_positive"),
        ("2021-11-06T10:00:00+07:00", None),
        ("who knows", "certificate_positive"),
    ],
)
def test_a_recent_positive_speaks_against_its_holder(sampled: str, mark: str | None) -> None:
    assert proves("t", tt=NAA, tr=FOUND, sc=sampled).mark == mark


def test_what_does_not_verify_proves_nothing() -> None:
    dose = said("v", dn=2, sd=2, dt="2021-10-01")
    assert certified("invalid", dose, THEN, case_days=14) == Certified("certificate_invalid")
    assert certified("unsure", dose, THEN, case_days=14) == Certified("certificate_unsure")
    assert certified("valid", None, THEN, case_days=14) == Certified(None, Evidence())


IMMUNE = Evidence(shots=(Shot(2, date(2021, 10, 1), True),))
ONE_DOSE = Evidence(shots=(Shot(1, date(2021, 10, 1), False),))


@pytest.mark.parametrize(
    ("known", "shown", "place", "verdict", "reason"),
    [
        (None, IMMUNE, "control_post", "pass", "immune"),
        (None, ONE_DOSE, "control_post", "check", NOT_ENOUGH),
        (None, ONE_DOSE, "venue", "check", NOT_ENOUGH),
        (None, None, "venue", "check", "unknown-person"),
        (Evidence(), IMMUNE, "control_post", "pass", "immune"),
        (Evidence(), ONE_DOSE, "control_post", "check", "no-evidence"),
        (IMMUNE, Evidence(), "control_post", "pass", "immune"),
        (Evidence(active_case=True), IMMUNE, "venue", "stop", "active-case"),
        (Evidence(symptoms_at=THEN - HOUR), IMMUNE, "venue", "check", "symptoms-declared"),
    ],
)
def test_a_certificate_counts_beside_the_record_and_never_against_it(
    known: Evidence | None, shown: Evidence | None, place: str, verdict: str, reason: str
) -> None:
    found = judge(known, GREEN_CARD, place, THEN, shown=shown)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_where_the_policy_asks_for_no_certificate_it_lets_in_nobody_unknown() -> None:
    assert judge(None, FREE, "venue", THEN, shown=IMMUNE).reason == NOT_ENOUGH


@pytest.mark.parametrize(
    ("text", "is_one"), [("HC1:6BF", True), (" hc1:", True), ("LC1:", False), ("", False)]
)
def test_a_certificate_is_known_by_its_first_letters(text: str, is_one: bool) -> None:
    assert is_certificate(text) is is_one


# --- at the gate --------------------------------------------------------------------------------------------------


@pytest.fixture
def office(db: None) -> Office:
    made = office_at(AT)
    made.key_in_use(AT)
    publish(made, AT)
    return made


@pytest.fixture
def area(office: Office) -> Area:
    return office.area


def text_of(office: Office, signer: Signer | None = None, *, country: str = "VN", **changed: Any) -> str:
    """A certificate of a person whom nobody here knows: two doses, the last one a month ago."""
    key = SignerKey.objects.get(purpose="certificates")
    entry: Mapping[str, Any] = {
        "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2,
        "dt": "2026-10-20", "co": country, "is": "Ministry", "ci": f"URN:UVCI:01:{country}:ABC",
    } | changed  # fmt: skip
    names = {"fn": "Dupont", "fnt": "DUPONT", "gn": "Anne", "gnt": "ANNE"}
    return encode(
        {"ver": "1.3.0", "nam": names, "dob": "1980-04-08", "v": [entry]}, issuer=country,
        signer=signer or office.keyring.signer(key), issued_at=AT - DAY, expires_at=AT + 30 * DAY,
    )  # fmt: skip


def answer(scan: Scan) -> tuple[str, str, list[str]]:
    return scan.verdict, scan.reason, scan.marks


def test_a_stranger_with_a_genuine_certificate_passes_and_leaves_no_record(
    office: Office, place: Place, actor: Actor
) -> None:
    people, events = Person.objects.count(), EventRow.objects.count()
    text = text_of(office)
    scan = record_scan(place=place, payload=text, actor=actor, at=AT)
    assert answer(scan) == ("pass", "immune", ["unknown_code"])
    assert (scan.payload, scan.person_id) == ("certificate", None)
    assert unseal(SEALED_KIND, scan.sealed or b"") == text
    assert (Person.objects.count(), EventRow.objects.count()) == (people, events)


def test_one_dose_is_not_enough(office: Office, place: Place, actor: Actor) -> None:
    scan = record_scan(place=place, payload=text_of(office, dn=1), actor=actor, at=AT)
    assert answer(scan) == ("check", NOT_ENOUGH, ["unknown_code"])


def test_our_own_certificate_names_its_person_whose_record_still_decides(
    office: Office, place: Place, actor: Actor
) -> None:
    issued = office.issued(at=AT)
    first = record_scan(place=place, payload=issued.signature.text, actor=actor, at=AT)
    assert (first.person_id, first.payload, first.verdict, first.marks) == (
        issued.person_id, "certificate", "pass", [],
    )  # fmt: skip
    assert Presence.objects.get().person_id == issued.person_id
    assert not EventRow.objects.filter(kind="DoseGiven").exists()
    order(issued.person)
    stopped = record_scan(place=place, payload=issued.signature.text, actor=actor, at=AT + HOUR)
    assert answer(stopped)[:2] == ("stop", "under-order")


def test_what_does_not_verify_is_kept_marked_and_checked(office: Office, place: Place, actor: Actor) -> None:
    gone = office.issued(at=AT)
    issuing.revoke_certificate(certificate=gone, reason=Reason.FRAUD, actor=office.operator, at=AT)
    publish(office, AT + timedelta(seconds=2))
    later = AT + timedelta(seconds=3)
    cases = {
        "revoked": (gone.signature.text, "certificate-invalid"),
        "altered": (text_of(office)[:-9] + "ABCDEFGHI", "certificate-invalid"),
        "cut off": ("HC1:6BF", "certificate-invalid"),
        "a stranger's, of our country": (text_of(office, stranger()), "certificate-invalid"),
        "another country's unknown signer": (text_of(office, stranger(), country="FR"), "certificate-unsure"),
    }
    found = {
        name: record_scan(place=place, payload=text, actor=actor, at=later)
        for name, (text, _) in cases.items()
    }
    assert {name: (s.verdict, s.reason) for name, s in found.items()} == {
        name: ("check", reason) for name, (_, reason) in cases.items()
    }
    assert found["revoked"].person_id == gone.person_id
    assert all(s.reason.replace("-", "_") in s.marks for s in found.values())
    assert Scan.objects.count() == len(cases)


def test_with_lists_older_than_a_day_a_certificate_is_not_verified(
    office: Office, place: Place, actor: Actor
) -> None:
    scan = record_scan(place=place, payload=text_of(office), actor=actor, at=AT + DAY + HOUR)
    assert answer(scan) == ("check", "certificate-unsure", ["certificate_unsure", "unknown_code"])


def test_a_device_that_was_offline_is_answered_for_the_moment_of_each_scan(
    office: Office, device: Device
) -> None:
    """The lists are those of the upload, the certificate is judged as of when it was shown."""
    text = text_of(office)
    readings = [
        Reading(client_id="in-force", text=text, device_time=AT - 2 * HOUR),
        Reading(client_id="before-it-was-issued", text=text, device_time=AT - DAY - HOUR),
        Reading(client_id="cut-off", text=text[:100], device_time=AT - HOUR),
        Reading(client_id="card", text="LC1:0", device_time=AT - HOUR),
    ]
    scans = record_batch(device=device, readings=readings, actor=device.actor, at=AT, device_now=AT)
    assert [s.reason for s in scans] == [
        "immune", "certificate-invalid", "certificate-invalid", "unknown-person",
    ]  # fmt: skip
    assert [s.marks for s in scans][1] == ["certificate_invalid", "late", "unknown_code"]


def test_certificates_of_a_batch_cost_a_fixed_number_of_queries(office: Office, device: Device) -> None:
    def queries(*texts: str) -> int:
        readings = [Reading(client_id=uuid7().hex, text=t, device_time=AT) for t in texts]
        with CaptureQueriesContext(connection) as asked:
            record_batch(device=device, readings=readings, actor=device.actor, at=AT)
        return len(asked)

    queries(text_of(office))  # the lists are read once
    assert queries(*(text_of(office, dn=n) for n in range(1, 9))) == queries(text_of(office))


def test_the_guard_compares_name_and_birth_date_and_nothing_is_logged_of_a_stranger(
    office: Office, place: Place, guard: Client, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    page = guard.post("/checkpoints/", {"code": text_of(office), "nonce": "n", "direction": "in"})
    shown = page.content.decode()
    assert "Dupont Anne" in shown
    assert "08/04/1980" in shown
    assert "2/2, 20/10/2026" in shown
    assert "Dupont" not in caplog.text
    later = guard.get("/checkpoints/").content.decode()
    assert "Dupont" not in later


def test_a_forged_certificate_shows_no_name(
    office: Office, place: Place, guard: Client, now: datetime
) -> None:
    forged = text_of(office, stranger())
    shown = guard.post("/checkpoints/", {"code": forged, "nonce": "n", "direction": "in"}).content.decode()
    assert "Dupont" not in shown
    assert str(words.REASONS["certificate-invalid"]) in shown or "certificate-invalid" in shown


def test_doubted_certificates_are_listed_for_who_looks_after_the_place(
    office: Office, place: Place, actor: Actor, now: datetime
) -> None:
    record_scan(place=place, payload=text_of(office, stranger()), actor=actor, at=AT)
    page = staff("commune_officer", area=place.area).get("/checkpoints/doubtful/").content.decode()
    with translation.override("vi"):
        assert str(words.MARKS["certificate_invalid"][0]) in page


def test_every_reason_and_mark_of_certificates_has_words_in_both_languages() -> None:
    reasons = [r for r in (*DOUBTS.values(), NOT_ENOUGH) if r.startswith("certificate")]
    for code in reasons:
        with translation.override("en"):
            english = (str(words.REASONS[code]), str(words.RULES[code]))
        with translation.override("vi"):
            assert (str(words.REASONS[code]), str(words.RULES[code])) != english
    assert len(reasons) == 4
