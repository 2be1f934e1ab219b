"""Units of another country from a CSV file (UTF-8, a heading, parents above their children)."""

import csv
import math
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from django.utils.translation import gettext_lazy as _

from lachan.core.area_sources.rows import AreaRow, RowError
from lachan.core.names import BadName, clean_name

REQUIRED_COLUMNS = ("code", "level", "name", "parent_code", "valid_from")
OPTIONAL_COLUMNS = ("valid_to", "name_en", "kind", "lat", "lon", "population")
LONGEST_CODE = 16
LONGEST_AREA_NAME = 120
LONGEST_KIND = 40
LOWEST_LEVEL = 6

_SENTENCES: Final = {
    "area-column": _("The heading has no such column."),
    "area-encoding": _("The text is not UTF-8."),
    "area-unreadable": _("The line cannot be read as CSV."),
    "area-code": _("A code has 1 to 16 letters, digits, dots or hyphens."),
    "area-level": _("The level is a number from 1 (the largest units) to 6."),
    "area-name": _("The name is missing, too long, or has characters that cannot be shown."),
    "area-date": _("A date is written like 2021-01-31."),
    "area-period": _("The unit ends before it begins."),
    "area-coordinate": _("A latitude is a number from -90 to 90, a longitude from -180 to 180."),
    "area-population": _("A population is a whole number."),
    "area-parent": _("No line above has this unit with a smaller level on the first day."),
    "area-twice": _("A line above has the same code, level and first day."),
}

T = TypeVar("T")


class _Wrong(Exception):
    def __init__(self, column: str, code: str) -> None:
        super().__init__(column, code)
        self.column = column
        self.code = code


def read_csv(path: Path) -> Iterator[AreaRow | RowError]:
    """Yield a row or an error for every line; only errors of the heading stop the reading.

    Columns code, level, name, parent_code, valid_from; may be: valid_to, name_en, kind, lat, lon, population.
    """
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.DictReader(file)
        try:
            columns = reader.fieldnames or ()
        except csv.Error:
            columns = ()
        missing = [_error(1, column, "area-column") for column in REQUIRED_COLUMNS if column not in columns]
        yield from missing
        if not missing:
            yield from _rows(reader)


def _rows(reader: "csv.DictReader[str]") -> Iterator[AreaRow | RowError]:
    seen: dict[tuple[str, int, date], AreaRow] = {}
    by_code: dict[str, list[AreaRow]] = {}
    while True:
        try:
            row = _row(next(reader))
            _check_place(row, seen, by_code)
        except StopIteration:
            return
        except csv.Error:
            yield _error(reader.line_num, "", "area-unreadable")
        except _Wrong as wrong:
            yield _error(reader.line_num, wrong.column, wrong.code)
        else:
            seen[row.code, row.level, row.valid_from] = row
            by_code.setdefault(row.code, []).append(row)
            yield row


def _check_place(
    row: AreaRow, seen: dict[tuple[str, int, date], AreaRow], by_code: dict[str, list[AreaRow]]
) -> None:
    if (row.code, row.level, row.valid_from) in seen:
        raise _Wrong("code", "area-twice")
    if row.parent_code and not any(above.can_hold(row) for above in by_code.get(row.parent_code, ())):
        raise _Wrong("parent_code", "area-parent")


def _row(cells: dict[str, str]) -> AreaRow:
    texts = {column: (cells.get(column) or "").strip() for column in (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)}
    for column, text in texts.items():
        if any("\ud800" <= symbol <= "\udfff" for symbol in text):
            raise _Wrong(column, "area-encoding")
    row = AreaRow(
        code=_read(_code, texts, "code", "area-code"),
        level=_read(_level, texts, "level", "area-level"),
        name=_read(_name, texts, "name", "area-name"),
        name_en=_optional(_name, texts, "name_en", "area-name") or "",
        kind=texts["kind"][:LONGEST_KIND].replace("\0", ""),
        parent_code=_optional(_code, texts, "parent_code", "area-code") or "",
        valid_from=_read(date.fromisoformat, texts, "valid_from", "area-date"),
        valid_to=_optional(date.fromisoformat, texts, "valid_to", "area-date"),
        lat=_optional(_latitude, texts, "lat", "area-coordinate"),
        lon=_optional(_longitude, texts, "lon", "area-coordinate"),
        population=_optional(_population, texts, "population", "area-population"),
    )
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        raise _Wrong("valid_to", "area-period")
    return row


def _read(read: Callable[[str], T], texts: dict[str, str], column: str, code: str) -> T:
    try:
        return read(texts[column])
    except (ValueError, BadName) as error:
        raise _Wrong(column, code) from error


def _optional(read: Callable[[str], T], texts: dict[str, str], column: str, code: str) -> T | None:
    return _read(read, texts, column, code) if texts[column] else None


def _code(text: str) -> str:
    plain = text.replace(".", "").replace("-", "")
    if not (plain.isascii() and plain.isalnum() and len(text) <= LONGEST_CODE):
        raise ValueError(text)
    return text


def _level(text: str) -> int:
    if text not in {str(level) for level in range(1, LOWEST_LEVEL + 1)}:
        raise ValueError(text)
    return int(text)


def _name(text: str) -> str:
    name = clean_name(text)
    if len(name) > LONGEST_AREA_NAME:
        raise ValueError(text)
    return name


def _within(text: str, limit: float) -> float:
    value = float(text)
    if math.isnan(value) or abs(value) > limit:
        raise ValueError(text)
    return value


def _latitude(text: str) -> float:
    return _within(text, 90)


def _longitude(text: str) -> float:
    return _within(text, 180)


def _population(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise ValueError(text)
    return int(text)


def _error(number: int, column: str, code: str) -> RowError:
    return RowError(number, column, code, _SENTENCES[code])
