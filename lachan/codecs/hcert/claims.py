"""The claims of the signed token (CWT, RFC 8392)."""

import struct
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final, NamedTuple

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import cbor

ISSUER: Final = 1
EXPIRES: Final = 4
ISSUED: Final = 6
HCERT: Final = -260
DCC: Final = 1

_LAST_SECOND: Final = 253_402_300_799  # of the year 9999, the last that a datetime can say


class Claims(NamedTuple):
    """Who issued, from when until when (seconds), and the payload of any shape."""

    issuer: str | None
    issued: float
    expires: float
    payload: Any


def read(content: bytes) -> Claims:
    """Raises FormatError: cbor, claims."""
    claims = cbor.read(content)
    hcert = claims.get(HCERT) if isinstance(claims, dict) else None
    if not (isinstance(hcert, dict) and DCC in hcert):
        raise FormatError("claims", "The content is no health certificate of the European kind.")
    issuer = claims.get(ISSUER)
    return Claims(
        issuer.strip() if isinstance(issuer, str) else None,
        _seconds(claims.get(ISSUED)),
        _seconds(claims.get(EXPIRES)),
        hcert[DCC],
    )


def write(issuer: str, issued: int, expires: int, payload: bytes) -> bytes:
    """Return the claims around an encoded payload, byte for byte what an encoder of CBOR makes of them."""
    country = issuer.encode("ascii")
    return (
        _WRITTEN.pack(b"\xa4\x01\x62", country, b"\x04\x1a", expires, b"\x06\x1a", issued, _HCERT_DCC)
        + payload
    )


_WRITTEN: Final = struct.Struct(">3s2s2sI2sI5s")
_HCERT_DCC: Final = b"\x39\x01\x03\xa1\x01"  # -260: {1: ...


def _seconds(value: object) -> float:
    kind = type(value)
    if (kind is int or (kind is float and isfinite(value))) and 0 <= value <= _LAST_SECOND:  # type: ignore[arg-type,operator]
        return value  # type: ignore[return-value]
    raise FormatError("claims", "The certificate does not say when it was issued and when it expires.")


def moment(seconds: float) -> datetime:
    """Return the moment as a datetime, aware, UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def require_time(claims: Claims, now: float) -> None:
    """Raises FormatError: not-yet-valid, expired. `hcert_spec.md` refuses after the expiry, not at it."""
    if now < claims.issued:
        raise FormatError("not-yet-valid", "The certificate is dated in the future.")
    if now > claims.expires:
        raise FormatError("expired", "The certificate has expired.")
