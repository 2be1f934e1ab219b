"""What the issuer does with what it finds in its queue, whoever put it there."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from django.db import IntegrityError, connection

from lachan.codecs.hcert import Trust, TrustedKey, verify
from lachan.issuer import queries, signing
from lachan.issuer.models import Intent, Signature, Unsigned, Waiting
from lachan.issuer.queries import Standing
from lachan.issuer.rules import LabTest
from lachan.issuer.signing import EARLY
from lachan.issuer.tests.conftest import AT, Office

pytestmark = pytest.mark.django_db
TEST = LabTest(assay="LP6464-4", sampled_at=AT - timedelta(days=1), result="260415000", name="RT-PCR")


def standing(certificate: Intent) -> Standing:
    return queries.standing(queries.by_uvci(certificate.uvci) or certificate, AT)


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), EARLY])
def test_what_a_faster_clock_asked_for_is_signed(office: Office, ahead: timedelta) -> None:
    office.request(at=AT + ahead)
    assert office.sign(AT) == 1


def test_what_is_dated_in_the_future_waits_and_holds_up_nothing(office: Office) -> None:
    later = office.request(at=AT + timedelta(days=3000))
    now = office.request()
    assert office.sign(AT) == 1
    assert (standing(later), standing(now)) == (Standing.WAITING, Standing.VALID)


def test_a_kind_without_a_key_does_not_hold_up_the_others(bare_office: Office) -> None:
    bare_office.key_in_use(uses=["t"])
    dose, test = bare_office.request(), bare_office.request(bare_office.record(TEST))
    assert signing.sign_batch(keyring=bare_office.keyring, at=AT) == 1
    assert (standing(dose), standing(test)) == (Standing.WAITING, Standing.VALID)
    with pytest.raises(signing.NoKey):
        bare_office.sign()


def test_each_kind_is_signed_by_its_key_with_its_own_signature(bare_office: Office) -> None:
    tests = bare_office.key_in_use(uses=["t"])
    doses = bare_office.key_in_use(uses=["v"], algorithm="PS256")
    for _pair in range(3):
        bare_office.request()
        bare_office.request(bare_office.record(TEST))
    assert bare_office.sign() == 6
    for row in Signature.objects.select_related("intent", "key"):
        assert row.key_id == (tests if row.intent.kind == "t" else doses).pk
        said = verify(row.text, trust=Trust([TrustedKey.of_certificate(bytes(row.key.certificate))]), at=AT)
        assert said.ok
        assert said.certificate is not None
        assert said.certificate.certificate_id == row.intent.uvci
        assert row.text.startswith("HC1:")
        assert len(bytes(row.signature)) == (64 if row.intent.kind == "t" else 384)


def test_what_was_answered_before_leaves_the_queue(office: Office) -> None:
    signed, refused = office.issued(), office.request(validity=timedelta(hours=1))
    office.sign(AT + timedelta(hours=1))
    Waiting.objects.bulk_create([Waiting(intent=signed), Waiting(intent=refused)])
    assert office.sign() == 2
    assert not Waiting.objects.exists()
    assert (Signature.objects.count(), Unsigned.objects.count()) == (1, 1)


def altered(certificate: Intent, payload: bytes, issuer: str = "VN") -> None:
    """What somebody with the rights of the web could have written."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE issuer_intent DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE issuer_intent SET payload = %s, digest = %s, issuer = %s WHERE id = %s",
            [payload, sha256(payload).digest(), issuer, certificate.pk],
        )
        cursor.execute("ALTER TABLE issuer_intent ENABLE TRIGGER USER; SET CONSTRAINTS ALL DEFERRED")


def german(payload: bytes) -> bytes:
    said = msgspec.json.decode(payload)
    said["v"][0]["co"] = "DE"
    return msgspec.json.encode(said)


ODD: dict[str, Callable[[bytes], bytes]] = {
    "no JSON": lambda _: b"\xff\x00",
    "a list": lambda _: b"[1e999]",
    "too deep": lambda _: b'{"v":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "half a character": lambda payload: payload.replace(b'"fn":"', b'"fn":"\\ud800'),
    "more than the entry": lambda payload: payload.replace(b'{"ver"', b'{"x":1,"ver"'),
    "another country": german,
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_payloads_are_refused_and_the_others_signed(office: Office, odd: str) -> None:
    bad, good = office.request(), office.request()
    altered(bad, ODD[odd](bytes(bad.payload)))
    assert office.sign() == 2
    assert (standing(bad), standing(good)) == (Standing.NOT_SIGNED, Standing.VALID)


def test_nothing_is_signed_in_the_name_of_another_country(office: Office) -> None:
    certificate = office.request()
    altered(certificate, german(bytes(certificate.payload)), "DE")
    office.sign()
    assert Unsigned.objects.get().code == "another-country"


def run_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """One round of the issuer's process; when it looked after its lists."""
    looked: list[datetime] = []

    def listen(channel: str, work: Callable[[], None], **_more: Any) -> None:
        work()

    monkeypatch.setattr(signing, "listen", listen)
    signing.run(keyring=office.keyring, stop=threading.Event(), also=looked.append)
    return looked


def test_lists_are_published_while_certificates_wait_for_a_key(
    bare_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare_office.request()
    assert run_once(bare_office, monkeypatch)


def test_a_batch_that_the_database_refused_is_read_anew(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody revokes after the batch was read and before it is stored: the guard of signatures speaks."""

    def refused(answers: object) -> None:
        raise IntegrityError("signature_of_an_open_intent")

    office.request()
    with monkeypatch.context() as now:
        now.setattr(signing, "_store", refused)
        assert run_once(office, now)
    assert Waiting.objects.count() == 1
    assert office.sign() == 1
