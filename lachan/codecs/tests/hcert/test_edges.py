"""Where a check begins and ends, and what is said: requirements that mutants of the reader showed to be untested."""

import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from lachan.codecs.errors import FormatError
from lachan.codecs.fields import LONGEST_QR
from lachan.codecs.hcert import Lists, Signer, Trust, TrustedKey, base45, cbor, claims, cose, schema, text
from lachan.codecs.hcert.certificate import certificate_of
from lachan.codecs.tests.hcert.making import (
    AT,
    CERTIFICATE,
    DAY,
    EVENTS,
    EXPIRES,
    ISSUED,
    KEY,
    SIGNER,
    TEST_OID,
    certificate,
    ec_key,
    issued,
    judged,
    payload,
    rsa_key,
    signed,
    token,
)  # fmt: skip
from lachan.codecs.tests.hcert.test_verify import REFUSED, trust_of

HALF_A_DAY = timedelta(hours=12)


def is_a_sentence(text: str) -> bool:
    return text[0].isupper() and text.endswith(".") and not text.isupper()


def refusal_of(act: Any, *given: Any) -> FormatError:
    with pytest.raises(FormatError) as refusal:
        act(*given)
    return refusal.value


@pytest.mark.parametrize("case", REFUSED)
def test_each_refusal_is_said_in_a_sentence(case: str) -> None:
    text, _, trust, at = REFUSED[case]
    assert is_a_sentence(judged(text, trust, at).sentence)


def test_a_use_that_a_key_does_not_have_is_said_in_a_sentence() -> None:
    verdict = judged(issued(), trust_of(certificate(ec_key(), usage=[TEST_OID])))
    assert verdict.code == "key-usage"
    assert is_a_sentence(verdict.sentence)


def test_what_breaks_is_no_certificates_fault_and_is_said_in_a_sentence() -> None:
    verdict = judged(7)  # type: ignore[arg-type]
    assert verdict.code == "broken"
    assert is_a_sentence(verdict.sentence)
    assert is_a_sentence(judged(issued()).sentence)


def named_nothing(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    """A certificate of nobody of no country."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Signer")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, AT - DAY, AT + DAY)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    return builder.sign(key, algorithm).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("der", "code"),
    [
        (b"nothing", "certificate"),
        (named_nothing(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))), "key"),
        (certificate(ec.derive_private_key(7, ec.SECP384R1())), "key"),
        (certificate(rsa_key(1024)), "key"),
    ],
    ids=["no certificate", "Ed25519", "P-384", "RSA-1024"],
)
def test_a_key_that_may_not_sign_is_refused_in_a_sentence(der: bytes, code: str) -> None:
    refusal = refusal_of(TrustedKey.of_certificate, der)
    assert refusal.code == code
    assert is_a_sentence(refusal.message)


def test_a_key_without_a_country_has_none() -> None:
    assert TrustedKey.of_certificate(named_nothing(ec_key())).country == ""
    assert TrustedKey.of_certificate(CERTIFICATE).country == "VN"


def test_no_key_has_a_number_that_nobody_trusts() -> None:
    assert Trust([]).keys_of(SIGNER.kid) == ()


@pytest.mark.parametrize("at", [AT, AT + DAY])
def test_the_first_and_the_last_second_of_a_key_are_its_own(at: datetime) -> None:
    trust = trust_of(certificate(ec_key(), start=AT, end=AT + DAY))
    assert judged(issued(), trust, at).ok
    assert judged(issued(), trust, AT + DAY + timedelta(seconds=1)).code == "key-not-valid"


def test_an_rsa_signature_by_another_or_of_something_else_is_refused() -> None:
    der = certificate(rsa_key())
    genuine, trust = Signer.of_key(rsa_key(), der), Trust([TrustedKey.of_certificate(der)], as_of=AT)
    assert judged(signed(token(), signer=genuine), trust).ok
    for sign in (
        lambda message: genuine.sign(message + b"\0"),
        lambda message: genuine.sign(message)[:-1] + b"\0\0",
        lambda _: bytes(256),
        lambda _: b"",
    ):
        forger = Signer(genuine.kid, "PS256", sign)
        assert judged(signed(token(), signer=forger), trust).code == "signature"


@pytest.fixture
def hours_ahead(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("hours_ahead")
def test_the_day_of_issue_is_that_of_utc_wherever_it_is_judged() -> None:
    """A claim is a moment, not a day of the verifier's own calendar."""
    evening = signed(token(payload() | {"dob": "2026-11-24"}, c6=ISSUED + int(HALF_A_DAY.total_seconds())))
    assert judged(evening, at=AT + HALF_A_DAY).code == "schema"
    today = signed(token(payload() | {"dob": "2026-11-23"}, c6=ISSUED + int(HALF_A_DAY.total_seconds())))
    assert judged(today, at=AT + HALF_A_DAY).ok


def test_a_child_born_on_the_day_of_issue_has_a_time_of_birth_too() -> None:
    assert judged(signed(token(payload() | {"dob": "2026-11-23T07:00:00"}))).warnings == ("schema-dob",)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (payload(dn=0, sd=0), "schema-dn, schema-sd."),
        (payload(ci=b"1"), "schema-type."),
        ({name: part for name, part in payload().items() if name != "dob"}, "schema-shape."),
        (payload(ci=" 1"), "space around a text, or a float."),
        (payload(mp="A", ma="B"), "value-set-mp, value-set-ma."),
    ],
)
def test_who_may_not_issue_hears_each_field_that_is_wrong(content: Mapping[str, Any], named: str) -> None:
    refusal = refusal_of(schema.require_exact, content)
    assert is_a_sentence(refusal.message)
    assert refusal.message.endswith(f": {named}")


