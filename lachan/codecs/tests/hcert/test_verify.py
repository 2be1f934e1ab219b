from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from unicodedata import normalize

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import Signer, Trust, TrustedKey, Use, base45
from lachan.codecs.hcert.text import inflate
from lachan.codecs.hcert.verdict import STEPS
from lachan.codecs.tests.hcert.making import (
    AT,
    CERTIFICATE,
    CI,
    DAY,
    EXPIRES,
    EXPIRY,
    ISSUED,
    KEY,
    NAMES,
    RECOVERY_OID,
    SIGNER,
    TEST_OID,
    TRUST,
    VACCINATION_OID,
    certificate,
    ec_key,
    issued,
    judged,
    payload,
    rsa_key,
    signed,
    token,
    wrapped,
)  # fmt: skip

KID = SIGNER.kid
ES256, PS256 = -7, -37


class Revoked:
    """A list of one."""

    def __init__(self, identifier: str | None = None, signature: bytes = b"") -> None:
        self.identifier, self.signature = identifier, signature

    def holds(self, certificate_id: str | None, signature: bytes) -> bool:
        return certificate_id == self.identifier or signature == self.signature


def broken_signature(text: str) -> str:
    content = bytearray(inflate(base45.decode(text[4:])))
    content[-10] ^= 1
    return wrapped(bytes(content))


def of_ed25519() -> bytes:
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, AT, EXPIRES).sign(key, None)
    return made.public_bytes(Encoding.DER)


def trust_of(der: bytes, **more: Any) -> Trust:
    return Trust([TrustedKey.of_certificate(der, kid=KID)], as_of=AT, **more)


