"""`HC1:` texts: EU certificates through lachan.codecs.hcert, and WHO's certificates in the same envelope."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from lachan.codecs.errors import FormatError
from lachan.codecs.foreign import who
from lachan.codecs.foreign.anchors import Anchors
from lachan.codecs.foreign.shown import joined, named, shown
from lachan.codecs.foreign.strict_json import rows
from lachan.codecs.foreign.unpacked import (
    SENTENCES,
    About,
    Entry,
    Holder,
    Kind,
    Signature,
    Unpacked,
)
from lachan.codecs.hcert import Trust, TrustedKey, Use, Verdict, base45, cbor, cose, products, text, verify

_NO_DCC: Final = frozenset(
    {"claims", "cose"}
)  # what hcert says of WHO's content, and of the short kids of drafts
_SIGNATURES: Final[Mapping[str, Signature]] = {"signature": "wrong", "kid-unknown": "unknown-issuer"}


def read_hc1(given: str, anchors: Anchors, at: datetime) -> Unpacked:
    """Read and check an EU or a WHO certificate. Raises FormatError: who-content, link-content, algorithm."""
    verdict = verify(given, trust=anchors.hcert, at=at)
    if verdict.code in _NO_DCC:
        return _who(given, anchors.hcert, at) or _of_verdict(verdict)
    return _of_verdict(verdict)


def _of_verdict(verdict: Verdict) -> Unpacked:
    certificate = verdict.certificate
    payload = certificate.payload if certificate else {}
    proven: Signature = "valid" if verdict.key else "unchecked"
    return Unpacked(
        Kind.DCC,
        verdict.code,
        verdict.sentence,
        _SIGNATURES.get(verdict.code, proven),
        Holder(shown(certificate.name), shown(certificate.birth_date)) if certificate else Holder(),
        tuple(read(row) for name, read in _ENTRIES.items() for row in rows(payload.get(name))),
        issuer=shown(verdict.issuer),
        number=shown(certificate.certificate_id) if certificate else "",
        issued_at=verdict.issued_at,
        expires_at=verdict.expires_at,
        lists_as_of=verdict.lists_as_of,
        raw=payload or None,
    )


def _vaccination(row: dict[str, object]) -> Entry:
    product, maker, kind = shown(row.get("mp")), shown(row.get("ma")), shown(row.get("vp"))
    known = products.PRODUCTS.get(product)
    return Entry(
        About.VACCINATION,
        disease=named(row.get("tg")),
        product=(known.name if known else product) or named(kind),
        code=product or kind,
        date=shown(row.get("dt")),
        country=shown(row.get("co")),
        maker=products.HOLDERS.get(maker, maker),
        dose=joined([shown(row.get("dn")), shown(row.get("sd"))], "/"),
        place=shown(row.get("is")),
    )


def _test(row: dict[str, object]) -> Entry:
    return Entry(
        About.TEST,
        disease=named(row.get("tg")),
        product=joined([named(row.get("tt")), shown(row.get("nm"))], ", "),
        code=shown(row.get("tt")),
        date=shown(row.get("sc")),
        country=shown(row.get("co")),
        maker=shown(row.get("ma")),
        result=named(row.get("tr")),
        place=shown(row.get("tc")),
    )


def _recovery(row: dict[str, object]) -> Entry:
    return Entry(
        About.RECOVERY,
        disease=named(row.get("tg")),
        date=shown(row.get("fr")),
        country=shown(row.get("co")),
        place=shown(row.get("is")),
    )


_ENTRIES: Final[Mapping[str, Callable[[dict[str, object]], Entry]]] = {
    "v": _vaccination,
    "t": _test,
    "r": _recovery,
}


def _who(given: str, trust: Trust, at: datetime) -> Unpacked | None:
    content = text.inflate(base45.decode(text.unprefix(text.as_text(given))))
    payload, envelope = _payload(content)
    claims = cbor.read(payload)
    if not (isinstance(claims, dict) and who.is_who(claims)):
        return None
    key, signature = _signer(envelope, trust)
    read = who.read_claims(claims, signature, at, trust.lists_of(key).as_of)
    if key is None or envelope is None or not read.ok:
        return read
    code = _state(read, key, envelope, trust, at)
    return replace(read, code=code, sentence=SENTENCES[code])


def _payload(content: bytes) -> tuple[bytes, cose.Envelope | None]:
    """Return the signed content; the envelopes of WHO's first drafts have kids that no list of keys has."""
    try:
        envelope = cose.read(content)
    except FormatError:
        parts = cbor.read(content.removeprefix(b"\xd2"))
        if isinstance(parts, list) and len(parts) == 4 and isinstance(parts[2], bytes):
            return parts[2], None
        raise
    return envelope.payload, envelope


def _signer(envelope: cose.Envelope | None, trust: Trust) -> tuple[TrustedKey | None, Signature]:
    if envelope is None or envelope.kid is None:
        return None, "unknown-issuer"
    if envelope.algorithm is None:
        raise FormatError("algorithm", SENTENCES["algorithm"])
    message = cose.signed_bytes(envelope.protected, envelope.payload)
    try:
        return trust.signer(envelope.algorithm, envelope.kid, message, envelope.signature), "valid"
    except FormatError as error:
        if error.code in _SIGNATURES:
            return None, _SIGNATURES[error.code]
        raise


def _state(read: Unpacked, key: TrustedKey, envelope: cose.Envelope, trust: Trust, at: datetime) -> str:
    """Return what a trusted key may attest at this time, and whether it was taken back since."""
    if not key.not_before <= at <= key.not_after:
        return "key-not-valid"
    if not {Use(entry.about.value) for entry in read.entries} <= key.uses:
        return "key-usage"
    revoked = trust.lists_of(key).revoked
    if revoked is not None and revoked.holds(read.number or None, envelope.signature):
        return "revoked"
    return "valid"
