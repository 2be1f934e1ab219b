"""Dates of six digits: which century, and what may be unknown."""

from dataclasses import dataclass
from datetime import date

from lachan.codecs.errors import FormatError
from lachan.codecs.mrz.symbols import DIGITS

_UNKNOWN = "<<"
_YEARS_BACK = 50  # a document that expired more than half a century ago is nobody's any more


@dataclass(frozen=True, slots=True)
class UncertainDate:
    """A date of birth, of which any part may be unknown (Doc 9303-3, 4.8)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def text(self) -> str:
        """`yyMMdd`, with `<<` for what is unknown."""
        year = None if self.year is None else self.year % 100
        return "".join(_UNKNOWN if part is None else f"{part:02}" for part in (year, self.month, self.day))


def read_birth(text: str, at: date) -> UncertainDate:
    """The last such day that is not after `at`, so nobody is older than 99. Raises mrz-birth-date."""
    year, month, day = (_part(text[start : start + 2]) for start in (0, 2, 4))
    if year is None:
        _require_day(2000, month, day)  # a leap year: 29 February is not ruled out
        return UncertainDate(None, month, day)
    born = at.year // 100 * 100 + year
    if (born, month or 1, day or 1) > (at.year, at.month, at.day):
        born -= 100
    _require_day(born, month, day)
    return UncertainDate(born, month, day)


def _part(text: str) -> int | None:
    if text == _UNKNOWN:
        return None
    if not set(text) <= DIGITS:
        raise FormatError("mrz-birth-date", "The date of birth has other signs than digits.")
    return int(text)


def _require_day(year: int, month: int | None, day: int | None) -> None:
    """A day of an unknown month may be any of the 31."""
    try:
        date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError as error:
        raise FormatError("mrz-birth-date", "There is no such day of birth.") from error


def read_expiry(text: str, at: date) -> date:
    """The day in the hundred years around `at` (50 back, 49 ahead). Raises mrz-expiry-date."""
    if not set(text) <= DIGITS:
        raise FormatError("mrz-expiry-date", "The date of expiry has other signs than digits.")
    earliest = at.year - _YEARS_BACK
    year = earliest + (int(text[:2]) - earliest) % 100
    try:
        return date(year, int(text[2:4]), int(text[4:]))
    except ValueError as error:
        raise FormatError("mrz-expiry-date", "There is no such day of expiry.") from error
