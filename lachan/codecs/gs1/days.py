"""Dates of six digits: the century, and day 00."""

from calendar import monthrange
from datetime import date

from lachan.codecs.errors import FormatError


def year_of(two_digits: int, at: date) -> int:
    """The year from 49 before to 50 after `at` (General Specifications 7.12)."""
    earliest = at.year - 49
    return earliest + (two_digits - earliest) % 100


def read_day(text: str, at: date) -> date:
    """Read yyMMdd; day 00 is the last of the month. Raises gs1-date."""
    year, month, day = year_of(int(text[:2]), at), int(text[2:4]), int(text[4:6])
    try:
        return date(year, month, day or monthrange(year, month)[1])
    except (ValueError, IndexError) as error:
        raise FormatError("gs1-date", f"{text} is no date.") from error