def test_a_field_too_many_hides_no_other_deviation() -> None:
    event = payload(dt="2026-06-11T07:30", dr="")["v"][0]
    content = payload() | {"v": [event], "more": 1, "dob": "1990-02-28T00:00:00"}
    assert sorted(judged(signed(token(content))).warnings) == ["schema-dob", "schema-dt", "schema-more"]


def test_two_symbols_stand_for_a_byte_at_most() -> None:
    assert base45.decode("U5") == b"\xff"
    assert refusal_of(base45.decode, "V5").code == "base45"


def test_content_of_the_largest_real_size_may_have_numbers_for_keys() -> None:
    def content(size: int) -> bytes:
        return cbor2.dumps({1: bytes(size - 5)})

    assert len(content(4_096)) == 4_096
    assert cbor.read(content(4_096)) == {1: bytes(4_091)}
    assert refusal_of(cbor.read, cbor2.dumps({(1,): bytes(4_096)})).code == "cbor"


@pytest.mark.parametrize("events", [{}, [], [7], "vaccinated", {"a": 1}, 7, None, [[]]], ids=str)
def test_events_of_another_shape_are_no_certificate(events: object) -> None:
    assert certificate_of({"v": events}) is None
    assert judged(signed(token({"ver": "1.3.0", "v": events}))).code == "schema"


def test_an_issuer_that_is_no_text_is_nobody() -> None:
    verdict = judged(signed(token(c1=7)))
    assert (verdict.code, verdict.issuer) == ("valid", None)


def test_the_first_and_the_last_second_that_can_be_said_are_read() -> None:
    said = claims.read(token(c6=0, c4=253_402_300_799))
    assert (said.issued, said.expires) == (0, 253_402_300_799)
    for wrong in ({"c6": -1}, {"c4": 253_402_300_800}):
        assert judged(signed(token(**wrong))).code == "claims"


def test_headers_and_signatures_are_read_up_to_their_limits() -> None:
    def envelope(header: int, signature: int) -> bytes:
        protected = cbor2.dumps({1: -7, 4: SIGNER.kid, 99: bytes(header - 18)})
        assert len(protected) == header
        return cose.write(protected, b"payload", bytes(signature))

    assert cose.read(envelope(512, 1_024)).kid == SIGNER.kid
    assert refusal_of(cose.read, envelope(513, 1_024)).code == "cose"
    assert refusal_of(cose.read, envelope(512, 1_025)).code == "cose"


@pytest.mark.parametrize("length", [0, 23, 24, 25, 255, 256, 65_535])
def test_lengths_are_written_as_every_encoder_writes_them(length: int) -> None:
    body = bytes(length)
    content = cose.write(b"", body, b"")
    assert content == b"\xd2\x84\x40\xa0" + cbor2.dumps(body) + b"\x40"
    assert cose.signed_bytes(body, b"") == cbor2.dumps(["Signature1", body, b"", b""])


def test_a_signature_of_another_length_is_wrong() -> None:
    for length in (0, 1, 32, 63, 65, 70, 128):
        forger = Signer(SIGNER.kid, "ES256", lambda _, length=length: bytes(length))  # type: ignore[misc]
        assert judged(signed(token(), signer=forger)).code == "signature"
        longer = Signer(SIGNER.kid, "ES256", lambda message: SIGNER.sign(message) + b"\0")
        assert judged(signed(token(), signer=longer)).code == "signature"


