"""What an officer scanned or typed at the counter, told apart by its form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from lachan.codecs import mrz
from lachan.codecs.errors import FormatError
from lachan.codecs.mrz import Mrz
from lachan.codecs.person_qr import PersonCode, own_part, recognise

_TEMPERATURE: Final = re.compile(r"(?P<whole>[34][0-9])(?:[.,](?P<tenth>[0-9])|(?P<joined>[0-9]))")
_SHORT: Final = re.compile(r"[0-9]{5}")
_NUMBER: Final = re.compile(r"[A-Z0-9]{5,20}")
_CERTIFICATE: Final = re.compile(
    r"(?i)(hc1:|shc:/|b64:|pk\x03\x04|\{|eyj|https?://\S*/(view|shl)|vhlink:|shlink:)"
)
LEAST_ZONE: Final = 60
Kind = Literal["certificate", "zone", "code", "short", "number", "nothing", "unknown"]


@dataclass(frozen=True, slots=True)
class Typed:
    """`text` is the code, the digits, the document's number, or the certificate as it was scanned."""

    kind: Kind
    text: str = ""
    zone: Mrz | None = None


def temperature_of(text: str) -> Decimal | None:
    """`366`, `36.6` and `36,6` are 36.6 degrees; anything else is no temperature."""
    match = _TEMPERATURE.fullmatch(text.strip())
    if match is None:
        return None
    return Decimal(f"{match['whole']}.{match['tenth'] or match['joined']}")


def read(text: str, *, at: date) -> Typed:
    """Tell what was scanned or typed. Never raises."""
    bare = text.strip()
    if not bare:
        return Typed("nothing")
    if _CERTIFICATE.match(bare):
        return Typed("certificate", bare)
    if "<" in bare or "«" in bare:
        return _zone(bare, at)
    if _SHORT.fullmatch(bare):
        return Typed("short", bare)
    known = recognise(own_part(bare))
    if isinstance(known, PersonCode):
        return Typed("code", known.code)
    number = re.sub(r"[\s.\-]", "", bare).upper()
    return Typed("number", number) if _NUMBER.fullmatch(number) else Typed("unknown")


def _zone(text: str, at: date) -> Typed:
    try:
        zone = mrz.parse(text, at=at, repair=True)
    except FormatError as error:
        return Typed("unknown", error.code)
    return Typed("zone", zone.national_number or zone.number, zone)
