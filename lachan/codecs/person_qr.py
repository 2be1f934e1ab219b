"""Our own printed codes, and the door through which every scanned text comes.

A person's static code is `LC1:` and the 17 symbols of the public code, a venue's poster `LV1:` and the same.
Both may stand at the end of a web address, so that any phone camera opens the right page. Capitals only: they
make the smallest QR code.
"""

from dataclasses import dataclass
from urllib.parse import unquote

from lachan.codecs.bhyt import InsuranceCard, parse_bhyt
from lachan.codecs.cccd import CitizenCard, parse_cccd
from lachan.codecs.errors import FormatError
from lachan.codecs.fields import LONGEST_QR
from lachan.codecs.symbols import canonical_code

PERSON_PREFIX = "LC1:"
VENUE_PREFIX = "LV1:"


@dataclass(frozen=True, slots=True)
class PersonCode:
    """A person's public code."""

    code: str


@dataclass(frozen=True, slots=True)
class VenueCode:
    """A venue's public code."""

    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """None of the known formats. `reason`: qr-empty, qr-length, qr-unknown, or why its format refused it."""

    reason: str


Recognised = PersonCode | CitizenCard | InsuranceCard | VenueCode | Unknown


def person_text(code: str) -> str:
    """Return what a person's printed QR code says."""
    return PERSON_PREFIX + code


def venue_text(code: str) -> str:
    """Return what a venue's poster says, unless it says a web address that ends so."""
    return VENUE_PREFIX + code


def recognise(text: str) -> Recognised:
    """Tell what was scanned or typed; a bare code, typed by hand, is a person's. Never raises."""
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
    if "|" in text:
        return parse_cccd(text) if _starts_like_cccd(text) else parse_bhyt(text)
    own = _last_segment(text)
    prefix, rest = own[: len(PERSON_PREFIX)].upper(), own[len(PERSON_PREFIX) :]
    if prefix == PERSON_PREFIX:
        return PersonCode(canonical_code(rest))
    if prefix == VENUE_PREFIX:
        return VenueCode(canonical_code(rest))
    return _bare_code(text)


def _starts_like_cccd(text: str) -> bool:
    """Digits alone; an insurance number that has digits alone has 10 of them."""
    number = text.split("|")[0].strip()
    return number.isdecimal() and len(number) != 10


def _last_segment(text: str) -> str:
    if not text.lower().startswith(("https://", "http://")):
        return text
    return unquote(text.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1])


def _bare_code(text: str) -> PersonCode:
    try:
        return PersonCode(canonical_code(text))
    except FormatError as error:
        raise FormatError("qr-unknown", "This is none of the known codes.") from error