def test_only_white_space_is_taken_off_a_text() -> None:
    for around in ("X", "\x0b", "\xa0"):
        assert text.as_text(f" \t{around}HC1:{around}\r\n ") == f"{around}HC1:{around}"
    assert text.as_text(b" \tXHC1:X\r\n ") == "XHC1:X"
    assert text.as_text(b"\x0bHC1:\x0b") == "\x0bHC1:\x0b"
    assert text.as_text("A" * LONGEST_QR) == "A" * LONGEST_QR
    refusal = refusal_of(text.as_text, b"HC1:\xff")
    assert (refusal.code, is_a_sentence(refusal.message)) == ("prefix", True)
    assert refusal_of(text.as_text, "A" * (LONGEST_QR + 1)).code == "length"


def test_a_content_altered_where_nobody_looks_is_refused_in_a_sentence() -> None:
    packed = bytearray(zlib.compress(b"abc", 0))
    packed[2] |= 0x80
    assert zlib.decompress(packed) == b"abc"
    refusal = refusal_of(text.inflate, bytes(packed))
    assert (refusal.code, is_a_sentence(refusal.message)) == ("inflate", True)
    assert "altered" in refusal.message


def test_whatever_was_deflated_is_inflated_again() -> None:
    for length in range(300):
        content = sha256(bytes([length % 256])).digest() * (length // 32) + bytes(length % 32)
        assert text.inflate(zlib.compress(content, 9)) == content


def test_the_shorter_of_both_ways_to_pack_is_taken() -> None:
    def packed(content: bytes) -> int:
        return len(base45.decode(text.unprefix(text.pack(content))))

    noise = b"".join(sha256(bytes([n])).digest() for n in range(250))
    assert packed(noise) == len(noise) + 11
    assert packed(bytes(420)) < 420
    assert packed(bytes(419)) == 419 + 11


def test_a_moment_is_the_same_in_every_zone() -> None:
    hanoi = timezone(timedelta(hours=7))
    last = EXPIRES.astimezone(hanoi)
    assert judged(issued(), at=last).ok
    assert judged(issued(), at=last + timedelta(seconds=1)).code == "expired"
    assert judged(issued(), at=AT.astimezone(timezone(-timedelta(hours=7)))).ok


def test_a_refused_certificate_is_shown_with_its_signer() -> None:
    verdict = judged(issued(), at=EXPIRES + timedelta(seconds=1))
    assert (verdict.code, verdict.key) == ("expired", KEY)


class Broken:
    def holds(self, *_: object) -> bool:
        raise RuntimeError


class Everybody:
    def holds(self, *_: object) -> bool:
        return True


def test_what_breaks_is_shown_as_far_as_it_was_read() -> None:
    verdict = judged(issued(), Trust([KEY], revoked=Broken(), as_of=AT))
    assert (verdict.code, verdict.issuer, verdict.key) == ("broken", "VN", KEY)
    assert verdict.certificate is not None


def test_how_old_the_lists_are_is_said_of_what_cannot_be_read_too() -> None:
    assert judged("no certificate").lists_as_of == AT


def test_lists_of_a_key_s_own_take_the_place_of_all_others() -> None:
    own = replace(KEY, lists=Lists(AT - DAY, Everybody()))
    found = judged(issued(), Trust([own], as_of=AT))
    assert (found.code, found.lists_as_of) == ("revoked", AT - DAY)
    mine = replace(KEY, lists=Lists(AT - DAY))
    free = judged(issued(), Trust([mine], revoked=Everybody(), as_of=AT))
    assert (free.code, free.lists_as_of) == ("valid", AT - DAY)
    assert judged(issued(), Trust([KEY], revoked=Everybody(), as_of=AT)).code == "revoked"
    assert Trust([own, KEY]).keys == (own, KEY)


def test_a_name_with_a_field_too_many_hides_no_deviation_of_the_dose() -> None:
    content = payload(dt="2026-06-11T07:30")
    content["nam"] = content["nam"] | {"mn": "Văn"}
    assert sorted(judged(signed(token(content))).warnings) == ["schema-dt", "schema-more"]


@pytest.mark.parametrize("kind", EVENTS)
def test_each_field_that_the_schema_wants_is_missed(kind: str) -> None:
    for field in EVENTS[kind]:
        verdict = judged(signed(token(payload(kind, **{field: None}))))
        may_be_missing = kind == "t" and field in ("nm", "tc")
        assert verdict.code == ("valid" if may_be_missing else "schema"), field
