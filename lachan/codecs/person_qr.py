"""Our own printed codes, and the door through which every scanned text comes.

A person's static code is `LC1:` and the 17 symbols of the public code, a venue's poster `LV1:` and the same; `LC2:` is
the signed printed code, `LC3:` the short-lived one of a telephone. All may stand at the end of a web address, so that
any phone camera opens the right page. Capitals only: they make the smallest QR code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from lachan.codecs.bhyt import InsuranceCard, parse_bhyt
from lachan.codecs.cccd import CitizenCard, parse_cccd
from lachan.codecs.errors import FormatError
from lachan.codecs.fields import LONGEST_QR
from lachan.codecs.live_code import LIVE_PREFIX, LivePersonCode, parse_live_code
from lachan.codecs.national_qr import NationalQr, looks_national, parse_national
from lachan.codecs.person_code import PersonCode, VenueCode
from lachan.codecs.signed_code import SIGNED_PREFIX, SignedPersonCode, parse_signed_code
from lachan.codecs.symbols import canonical_code

__all__ = [
    "LivePersonCode",
    "NationalQr",
    "PersonCode",
    "Recognised",
    "SignedPersonCode",
    "Unknown",
    "VenueCode",
    "own_part",
    "person_text",
    "recognise",
    "venue_text",
]

PERSON_PREFIX = "LC1:"
VENUE_PREFIX = "LV1:"


@dataclass(frozen=True, slots=True)
class Unknown:
    """None of the known formats. `reason`: qr-empty, qr-length, qr-unknown, or why its format refused it."""

    reason: str


# Signed and live codes are person codes too: who has no key to check them treats them as such.
Recognised = PersonCode | CitizenCard | InsuranceCard | NationalQr | VenueCode | Unknown


def person_text(code: str) -> str:
    """Return what a person's printed QR code says."""
    return PERSON_PREFIX + code


def venue_text(code: str) -> str:
    """Return what a venue's poster says, unless it says a web address that ends so."""
    return VENUE_PREFIX + code


def recognise(text: str) -> Recognised:
    """Tell what was scanned or typed; a bare code, typed by hand, is a person's. Never raises.

    Nothing is verified: signatures need keys (`check_signed_code`, `check_live_code`), cards have none.
    """
    if len(text) > LONGEST_QR:
        return Unknown("qr-length")
    stripped = text.strip()
    if not stripped:
        return Unknown("qr-empty")
    try:
        return _read(stripped)
    except FormatError as error:
        return Unknown(error.code)


def _read(text: str) -> Recognised:
    if looks_national(text):
        return parse_national(text)
    if "|" in text:
        return parse_cccd(text) if _starts_like_cccd(text) else parse_bhyt(text)
    own = own_part(text)
    reader = _OWN.get(own[: len(PERSON_PREFIX)].upper())
    return _bare_code(text) if reader is None else reader(own)


_OWN: Final[Mapping[str, Callable[[str], Recognised]]] = {
    PERSON_PREFIX: lambda own: PersonCode(canonical_code(own[len(PERSON_PREFIX) :])),
    VENUE_PREFIX: lambda own: VenueCode(canonical_code(own[len(VENUE_PREFIX) :])),
    SIGNED_PREFIX: parse_signed_code,
    LIVE_PREFIX: parse_live_code,
}


def _starts_like_cccd(text: str) -> bool:
    """Digits alone; an insurance number that has digits alone has 10 of them."""
    number = text.split("|")[0].strip()
    return number.isdecimal() and len(number) != 10


def own_part(text: str) -> str:
    """Return the code alone where it stands at the end of a web address."""
    text = text.strip()
    if not text.lower().startswith(("https://", "http://")):
        return text
    return unquote(text.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1])


def _bare_code(text: str) -> PersonCode:
    try:
        return PersonCode(canonical_code(text))
    except FormatError as error:
        raise FormatError("qr-unknown", "This is none of the known codes.") from error