REFUSED: Mapping[str, tuple[str, str, Trust, datetime]] = {
    "too long": ("HC1:" + "A" * 4_293, "length", TRUST, AT),
    "another prefix": ("HC2:" + issued()[4:], "prefix", TRUST, AT),
    "no prefix": (issued()[4:], "prefix", TRUST, AT),
    "a small prefix": ("hc1:" + issued()[4:], "prefix", TRUST, AT),
    "nothing": ("", "prefix", TRUST, AT),
    "a lone surrogate": ("HC1:\ud800", "base45", TRUST, AT),
    "a small letter": ("HC1:abc", "base45", TRUST, AT),
    "one symbol": ("HC1:ABCD", "base45", TRUST, AT),
    "more than two bytes": ("HC1:GGW", "base45", TRUST, AT),
    "more than a byte": ("HC1:ZZ", "base45", TRUST, AT),
    "no content": ("HC1:", "inflate", TRUST, AT),
    "not compressed": ("HC1:" + base45.encode(b"\xd2\x84"), "inflate", TRUST, AT),
    "cut off": ("HC1:" + base45.encode(base45.decode(issued()[4:])[:-1]), "inflate", TRUST, AT),
    "more behind": ("HC1:" + base45.encode(base45.decode(issued()[4:]) + b"\0"), "inflate", TRUST, AT),
    "a bomb": (wrapped(bytes(70_000)), "inflate", TRUST, AT),
    "no cbor": (wrapped(b"\xff\xff"), "cbor", TRUST, AT),
    "bytes behind": (wrapped(b"\x80\x00"), "cbor", TRUST, AT),
    "no array": (wrapped(b"\xa0"), "cose", TRUST, AT),
    "three parts": (wrapped(cbor2.dumps([b"", {}, b""])), "cose", TRUST, AT),
    "a text for the content": (wrapped(cbor2.dumps([b"", {}, "", b""])), "cose", TRUST, AT),
    "a header that is no map": (signed(token(), protected=b"\x80"), "cose", TRUST, AT),
    "a critical header": (signed(token(), protected={1: ES256, 4: KID, 2: [9]}), "cose", TRUST, AT),
    "a short key number": (signed(token(), protected={1: ES256, 4: KID[:7]}), "cose", TRUST, AT),
    "a long key number": (signed(token(), protected={1: ES256, 4: KID + b"\0"}), "cose", TRUST, AT),
    "a text for a key number": (signed(token(), protected={1: ES256, 4: "12345678"}), "cose", TRUST, AT),
    "three tags": (signed(token(), tags=(61, 61, 18)), "cbor", TRUST, AT),
    "another tag": (signed(token(), tags=(98,)), "cbor", TRUST, AT),
    "no algorithm": (signed(token(), protected={4: KID}), "algorithm", TRUST, AT),
    "an algorithm outside": (
        signed(token(), protected={4: KID}, unprotected={1: ES256}), "algorithm", TRUST, AT,
    ),
    "another algorithm": (signed(token(), protected={1: -35, 4: KID}), "algorithm", TRUST, AT),
    "a mac with the public key": (signed(token(), protected={1: 5, 4: KID}), "algorithm", TRUST, AT),
    "a true algorithm": (signed(token(), protected={1: True, 4: KID}), "algorithm", TRUST, AT),
    "rsa for an elliptic key": (signed(token(), protected={1: PS256, 4: KID}), "algorithm", TRUST, AT),
    "an elliptic algorithm for rsa": (
        signed(token()), "algorithm", trust_of(certificate(rsa_key())), AT,
    ),
    "no claims": (signed(cbor2.dumps({1: "VN"})), "claims", TRUST, AT),
    "no map": (signed(cbor2.dumps([1])), "claims", TRUST, AT),
    "another certificate": (signed(token(**{"c-260": {3: {}}})), "claims", TRUST, AT),
    "no expiry": (signed(token(c4=None)), "claims", TRUST, AT),
    "no issuing": (signed(token(c6=None)), "claims", TRUST, AT),
    "an expiry that is true": (signed(token(c4=True)), "claims", TRUST, AT),
    "an expiry without end": (signed(token(c4=float("inf"))), "claims", TRUST, AT),
    "an expiry that is no number": (signed(token(c4=float("nan"))), "claims", TRUST, AT),
    "an expiry in the year 10000": (signed(token(c4=253_402_300_800)), "claims", TRUST, AT),
    "an expiry before 1970": (signed(token(c4=-1)), "claims", TRUST, AT),
    "an expiry as text": (signed(token(c4=str(EXPIRY))), "claims", TRUST, AT),
    "no key number": (signed(token(), protected={1: ES256}), "kid-unknown", TRUST, AT),
    "an unknown key": (issued(), "kid-unknown", Trust([]), AT),
    "a wrong number protected": (
        signed(token(), protected={1: ES256, 4: b"12345678"}, unprotected={4: KID}), "kid-unknown", TRUST, AT,
    ),
    "a wrong number outside": (
        signed(token(), protected={1: ES256}, unprotected={4: b"12345678"}), "kid-unknown", TRUST, AT,
    ),
    "an altered signature": (broken_signature(issued()), "signature", TRUST, AT),
    "another's signature": (issued(), "signature", trust_of(certificate(ec_key("other"))), AT),
    "no signature": (signed(token(), signer=Signer(KID, "ES256", lambda _: b"")), "signature", TRUST, AT),
    "a signature of nothing": (
        signed(token(), signer=Signer(KID, "ES256", lambda _: bytes(64))), "signature", TRUST, AT,
    ),
    "a long signature": (
        signed(token(), signer=Signer(KID, "ES256", lambda message: SIGNER.sign(message) + b"\0")),
        "signature", TRUST, AT,
    ),
    "a signature in DER": (
        signed(token(), signer=Signer(KID, "ES256", lambda m: ec_key().sign(m, ec.ECDSA(SHA256())))),
        "signature", TRUST, AT,
    ),
    "before it was issued": (issued(), "not-yet-valid", TRUST, AT - timedelta(seconds=1)),
    "after it expired": (issued(), "expired", TRUST, EXPIRES + timedelta(seconds=1)),
    "an expired key": (issued(), "key-not-valid", trust_of(certificate(ec_key(), end=AT + DAY)), AT + 2 * DAY),
    "a key of tomorrow": (issued(), "key-not-valid", trust_of(certificate(ec_key(), start=AT + DAY)), AT),
    "no event": (signed(token({"ver": "1.3.0", "nam": NAMES, "dob": ""})), "schema", TRUST, AT),
    "a payload that is a text": (signed(token("v")), "schema", TRUST, AT),
    "two vaccinations": (signed(token(payload() | {"v": payload()["v"] * 2})), "schema", TRUST, AT),
    "a vaccination and a test": (signed(token(payload() | payload("t"))), "schema", TRUST, AT),
    "no name": (signed(token(payload() | {"nam": {}})), "schema", TRUST, AT),
    "born in 1809": (signed(token(payload() | {"dob": "1809-02-28"})), "schema", TRUST, AT),
    "born tomorrow": (signed(token(payload() | {"dob": "2026-11-24"})), "schema", TRUST, AT),
    "no date": (signed(token(payload(dt=""))), "schema", TRUST, AT),
    "half a dose": (signed(token(payload(dn=1.5))), "schema", TRUST, AT),
    "bytes for a name": (signed(token(payload() | {"nam": {"fnt": b"A"}})), "schema", TRUST, AT),
    "numbers for names": (signed(token(payload() | {"nam": NAMES | {1: "A"}})), "schema", TRUST, AT),
    "a name of 81 letters": (signed(token(payload() | {"nam": {"fnt": "A" * 81}})), "schema", TRUST, AT),
    "another disease": (signed(token(payload(tg="1"))), "value-set", TRUST, AT),
    "no country": (signed(token(payload(co="XY"))), "value-set", TRUST, AT),
    "revoked by its number": (issued(), "revoked", Trust([KEY], revoked=Revoked(CI)), AT),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_refused_and_named(case: str) -> None:
    text, code, trust, at = REFUSED[case]

    verdict = judged(text, trust, at)

    assert (verdict.code, verdict.step, verdict.ok) == (code, STEPS[code], False)
    assert verdict.sentence.endswith(".")
    assert verdict.level(at) == "invalid"


def test_every_code_of_a_verdict_is_reached() -> None:
    assert {code for _, code, _, _ in REFUSED.values()} | {"valid", "key-usage", "broken"} == set(STEPS)


@pytest.mark.parametrize("kind", "vtr")
@pytest.mark.parametrize("key", [ec_key(), rsa_key()], ids=["ES256", "PS256"])
def test_a_certificate_of_ours_is_valid(kind: str, key: Any) -> None:
    der = certificate(key)
    text = issued(payload(kind), Signer.of_key(key, der))

    verdict = judged(text, Trust([TrustedKey.of_certificate(der)], as_of=AT))

    assert (verdict.code, verdict.step, verdict.warnings) == ("valid", "done", ())
    assert (verdict.issuer, verdict.issued_at, verdict.expires_at) == ("VN", AT, EXPIRES)
    assert verdict.key is not None
    assert verdict.key.certificate == der
    assert verdict.key.country == "VN"
    assert verdict.certificate is not None
    assert verdict.certificate.kind is Use(kind)
    assert verdict.certificate.payload == payload(kind)
    assert verdict.certificate.name == "Nguyễn Bảo Duy"
    assert verdict.certificate.family_transliterated == "NGUYEN"
    assert verdict.certificate.given_transliterated == "BAO<DUY"
    assert verdict.certificate.birth_date == "1990-02-28"
    assert verdict.certificate.certificate_id == CI


@pytest.mark.parametrize("at", [AT, EXPIRES])
def test_the_first_and_the_last_second_are_valid(at: datetime) -> None:
    assert judged(issued(), at=at).ok


@pytest.mark.parametrize("given", [issued().encode(), f"\n{issued()}\r\n ", bytearray(issued().encode())])
def test_white_space_and_bytes_of_a_scanner_do_no_harm(given: Any) -> None:
    assert judged(given).ok


def test_a_time_without_a_zone_is_of_utc() -> None:
    assert judged(issued(), at=AT.replace(tzinfo=None)).ok
    assert judged(issued(), at=(AT - DAY).replace(tzinfo=None)).code == "not-yet-valid"


@pytest.mark.parametrize("tags", [(), (18,), (61, 18), (18, 61), (61,)])
def test_tags_are_those_of_real_certificates(tags: tuple[int, ...]) -> None:
    assert judged(signed(token(), tags=tags)).ok


@pytest.mark.parametrize(
    ("protected", "unprotected"),
    [
        ({1: ES256, 4: KID}, {}),
        ({4: KID, 1: ES256}, {4: KID}),
        ({1: ES256, 3: 61, 4: KID}, {4: b"12345678"}),
        ({1: ES256}, {4: KID}),
    ],
)
def test_the_number_of_the_key_may_stand_in_either_header(
    protected: Mapping[int, object], unprotected: Mapping[int, object]
) -> None:
    assert judged(signed(token(), protected=protected, unprotected=unprotected)).ok


def test_all_keys_of_one_number_are_tried() -> None:
    others = [certificate(ec_key("other")), certificate(rsa_key()), CERTIFICATE, certificate(ec_key("third"))]
    trust = Trust([TrustedKey.of_certificate(der, kid=KID) for der in others])

    verdict = judged(issued(), trust)

    assert verdict.ok
    assert verdict.key is not None
    assert verdict.key.certificate == CERTIFICATE
    assert len(trust.keys_of(KID)) == 4


@pytest.mark.parametrize("prefix", ["1.3.6.1.4.1.1847.2021.1.", "1.3.6.1.4.1.0.1847.2021.1."])
@pytest.mark.parametrize("use", Use)
@pytest.mark.parametrize("kind", "vtr")
def test_a_key_signs_only_what_it_is_for(prefix: str, use: Use, kind: str) -> None:
    last = {Use.TEST: 1, Use.VACCINATION: 2, Use.RECOVERY: 3}[use]
    der = certificate(ec_key(), usage=[f"{prefix}{last}", "1.3.6.1.5.5.7.3.2"])

    verdict = judged(issued(payload(kind)), trust_of(der))

    assert verdict.code == ("valid" if use == kind else "key-usage")


@pytest.mark.parametrize(
    ("der", "uses"),
    [
        (certificate(ec_key()), set(Use)),
        (certificate(ec_key(), usage=["1.3.6.1.5.5.7.3.2"]), set(Use)),
        (certificate(ec_key(), usage=[TEST_OID, RECOVERY_OID]), {Use.TEST, Use.RECOVERY}),
        (certificate(ec_key(), raw_usage=b"\x30\x00"), set(Use)),
        (certificate(ec_key(), raw_usage=b"nothing"), set(Use)),
        (certificate(ec_key(), usage=["2.23.136.1.1.14.2"]), set()),
    ],
    ids=["none", "others", "two", "empty", "unparsed", "passports"],
)
def test_what_a_certificate_restricts_counts(der: bytes, uses: set[Use]) -> None:
    assert TrustedKey.of_certificate(der).uses == uses


def test_a_restriction_counts_in_an_extension_that_cannot_be_parsed() -> None:
    listed = certificate(ec_key(), usage=[VACCINATION_OID])
    start = listed.index(bytes.fromhex("060b2b060104018e378f650102"))
    unparsed = b"\x31\x0d" + listed[start : start + 13]

    assert TrustedKey.of_certificate(certificate(ec_key(), raw_usage=unparsed)).uses == {Use.VACCINATION}


@pytest.mark.parametrize(
    ("der", "code"),
    [
        (b"", "certificate"),
        (CERTIFICATE[:-1], "certificate"),
        (certificate(ec.generate_private_key(ec.SECP384R1())), "key"),
        (certificate(rsa_key(1024)), "key"),
        (of_ed25519(), "key"),
    ],
    ids=["empty", "cut", "P-384", "RSA-1024", "Ed25519"],
)
def test_a_key_that_no_certificate_may_be_signed_with_is_refused(der: bytes, code: str) -> None:
    with pytest.raises(FormatError) as refusal:
        TrustedKey.of_certificate(der)
    assert refusal.value.code == code


def test_a_certificate_is_revoked_by_its_signature() -> None:
    signatures: list[bytes] = []

    class Listening(Revoked):
        def holds(self, certificate_id: str | None, signature: bytes) -> bool:
            signatures.append(signature)
            return super().holds(certificate_id, signature)

    assert judged(issued(), Trust([KEY], revoked=Listening("another"))).ok
    assert len(signatures[0]) == 64
    text = issued()
    judged(text, Trust([KEY], revoked=Listening("another")))
    assert judged(text, Trust([KEY], revoked=Revoked("another", signatures[-1]))).code == "revoked"


def test_a_list_that_breaks_does_not_make_a_certificate_valid() -> None:
    class Gone(Revoked):
        def holds(self, certificate_id: str | None, signature: bytes) -> bool:
            raise OSError(certificate_id, signature)

    assert judged(issued(), Trust([KEY], revoked=Gone())).code == "broken"


def test_a_list_that_refuses_in_its_own_words_is_heard() -> None:
    class Unreadable(Revoked):
        def holds(self, certificate_id: str | None, signature: bytes) -> bool:
            raise FormatError("list-broken", f"No list for {certificate_id} and {len(signature)} bytes.")

    verdict = judged(issued(), Trust([KEY], revoked=Unreadable()))

    assert (verdict.code, verdict.step, verdict.ok) == ("list-broken", "revocation", False)


def test_an_untrusted_certificate_is_shown_all_the_same() -> None:
    verdict = judged(issued(), Trust([]))

    assert verdict.code == "kid-unknown"
    assert verdict.certificate is not None
    assert verdict.certificate.name == "Nguyễn Bảo Duy"
    assert verdict.key is None
    assert verdict.expires_at == EXPIRES


@pytest.mark.parametrize(
    ("as_of", "level"),
    [
        (AT, "valid"),
        (AT - DAY, "valid"),
        (AT - DAY - timedelta(seconds=1), "unsure"),
        (None, "unsure"),
        (AT + timedelta(minutes=5), "valid"),
        (AT + timedelta(days=30), "unsure"),  # a clock set back makes no list young
    ],
)
def test_lists_older_than_a_day_make_a_valid_certificate_unsure(as_of: datetime | None, level: str) -> None:
    verdict = judged(issued(), Trust([KEY], as_of=as_of))

    assert verdict.ok
    assert verdict.lists_as_of == as_of
    assert verdict.level(AT) == level


def test_a_name_is_as_long_as_its_letters() -> None:
    """80 letters with their accents apart are 240 characters; the schema counts letters."""
    apart = {"fn": normalize("NFD", "Ế" * 80), "fnt": "E" * 80}
    longer = apart | {"fn": normalize("NFD", "Ế" * 81)}

    assert judged(signed(token(payload() | {"nam": apart}))).warnings == ("tidied",)
    assert judged(signed(token(payload() | {"nam": longer}))).code == "schema"


def test_trust_does_not_change() -> None:
    with pytest.raises(AttributeError):
        TRUST.as_of = None


def seconds_as_floats() -> bytes:
    return token(c4=float(EXPIRY) + 0.5, c6=float(ISSUED) - 0.5)


TOLERATED = [
    (payload(mp=" EU/1/20/1528 "), ("tidied",)),
    (payload() | {"t": None, "r": None}, ("tidied",)),
    (payload() | {"t": cbor2.undefined}, ("tidied",)),
    (payload(dn=2.0, sd=3.0), ()),
    (payload(dn=0, sd=-1), ("schema-dn", "schema-sd")),
    (payload() | {"nam": {"fn": "Nguyễn", "fnt": "Nguyễn!", "gnt": None}}, ("tidied", "schema-fnt")),
    (payload() | {"dob": "1990-02-28T00:00:00"}, ("schema-dob",)),
    (payload(dt="2026-06-11T07:30:00+07:00"), ("schema-dt",)),
    (payload("t", dr=""), ("schema-more",)),
    (payload("t", sc="2026-11-22"), ("schema-sc",)),
    (payload(mp="New-2027", ma="Maker", vp="1"), ("value-set-ma", "value-set-mp", "value-set-vp")),
    (payload("t", tr="1", tt="2"), ("value-set-tr", "value-set-tt")),
    (payload(co="UNHCR"), ()),
    (payload(co="UNO"), ()),
    (payload() | {"dob": ""}, ()),
    (payload() | {"dob": "1990"}, ()),
    (payload() | {"dob": "2026-11-23"}, ()),
]


@pytest.mark.parametrize(("content", "warnings"), TOLERATED)
def test_what_the_world_has_issued_is_tolerated_with_a_warning(
    content: Mapping[str, Any], warnings: tuple[str, ...]
) -> None:
    verdict = judged(signed(token(content)))

    assert (verdict.code, tuple(sorted(verdict.warnings))) == ("valid", tuple(sorted(warnings)))


def test_seconds_may_be_floats_and_dates_may_be_tagged() -> None:
    assert judged(signed(seconds_as_floats())).ok
    tagged = payload("t", sc=cbor2.CBORTag(0, "2026-11-22T08:00:00Z"))
    verdict = judged(signed(token(tagged)))
    assert verdict.ok
    assert verdict.certificate is not None
    assert verdict.certificate.entry["sc"] == "2026-11-22T08:00:00Z"


def test_names_are_read_whatever_is_there() -> None:
    nameless = payload() | {
        "nam": {"fnt": "NGUYEN", "gnt": "BAO<DUY"},
        "v": [payload()["v"][0] | {"ci": "  "}],
    }
    certificate_ = judged(signed(token(nameless))).certificate
    assert certificate_ is not None
    assert certificate_.name == "NGUYEN BAO DUY"
    assert certificate_.certificate_id is None

    odd = judged(signed(token(payload() | {"nam": ["A"], "dob": 7}))).certificate
    assert odd is not None
    assert (odd.name, odd.birth_date) == ("", "")
