"""SMART Health Cards: `shc:/` followed by digits, the JWS itself, or a `.smart-health-card` file of one card.

Source: SMART Health Cards Framework 1.4 (smart-on-fhir/health-cards, docs/index.md): ES256 only, `zip: DEF` is raw
DEFLATE, `kid` is looked up in `<iss>/.well-known/jwks.json`, chunks `shc:/C/N/` (deprecated, still read), `exp`
is honoured, and so are the per-key lists of revoked cards (`vc.rid`).
"""

import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from lachan.codecs.foreign import base64url, ecdsa, moments
from lachan.codecs.foreign.anchors import Anchors
from lachan.codecs.foreign.fhir import read_bundle
from lachan.codecs.foreign.shown import shown
from lachan.codecs.foreign.strict_json import LARGEST, at_path, read_json
from lachan.codecs.foreign.unpacked import SENTENCES, Kind, Signature, Unpacked, outcome, refuse, require

CARD_TYPE: Final = "https://smarthealth.cards#health-card"
GZIP_TRAILER: Final = 8  # bytes that some issuers (Senegal) leave behind the DEFLATE data

_PART: Final = re.compile(r"shc:/(?:([0-9]{1,3})/([0-9]{1,3})/)?([0-9]+)", re.IGNORECASE | re.ASCII)
_JWS: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_SAFE_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~%/-]*)?")


def read_digits(text: str, anchors: Anchors, at: datetime) -> Unpacked:
    """Read one code or all chunks of one card, in any order, separated by white space."""
    return read_jws(_from_digits(_assemble(text)), anchors, at)


def read_file(content: Mapping[str, object], anchors: Anchors, at: datetime) -> Unpacked:
    """Read a `.smart-health-card` file that holds one card."""
    match content.get("verifiableCredential"):
        case [str(card)]:
            return read_jws(card, anchors, at)
        case [_, _, *_]:
            return refuse("shc-several")
        case _:
            return refuse("jws")


def read_jws(text: str, anchors: Anchors, at: datetime) -> Unpacked:
    """Read a JWS in compact form, and check it where the issuer's keys are known."""
    parts = _JWS.fullmatch(text)
    if parts is None:
        refuse("jws")
    header = read_json(base64url.decode(parts[1], "jws"))
    kid = header.get("kid")
    require(header.get("alg") == "ES256", "algorithm")
    require(header.get("zip") == "DEF" and isinstance(kid, str), "jws-header")
    claims = read_json(_inflate(base64url.decode(parts[2], "jws")))
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or not _SAFE_ADDRESS.fullmatch(issuer):
        refuse("shc-issuer")
    signature = _signature(text, base64url.decode(parts[3], "jws"), anchors, issuer, str(kid))
    read = _summary(claims, issuer, signature, anchors, at)
    before = anchors.health_cards_revoked.get((issuer, str(kid), read.number))
    if read.ok and before is not None and (read.issued_at or before) < before:
        return replace(read, code="revoked", sentence=SENTENCES["revoked"])
    return read


def _assemble(text: str) -> str:
    found = [_PART.fullmatch(word) for word in text.split()]
    parts = {match.groups() for match in found if match}
    require(found and all(found), "shc-digits")
    if len(parts) == 1 and next(iter(parts))[0] is None:
        return next(iter(parts))[2] or ""
    numbered = {int(index or 0): digits for index, _, digits in parts}
    counts = {int(count or 0) for _, count, _ in parts}
    require(len(counts) == 1 and len(numbered) == len(parts), "shc-parts")
    (count,) = counts
    require(min(numbered) > 0 and max(numbered) <= count, "shc-parts")
    require(len(numbered) == count, "shc-parts-missing")
    return "".join(numbered[index] or "" for index in sorted(numbered))


def _from_digits(digits: str) -> str:
    require(len(digits) % 2 == 0, "shc-digits")
    return "".join(chr(int(digits[place : place + 2]) + 45) for place in range(0, len(digits), 2))


def _inflate(packed: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(packed, LARGEST + 1)
    except zlib.error:
        refuse("inflate")
    require(len(content) <= LARGEST, "inflate-size")
    require(inflater.eof and len(inflater.unused_data) <= GZIP_TRAILER, "inflate")
    return content


def _signature(text: str, signature: bytes, anchors: Anchors, issuer: str, kid: str) -> Signature:
    key = anchors.health_cards.get(issuer, {}).get(kid)
    if key is None:
        return "unknown-issuer"
    signed = text.rpartition(".")[0].encode()
    return "valid" if ecdsa.fits(key, "ES256", signature, signed) else "wrong"


def _summary(
    claims: Mapping[str, object], issuer: str, signature: Signature, anchors: Anchors, at: datetime
) -> Unpacked:
    kinds = at_path(claims, "vc", "type")
    require(isinstance(kinds, list) and CARD_TYPE in kinds, "shc-content")
    holder, entries = read_bundle(at_path(claims, "vc", "credentialSubject", "fhirBundle"))
    issued_at, expires_at = moments.of_seconds(claims.get("nbf")), moments.of_seconds(claims.get("exp"))
    require(issued_at is not None and (expires_at is not None or "exp" not in claims), "shc-content")
    code = outcome(signature, issued_at, expires_at, at)
    return Unpacked(
        Kind.SHC,
        code,
        SENTENCES[code],
        signature,
        holder,
        entries,
        issuer=shown(issuer),
        number=shown(at_path(claims, "vc", "rid")),
        issued_at=issued_at,
        expires_at=expires_at,
        lists_as_of=anchors.as_of,
        raw=claims,
    )
