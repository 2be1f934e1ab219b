"""Cells of a list of daily counts as values. Raises Unreadable with a code."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from lachan.core.names import search_key

EARLIEST: Final = date(1900, 1, 1)
MOST: Final = 2_000_000_000
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_WHOLE = re.compile(r"[+-]?\d{1,3}([., ]\d{3})+|[+-]?\d{1,12}")
_TYPES: Final = ("thanh pho ", "tinh ", "tp ", "t p ")
_ENDS: Final = (" province", " city")


class Unreadable(ValueError):
    """date-shape, date-early, number-shape, number-size."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_day(text: str) -> date:
    """2021-07-13, 2021-07-13T00:00:00 or 13/7/2021; the day before the month, as in Viet Nam."""
    found = _DAY_FIRST.fullmatch(text)
    try:
        if found:
            day, month, year = map(int, found.groups())
            told = date(year, month, day)
        else:
            told = date.fromisoformat(text.split("T")[0].split(" ")[0])
    except ValueError as error:
        raise Unreadable("date-shape") from error
    if told < EARLIEST:
        raise Unreadable("date-early")
    return told


def read_count(text: str) -> int:
    """A whole number, also with its thousands apart (1.234 or 1,234) or as a workbook writes it (12.0)."""
    text = text.removesuffix(".0") if re.fullmatch(r"[+-]?\d+\.0", text) else text
    if not _WHOLE.fullmatch(text) or not text.isascii():
        raise Unreadable("number-shape")
    number = int(re.sub(r"[., ]", "", text))
    if abs(number) > MOST:
        raise Unreadable("number-size")
    return number


def unit_key(name: str) -> str:
    """What the spellings of a province have in common: `TP. Hồ Chí Minh`, `Ho Chi Minh City` -> `hochiminh`."""
    spread = " ".join(re.sub(r"[\W_]", " ", search_key(name)).split())
    for word in _TYPES:
        spread = spread.removeprefix(word)
    for word in _ENDS:
        spread = spread.removesuffix(word)
    return spread.replace(" ", "")
