"""DIVOC certificates (India's CoWIN, Sri Lanka, Philippines, Indonesia, Jamaica): a zip of `certificate.json`.

The code holds the zip itself, or `B64:` and the zip in base 64. The content is a W3C verifiable credential
(JSON-LD) of one Person with evidence of vaccinations or tests. Sources for the names of fields: egovernments/DIVOC
(vaccination-context.js, test-certificate-context.js) and DivocModel.kt of WorldHealthOrganization/gdhcn-validator;
version 1 gives an age, version 2 a birth date.

Its signature (RsaSignature2018 or Ed25519Signature2018) is over a canonical RDF graph (URDNA2015), which asks for
a JSON-LD processor and the exact contexts of each country: it is NOT checked, and the answer says so.
"""

import base64
import binascii
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from lachan.codecs.foreign import moments
from lachan.codecs.foreign.anchors import Anchors
from lachan.codecs.foreign.shown import COVID_19, joined, named, shown
from lachan.codecs.foreign.strict_json import LARGEST, at_path, read_json, rows, table
from lachan.codecs.foreign.unpacked import SENTENCES, About, Entry, Holder, Kind, Unpacked, refuse, require

MEMBER: Final = "certificate.json"
MOST_MEMBERS: Final = 8
PREFIX: Final = "B64:"

_NOTHING: Final = frozenset({"-", "NA", "N/A", "null", "undefined"})
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ZIP_ERRORS: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def said(value: object) -> str:
    """As `shown`, without the marks that issuers write where they know nothing."""
    text = shown(value)
    return "" if text in _NOTHING else text


def read_code(text: str, anchors: Anchors, at: datetime) -> Unpacked:
    """Read `B64:...`, or a zip of which every character is one byte."""
    return read_credential(read_json(_member(_zip(text))), anchors, at)


def _zip(text: str) -> bytes:
    if text[: len(PREFIX)].upper() != PREFIX:
        require(all(ord(letter) < 256 for letter in text), "divoc-zip")
        return text.encode("latin-1")
    try:
        return base64.b64decode(text[len(PREFIX) :], validate=True)
    except (binascii.Error, ValueError):
        refuse("divoc-base64")


def _member(packed: bytes) -> bytes:
    """Return `certificate.json`, which must be there once; never more than 64 KiB are unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            members = archive.infolist()
            found = [member for member in members if member.filename == MEMBER]
            require(len(members) <= MOST_MEMBERS and len(found) == 1, "divoc-zip")
            require(found[0].compress_type in _METHODS, "divoc-zip")
            with archive.open(found[0]) as member:
                content = member.read(LARGEST + 1)
    except _ZIP_ERRORS:
        refuse("divoc-zip")
    require(len(content) <= LARGEST, "inflate-size")
    return content


def read_credential(credential: Mapping[str, object], anchors: Anchors, at: datetime) -> Unpacked:
    """Read the credential itself. Raises FormatError: divoc-content."""
    subject = table(credential.get("credentialSubject"))
    evidence = rows(credential.get("evidence"))
    name = said(subject.get("name"))
    require(name and evidence, "divoc-content")
    issuer = credential.get("issuer")
    return Unpacked(
        Kind.DIVOC,
        "unchecked",
        SENTENCES["unchecked"],
        "unchecked",
        Holder(name, said(subject.get("dob")), _document(subject)),
        tuple(_entry(row) for row in evidence),
        issuer=said(issuer) or said(at_path(issuer, "id")),
        number=said(evidence[0].get("certificateId")),
        issued_at=moments.of_text(credential.get("issuanceDate")),
        raw=credential,
    )


def _document(subject: Mapping[str, object]) -> str:
    """`did:Passport:A1234567` names a document; a number that India's system made up itself does not help."""
    number = said(subject.get("id"))
    return number.rpartition(":")[2] if "passport" in number.lower() else ""


def _entry(evidence: dict[str, object]) -> Entry:
    is_test = "testType" in evidence or "testName" in evidence or "result" in evidence
    return _test(evidence) if is_test else _vaccination(evidence)


def _vaccination(evidence: dict[str, object]) -> Entry:
    product = said(evidence.get("vaccine"))
    kind = named(evidence.get("icd11Code")) or said(evidence.get("prophylaxis"))
    return Entry(
        About.VACCINATION,
        disease=COVID_19 if COVID_19 in joined([product, kind]).upper() else "",
        product=product or kind,
        code=joined(
            ["ICD-11" if said(evidence.get("icd11Code")) else "", said(evidence.get("icd11Code"))], "|"
        ),
        date=said(evidence.get("date")),
        country=_country(evidence),
        maker=said(evidence.get("manufacturer")),
        lot=said(evidence.get("batch")),
        dose=joined([said(evidence.get("dose")), said(evidence.get("totalDoses"))], "/"),
        place=said(at_path(evidence, "facility", "name")),
    )


def _test(evidence: dict[str, object]) -> Entry:
    return Entry(
        About.TEST,
        disease=said(evidence.get("disease")),
        product=said(evidence.get("testName")) or said(evidence.get("testType")),
        date=said(evidence.get("sampleCollectionTimestamp")) or said(evidence.get("resultTimestamp")),
        country=_country(evidence),
        maker=said(evidence.get("manufacturer")),
        result=said(evidence.get("result")),
        place=said(at_path(evidence, "facility", "name")),
    )


def _country(evidence: dict[str, object]) -> str:
    return said(at_path(evidence, "facility", "address", "addressCountry"))
