"""The door to every zone: what is forgiven, and which reading is tried."""

import string
from datetime import date, datetime
from typing import Final

from lachan.codecs.errors import FormatError
from lachan.codecs.fields import LONGEST_QR
from lachan.codecs.mrz.document import Mrz
from lachan.codecs.mrz.layout import LAYOUTS, kind_of
from lachan.codecs.mrz.reading import read_zone
from lachan.codecs.mrz.repair import repaired
from lachan.codecs.mrz.symbols import FILLER, SYMBOLS

_CAPITALS: Final = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


def parse(text: str, *, at: date, repair: bool = False) -> Mrz:
    """Read a zone as scanned or typed; `at` tells the centuries.

    Spaces, line breaks and lower case are forgiven, `«` is `<<`. With `repair`, letters and digits that look alike
    are exchanged under check digits: letters where only digits stand, and one symbol of a number or optional field
    whose own digit does not fit, if exactly one reading then fits every digit.
    Raises FormatError: mrz-empty, -length, -characters, -layout, -document, -issuer, -nationality, -name, -number,
    -birth-date, -sex, -expiry-date, -optional, -number-check, -birth-check, -expiry-check, -optional-check,
    -composite-check, -ambiguous.
    """
    zone = _joined(text)
    day = at.date() if isinstance(at, datetime) else at
    return repaired(zone, day) if repair else read_zone(zone, day)


def _joined(text: str) -> str:
    """The lines as one text of the zone's own symbols."""
    if len(text) > LONGEST_QR:
        raise FormatError("mrz-length", "The text is longer than any machine-readable zone.")
    lines = [line for line in map(_canonical, text.splitlines()) if line]
    if not lines:
        raise FormatError("mrz-empty", "There is no machine-readable zone.")
    zone = "".join(lines)
    if not set(zone) <= SYMBOLS:
        raise FormatError("mrz-characters", "A machine-readable zone has only A-Z, 0-9 and <.")
    kind = kind_of(zone)
    if kind is None:
        raise FormatError("mrz-layout", "This is no zone of an identity card, a passport or a visa.")
    if len(lines) == LAYOUTS[kind].lines and len({len(line) for line in lines}) > 1:
        raise FormatError("mrz-layout", "The lines are not of one length.")
    return zone


def _canonical(line: str) -> str:
    return "".join(line.split()).translate(_CAPITALS).replace("«", FILLER * 2)
