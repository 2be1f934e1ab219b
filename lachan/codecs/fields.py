"""Fields that several cards share: partly known dates, sex, printable text."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lachan.codecs.errors import FormatError

Sex = Literal["male", "female"]

LONGEST_QR = 4296  # characters of the largest QR code (version 40, level L, alphanumeric)

_DATE = re.compile(r"(?:(?:([0-9]{2})/?)?([0-9]{2})/?)?([0-9]{4})")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the day, or month and day, may be unknown."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def text(self) -> str:
        """`05/03/1950`, `03/1950` or `1950`."""
        known = [f"{part:02}" for part in (self.day, self.month) if part is not None]
        return "/".join([*known, f"{self.year:04}"])


def split_fields(text: str, kind: str, least: int) -> list[str]:
    """Split a card's text at `|`. Raises FormatError `<kind>-length`, `<kind>-text`, `<kind>-fields`."""
    if len(text) > LONGEST_QR:
        raise FormatError(f"{kind}-length", "The text is longer than any QR code.")
    line = unicodedata.normalize("NFC", text.strip())
    require_printable(line, kind)
    fields = [field.strip() for field in line.split("|")]
    if len(fields) < least:
        raise FormatError(
            f"{kind}-fields", f"There are {len(fields)} fields where the card has {least} or more."
        )
    return fields


def require_printable(text: str, kind: str) -> None:
    """Raise FormatError `<kind>-text` for control characters and lone surrogates."""
    if any(unicodedata.category(symbol) in {"Cc", "Cs"} for symbol in text):
        raise FormatError(f"{kind}-text", "The text has characters that cannot be shown.")


def read_partial_date(text: str, code: str) -> PartialDate:
    """Read ddMMyyyy, dd/MM/yyyy, MM/yyyy or yyyy; day or month 00 is unknown. Raises FormatError(code)."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise FormatError(code, "This is no date.")
    day, month, year = (int(part or 0) for part in match.groups())
    try:
        date(year, month or 1, day or 1)
    except ValueError as error:
        raise FormatError(code, "There is no such day.") from error
    if day and not month:
        raise FormatError(code, "A day without a month is no date.")
    return PartialDate(year, month or None, day or None)


def read_date(text: str, code: str) -> date:
    """Read a full date, ddMMyyyy or dd/MM/yyyy. Raises FormatError(code)."""
    found = read_partial_date(text, code)
    if found.month is None or found.day is None:
        raise FormatError(code, "The day and the month are missing.")
    return date(found.year, found.month, found.day)
