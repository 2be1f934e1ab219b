"""Makes WHO certificates: CBOR web tokens in the envelope of EU certificates, with any claims."""

import zlib

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec

from lachan.codecs.foreign import Anchors
from lachan.codecs.foreign.tests.making import AT, CSCA_KEY, Json, certificate, der, sign
from lachan.codecs.hcert import Trust, TrustedKey
from lachan.codecs.hcert.keys import key_number

DSC_KEY = ec.derive_private_key(0xD5C, ec.SECP256R1())
DSC = certificate("DSC", DSC_KEY, "CSCA", CSCA_KEY, use=None)
TRUST = Trust([TrustedKey.of_certificate(der(DSC))], as_of=AT)
WHO_ANCHORS = Anchors.of(hcert=TRUST)

YELLOW_FEVER: Json = {
    "n": "Aulo Agerio",
    "dob": "1905-08-23",
    "s": "M",
    "nid": "16337361-9",
    "v": {"tg": "1D47", "vp": "XM0N24", "dt": "1904-08-23", "bo": "123", "dn": "Primary", "ma": "HIPRA"},
}
CORE: Json = {
    "name": "Eddie Murphy",
    "birthDate": "1986-09-19",
    "identifier": {"value": "1234567890"},
    "certificate": {"hcid": {"value": "US111"}, "period": {"start": "2021-07-08"}},
    "vaccination": {
        "vaccine": {"code": "1119349007", "system": "http://snomed.info/sct"},
        "brand": {"code": "X", "system": "urn:x"},
        "manufacturer": "Organization/973",
        "disease": {"code": "840539006", "system": "http://snomed.info/sct"},
        "country": {"code": "USA", "system": "urn:iso:std:iso:3166"},
        "lot": "PT123F",
        "date": "2021-07-08",
        "dose": 1,
        "totalDoses": 2,
        "centre": "Site 1",
    },
}
SWABBED: Json = {
    "name": "TAN CHEN CHEN",
    "birthDate": "1990-01-15",
    "identifier": "URN:UVCI:01:SG:ABC",
    "test": {
        "pathogen": {"code": "XN109", "system": "http://id.who.int/icd11/mms", "display": "SARS-CoV-2"},
        "type": {"code": "LP6464-4", "system": "http://loinc.org"},
        "result": {"code": "260415000", "system": "http://snomed.info/sct"},
        "date": "2022-07-27T06:15:00Z",
        "country": {"code": "SGP"},
        "centre": "MOH",
    },
}
_BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def base45(data: bytes) -> str:
    """RFC 9285, letter by letter."""
    text = ""
    for start in range(0, len(data), 2):
        number = int.from_bytes(data[start : start + 2])
        for _ in range(3 if start + 1 < len(data) else 2):
            text, number = text + _BASE45[number % 45], number // 45
    return text


def token(
    claims: object,
    *,
    key: ec.EllipticCurvePrivateKey = DSC_KEY,
    kid: bytes | None = None,
    algorithm: int = -7,
) -> str:
    """`HC1:` with any claims; of a dict with negative and positive names, `hcert` if it lacks text names."""
    number = key_number(der(DSC)) if kid is None else kid
    protected = cbor2.dumps({1: algorithm, 4: number})
    payload = cbor2.dumps(claims)
    message = cbor2.dumps(["Signature1", protected, b"", payload])
    envelope = cbor2.CBORTag(18, [protected, {}, payload, sign(message, key)])
    return "HC1:" + base45(zlib.compress(cbor2.dumps(envelope)))


def hcert(**changed: object) -> dict[int, object]:
    """Claims of which the content is given by name: vaccination, test, link, dvc."""
    numbers = {"vaccination": 3, "test": 4, "link": 5, "dvc": -6}
    return {1: "XL", 6: 1_700_000_000, -260: {numbers[name]: value for name, value in changed.items()}}
