"""Keys, certificates and payloads for the tests: nothing here is anybody's.

The elliptic keys and their certificates are the same in each run, so that a finding can be repeated.
"""

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from lachan.codecs.hcert import Signer, Trust, TrustedKey, Verdict, base45, cose, encode, uvci, verify
from lachan.codecs.hcert.keys import PrivateKey

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
EXPIRES = AT + timedelta(days=365)
DAY = timedelta(days=1)
ISSUED, EXPIRY = int(AT.timestamp()), int(EXPIRES.timestamp())
TEST_OID, VACCINATION_OID, RECOVERY_OID = (f"1.3.6.1.4.1.1847.2021.1.{last}" for last in (1, 2, 3))
CI = uvci("VN", "0123456789ABCDEF0123456789ABCDEF")


@cache
def ec_key(name: str = "signer") -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(sha256(name.encode()).digest()[1:], "big"), ec.SECP256R1())


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, bits)


def certificate(
    key: PrivateKey,
    *,
    usage: list[str] | None = None,
    start: datetime = AT - DAY,
    end: datetime = EXPIRES + DAY,
    raw_usage: bytes | None = None,
    country: str = "VN",
) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, country)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, start, end)
    if usage is not None:
        oids = [ObjectIdentifier(oid) for oid in usage]
        builder = builder.add_extension(x509.ExtendedKeyUsage(oids), critical=False)
    if raw_usage is not None:
        unparsed = x509.UnrecognizedExtension(x509.ExtendedKeyUsage.oid, raw_usage)
        builder = builder.add_extension(unparsed, critical=False)
    repeatable = True if isinstance(key, ec.EllipticCurvePrivateKey) else None
    return builder.sign(key, SHA256(), ecdsa_deterministic=repeatable).public_bytes(Encoding.DER)


CERTIFICATE = certificate(ec_key())
SIGNER = Signer.of_key(ec_key(), CERTIFICATE)
KEY = TrustedKey.of_certificate(CERTIFICATE)
TRUST = Trust([KEY], as_of=AT)

NAMES = {"fn": "Nguyễn", "fnt": "NGUYEN", "gn": "Bảo Duy", "gnt": "BAO<DUY"}
SHARED: dict[str, Any] = {"tg": "840539006", "co": "VN", "is": "Bộ Y tế", "ci": CI}
VACCINATION = SHARED | {
    "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2, "dt": "2026-06-11",
}  # fmt: skip
TEST = SHARED | {
    "tt": "LP6464-4", "nm": "RT-PCR", "sc": "2026-11-22T08:00:00+07:00", "tr": "260415000", "tc": "Bạch Mai",
}  # fmt: skip
RECOVERY = SHARED | {"fr": "2026-09-01", "df": "2026-09-12", "du": "2027-02-28"}
EVENTS: dict[str, dict[str, Any]] = {"v": VACCINATION, "t": TEST, "r": RECOVERY}


def payload(kind: str = "v", **changes: Any) -> dict[str, Any]:
    """A payload; `changes` are of its event, None takes a field away."""
    event = {name: value for name, value in (EVENTS[kind] | changes).items() if value is not None}
    return {"ver": "1.3.0", "nam": NAMES, "dob": "1990-02-28", kind: [event]}


def issued(content: Mapping[str, Any] | None = None, signer: Signer = SIGNER) -> str:
    return encode(content or payload(), signer=signer, issuer="VN", issued_at=AT, expires_at=EXPIRES)


def token(content: object = ..., **claims: Any) -> bytes:
    """Claims as anyone may sign them; a name of a claim with a number for it, `c4=...`; None takes it away."""
    said = {1: "VN", 4: EXPIRY, 6: ISSUED, -260: {1: payload() if content is ... else content}}
    said |= {int(name[1:]): value for name, value in claims.items()}
    return cbor2.dumps({label: value for label, value in said.items() if value is not None})


def wrapped(content: bytes) -> str:
    return "HC1:" + base45.encode(zlib.compress(content))


def signed(
    content: bytes,
    *,
    signer: Signer = SIGNER,
    protected: Mapping[int, object] | bytes | None = None,
    unprotected: Mapping[int, object] | None = None,
    tags: tuple[int, ...] = (18,),
) -> str:
    """Sign any bytes, under any headers, in any tags."""
    if protected is None:
        protected = cose.protected_header(signer.algorithm, signer.kid)
    header = protected if isinstance(protected, bytes) else cbor2.dumps(protected)
    signature = signer.sign(cose.signed_bytes(header, content))
    envelope: Any = [header, dict(unprotected or {}), content, signature]
    for tag in reversed(tags):
        envelope = cbor2.CBORTag(tag, envelope)
    return wrapped(cbor2.dumps(envelope))


def judged(text: str | bytes, trust: Trust = TRUST, at: datetime = AT) -> Verdict:
    return verify(text, trust=trust, at=at)
