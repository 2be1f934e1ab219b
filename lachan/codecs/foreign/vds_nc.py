"""ICAO VDS-NC, the Visible Digital Seal for non-constrained environments, of vaccinations and tests.

`{"data": {"hdr": {"t", "v", "is"}, "msg": {...}}, "sig": {"alg", "cer", "sigvl"}}`. The signature is ECDSA over
`data` in canonical JSON (RFC 8785), by the barcode signer whose certificate is inside (`cer`, DER in base64url),
which a country's passport authority (CSCA) has issued. Sources: the names of fields after ICAO's datasets for
proof of vaccination and proof of testing as in Path-Check/paper-cred (icao.vacc.1, icao.test.1) and IcaoModel.kt of
WorldHealthOrganization/gdhcn-validator, which spells the number of a test `ucti` where paper-cred has `utci`; the
steps of checking after australian-passport-office/vds-nc-reader-library-ios. Seals of Australia and Japan read as
here. The full text of the technical report (1.1, May 2021) was not at hand: that a signer must carry the key usage
2.23.136.1.1.14.2 is read off both countries' certificates.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from lachan.codecs.foreign import base64url, ecdsa, signers
from lachan.codecs.foreign.anchors import Anchors
from lachan.codecs.foreign.shown import joined, named, shown
from lachan.codecs.foreign.strict_json import at_path, rows, table
from lachan.codecs.foreign.unpacked import (
    SENTENCES,
    About,
    Entry,
    Holder,
    Kind,
    Signature,
    Unpacked,
    refuse,
    require,
)

TYPES: Final = ("icao.vacc", "icao.test")


def read_seal(content: Mapping[str, object], anchors: Anchors, at: datetime) -> Unpacked:
    """Read a seal, and check it where a trusted country authority issued the signer's certificate."""
    data, sig = table(content.get("data")), table(content.get("sig"))
    message = table(data.get("msg"))
    holder, entries = _holder(message), _entries(message)
    require(at_path(data, "hdr", "t") in TYPES, "vds-content")
    require(holder.name or holder.document, "vds-content")
    require(entries, "vds-content")
    signature, code = _check(data, sig, anchors, at)
    return Unpacked(
        Kind.VDS_NC,
        code,
        SENTENCES[code],
        signature,
        holder,
        entries,
        issuer=shown(at_path(data, "hdr", "is")),
        number=shown(message.get("uvci") or message.get("utci") or message.get("ucti")),
        lists_as_of=anchors.as_of,
        raw=data,
    )


def canonical(value: object) -> str:
    """Return JSON after RFC 8785, for values without fractions. Raises FormatError: json-number."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: str(key).encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    require(not isinstance(value, float), "json-number")
    return json.dumps(value, ensure_ascii=False)


def _holder(message: Mapping[str, object]) -> Holder:
    person = table(message.get("pid"))
    document = shown(person.get("i")) or shown(person.get("dn")) or shown(person.get("ai"))
    return Holder(shown(person.get("n")), shown(person.get("dob")), document)


def _entries(message: Mapping[str, object]) -> tuple[Entry, ...]:
    doses = [_dose(event, dose) for event in rows(message.get("ve")) for dose in rows(event.get("vd"))]
    return (*doses, _test(message)) if "tr" in message else tuple(doses)


def _dose(event: dict[str, object], dose: dict[str, object]) -> Entry:
    substance = named(event.get("des"))
    return Entry(
        About.VACCINATION,
        disease=named(event.get("dis")),
        product=shown(event.get("nam")) or substance,
        code=joined(["ICD-11" if substance else "", shown(event.get("des"))], "|"),
        date=shown(dose.get("dvc")),
        country=shown(dose.get("ctr")),
        lot=shown(dose.get("lot")),
        dose=shown(dose.get("seq")),
        place=shown(dose.get("adm")),
    )


def _test(message: Mapping[str, object]) -> Entry:
    return Entry(
        About.TEST,
        product=shown(at_path(message, "tr", "tc")),
        date=shown(at_path(message, "dat", "sc")),
        country=shown(at_path(message, "sp", "ctr")),
        result=shown(at_path(message, "tr", "r")),
        place=shown(at_path(message, "sp", "spn")),
    )


def _der(text: object) -> bytes:
    if not isinstance(text, str):
        refuse("vds-content")
    return base64url.decode(text, "vds-content", padded=True)


def _check(
    data: dict[str, object],
    sig: Mapping[str, object],
    anchors: Anchors,
    at: datetime,
) -> tuple[Signature, str]:
    algorithm, value = sig.get("alg"), sig.get("sigvl")
    if not isinstance(algorithm, str) or algorithm not in ecdsa.ALGORITHMS:
        refuse("algorithm")
    if not isinstance(value, str):
        refuse("vds-content")
    signature = base64url.decode(value, "vds-content", padded=True)
    signer = signers.read_certificate(_der(sig.get("cer")))
    if signer is None:
        return "unchecked", "vds-certificate"
    if not _is_by(signer.certificate, algorithm, signature, canonical(data).encode()):
        return "wrong", "signature"
    if not any(signers.is_issued_by(signer, authority) for authority in anchors.csca):
        return "unknown-issuer", "unknown-issuer"
    return "valid", signers.state(signer, anchors.csca_revoked, at)


def _is_by(signer: x509.Certificate, algorithm: str, signature: bytes, message: bytes) -> bool:
    try:
        return ecdsa.fits(signer.public_key(), algorithm, signature, message)
    except (ValueError, UnsupportedAlgorithm):
        return False
