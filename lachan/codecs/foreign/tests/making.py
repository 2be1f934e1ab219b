"""Makes foreign certificates, with keys of its own, independently of the readers."""

import base64
import io
import json
import random
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.x509.oid import NameOID, ObjectIdentifier

from lachan.codecs.foreign import Anchors

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
ISSUER = "https://cards.example.org/issuer"
KEY = ec.derive_private_key(0x1234567, ec.SECP256R1())
OTHER_KEY = ec.derive_private_key(0x7654321, ec.SECP256R1())
SIGNER_USE = ObjectIdentifier("2.23.136.1.1.14.2")

Json = dict[str, Any]


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def minified(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def sign(message: bytes, key: ec.EllipticCurvePrivateKey = KEY) -> bytes:
    digest = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}[key.curve.key_size]
    half = (key.curve.key_size + 7) // 8
    r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(digest)))
    return r.to_bytes(half) + s.to_bytes(half)


def jwk(key: ec.EllipticCurvePrivateKey, kid: str = "key-1") -> Json:
    numbers = key.public_key().public_numbers()
    x, y = (b64(number.to_bytes(32)) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid, "x": x, "y": y}


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


# SMART Health Cards

DOSE: Json = {
    "resourceType": "Immunization",
    "status": "completed",
    "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "208"}]},
    "patient": {"reference": "resource:0"},
    "occurrenceDateTime": "2021-01-29",
    "lotNumber": "0000008",
    "performer": [{"actor": {"display": "Bệnh viện Bạch Mai"}}],
}
TEST: Json = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "94558-4"}]},
    "effectiveDateTime": "2021-02-17",
    "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "260373001"}]},
    "performer": [{"display": "ABC General Hospital"}],
}
PATIENT: Json = {
    "resourceType": "Patient",
    "name": [{"family": "Nguyễn", "given": ["Thị", "Hoa"]}],
    "birthDate": "1990-05",
}


def claims(*resources: Json, **changed: object) -> Json:
    listed = resources or (PATIENT, DOSE)
    entries = [{"fullUrl": f"resource:{n}", "resource": found} for n, found in enumerate(listed)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    said: Json = {
        "iss": ISSUER,
        "nbf": AT.timestamp() - 3600,
        "vc": {
            "type": ["https://smarthealth.cards#health-card"],
            "credentialSubject": {"fhirVersion": "4.0.1", "fhirBundle": bundle},
        },
    }
    return {name: value for name, value in (said | changed).items() if value is not None}


def card(content: object = None, *, key: ec.EllipticCurvePrivateKey = KEY, **header: object) -> str:
    """A JWS; `content` may be claims or the packed bytes."""
    packed = content if isinstance(content, bytes) else deflated(minified(content or claims()))
    head = {"zip": "DEF", "alg": "ES256", "kid": "key-1"} | header
    signed = f"{b64(minified({k: v for k, v in head.items() if v is not None}))}.{b64(packed)}"
    return f"{signed}.{b64(sign(signed.encode(), key))}"


def digits(jws: str) -> str:
    return "".join(f"{ord(letter) - 45:02}" for letter in jws)


def chunks(jws: str, count: int) -> list[str]:
    size = -(-len(jws) // count)
    pieces = [jws[start : start + size] for start in range(0, len(jws), size)]
    return [f"shc:/{n}/{len(pieces)}/{digits(piece)}" for n, piece in enumerate(pieces, 1)]


# DIVOC

EVIDENCE: Json = {
    "type": ["Vaccination"],
    "certificateId": "531487494",
    "batch": "350208D",
    "vaccine": "COVISHIELD",
    "manufacturer": "Serum Institute of India",
    "date": "2022-03-05T00:00:00.000Z",
    "dose": 3,
    "totalDoses": 3,
    "icd11Code": "XM9QW8",
    "facility": {"name": "Puskesmas Menteng", "address": {"addressCountry": "IDN", "city": "-"}},
}
SWAB: Json = {
    "type": ["TestDetails"],
    "testName": "RT-PCR",
    "testType": "NAAT",
    "disease": "COVID-19",
    "manufacturer": "-",
    "sampleCollectionTimestamp": "2022-07-01T08:00:00Z",
    "result": "Negative",
    "facility": {"name": "Lab 1", "address": {"addressCountry": "IN"}},
}


def credential(*evidence: Json, **changed: object) -> Json:
    return {
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://cowin.gov.in/credentials/vaccination/v2",
        ],
        "type": ["VerifiableCredential", "ProofOfVaccinationCredential"],
        "credentialSubject": {
            "type": "Person",
            "id": "did:Passport:A1234567",
            "name": "Bhaya Mitra",
            "age": "34",
            "dob": "1988-05-15",
        },
        "issuer": "https://cowin.gov.in/",
        "issuanceDate": "2022-07-14T10:45:55.935Z",
        "evidence": list(evidence or (EVIDENCE,)),
        "proof": {"type": "Ed25519Signature2018", "jws": "eyJ..aa"},
    } | changed


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def divoc(content: object = None) -> str:
    packed = zipped(("certificate.json", minified(content or credential())))
    return "B64:" + base64.b64encode(packed).decode()


# ICAO VDS-NC

MESSAGE: Json = {
    "uvci": "U32870",
    "pid": {"n": "Smith Bill", "dob": "1990-01-02", "sex": "M", "i": "A1234567Z"},
    "ve": [
        {
            "des": "XM68M6",
            "nam": "Comirnaty",
            "dis": "RA01.0",
            "vd": [
                {"dvc": "2021-03-03", "seq": 1, "ctr": "UTO", "adm": "RIVM", "lot": "VC35679"},
                {"dvc": "2021-03-24", "seq": 2, "ctr": "UTO", "adm": "RIVM", "lot": "VC87540"},
            ],
        }
    ],
}
TESTED: Json = {
    "utci": "U01932",
    "pid": {"n": "Cook Gerald", "dob": "1990-01-29", "dt": "P", "dn": "E1234567P"},
    "sp": {"spn": "General Hospital", "ctr": "UTO"},
    "dat": {"sc": "2020-12-12T12:00:00+08:00", "ri": "2021-02-11T14:00:00+08:00"},
    "tr": {"tc": "molecular(PCR)", "r": "negative", "m": "nasopharyngeal"},
}


def _name(text: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "UT"),
            x509.NameAttribute(NameOID.COMMON_NAME, text),
        ]
    )


def certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    *,
    authority: bool = False,
    use: ObjectIdentifier | None = SIGNER_USE,
    starts: datetime = AT - timedelta(days=300),
    pad: int = 0,
    constrained: bool = True,
) -> x509.Certificate:
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(starts)
        .not_valid_after(starts + timedelta(days=3650))
    )
    if constrained:
        made = made.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    if use is not None and not authority:
        made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=True)
    if pad:
        padding = x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4"), bytes(pad))
        made = made.add_extension(padding, critical=False)
    return made.sign(issuer_key, hashes.SHA256())


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


CSCA_KEY = ec.derive_private_key(0xC5CA, ec.SECP384R1())
CSCA = certificate("CSCA", CSCA_KEY, "CSCA", CSCA_KEY, authority=True)
SIGNER = certificate("Signer", KEY, "CSCA", CSCA_KEY)


def sealed(message: Json, *, kind: str = "icao.vacc") -> Json:
    return {"hdr": {"t": kind, "v": 1, "is": "UTO"}, "msg": message}


def seal(
    data: Json | None = None,
    *,
    signer: x509.Certificate = SIGNER,
    key: ec.EllipticCurvePrivateKey = KEY,
    **sig: object,
) -> str:
    """A seal whose data has only ASCII names and no fractions, for which this dump is canonical."""
    content = data if data is not None else sealed(MESSAGE)
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    signature = {"alg": "ES256", "cer": b64(der(signer)), "sigvl": b64(sign(canonical, key))}
    return minified({"data": content, "sig": signature | sig}).decode()


def link(scheme: str = "shlink:/", **changed: object) -> str:
    payload = {"url": "https://ehr.example.org/qr/m", "key": "k" * 43, "label": "Hồ sơ", "exp": 1_900_000_000}
    return scheme + b64(minified(payload | changed))


ANCHORS = Anchors.of(jwks={ISSUER: {"keys": [jwk(KEY)]}}, csca=[der(CSCA)], as_of=AT - timedelta(hours=1))
NOBODY = Anchors()


def mutated(text: str, chance: random.Random) -> str:
    """Change, drop, repeat or swap characters, from the text's own alphabet and from outside of it."""
    letters = list(text)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        place = chance.randrange(len(letters))
        other = chance.choice((chance.choice(text), chance.choice('{}[]",:\\/=.9zZ\0\ud800\ufeffé𝔘')))
        match chance.randrange(5):
            case 0:
                letters[place] = other
            case 1:
                letters.insert(place, other)
            case 2 if len(letters) > 1:
                del letters[place]
            case 3:
                letters = letters[:place] + letters[place // 2 :]
            case _:
                letters = letters[: place + 1]
    return "".join(letters)


def repacked(made: Mapping[str, Any], chance: random.Random) -> Json:
    """A copy of JSON with one value somewhere replaced by one of another kind: what text mutations never reach."""
    copy: Json = json.loads(json.dumps(made))
    places: list[tuple[Any, Any]] = []
    todo: list[Any] = [copy]
    while todo:
        at = todo.pop()
        inside = list(at.items()) if isinstance(at, dict) else list(enumerate(at))
        places += [(at, name) for name, _ in inside]
        todo += [value for _, value in inside if isinstance(value, dict | list)]
    where, name = chance.choice(places)
    where[name] = chance.choice(
        (None, True, -1, 1e300, "", "\u202e", [], {}, [[]], [{}], [None], {"a": {}}, "x" * 999)
    )
    return copy


def with_null(made: x509.Certificate, issuer_key: ec.EllipticCurvePrivateKey) -> bytes:
    """The same certificate as some countries write it: the algorithm with a NULL, and signed so."""
    plain = bytes.fromhex("300a06082a8648ce3d040302")
    null = bytes.fromhex("300c06082a8648ce3d0403020500")
    whole = made.tbs_certificate_bytes
    content = whole[2 + (whole[1] & 0x7F if whole[1] & 0x80 else 0) :]
    body = item(0x30, content.replace(plain, null, 1))
    bits = b"\0" + issuer_key.sign(body, ec.ECDSA(hashes.SHA256()))
    return item(0x30, body + null + item(0x03, bits))


def item(tag: int, content: bytes) -> bytes:
    """DER: tag, length, content."""
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes(2).lstrip(b"\0")
    return bytes([tag, 0x80 | len(size)]) + size + content


def crl(*serials: int, key: ec.EllipticCurvePrivateKey = CSCA_KEY, issuer: str = "CSCA") -> bytes:
    made = x509.CertificateRevocationListBuilder().issuer_name(_name(issuer))
    made = made.last_update(AT - timedelta(days=1)).next_update(AT + timedelta(days=1))
    for serial in serials:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(AT).build()
        made = made.add_revoked_certificate(entry)
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
