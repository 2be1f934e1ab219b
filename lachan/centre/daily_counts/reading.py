"""A list of daily counts, row by row: what a row says, or why it says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lachan.centre.daily_counts.rules.plausible import Count
from lachan.centre.daily_counts.units import Units
from lachan.centre.daily_counts.values import Unreadable, read_count, read_day
from lachan.core import areas
from lachan.core.models import Area
from lachan.core.names import search_key
from lachan.platform.lists import BadFile, Record, Verdict, open_table

# Our fields, and how lists call their columns (without marks; _ as a space).
CALLED: Final[Mapping[str, Sequence[str]]] = {
    "date": ("date", "day", "ngay"),
    "code": ("code", "gso code", "province code", "ma tinh", "ma"),
    "province": ("province", "province name", "area", "tinh", "tinh thanh", "tinh thanh pho", "dia phuong"),
    "cases": ("new cases", "cases", "ca moi", "so ca moi", "so ca mac moi"),
    "deaths": ("new deaths", "deaths", "tu vong", "so tu vong", "tu vong moi", "so tu vong moi"),
    "total": ("total cases", "cumulative cases", "tong so ca", "cong don"),
}
LONGEST_COLUMN = 60


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says."""

    area: Area
    count: Count


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that says nothing; `column` is the list's own name."""

    number: int
    column: str
    code: str


class _Wrong(Exception):
    def __init__(self, field: str, code: str) -> None:
        super().__init__(field, code)
        self.field, self.code = field, code


def read(path: Path, *, within: Area | None, today: date) -> Iterator[Told | Refused]:
    """Every row, in the order of the file. `within`: rows on other ground are refused. Raises BadFile."""
    table = open_table(path, wanted=())
    return told_by(table.records(), table.columns, within=within, today=today)


def told_by(
    rows: Iterable[Record | Verdict], heading: Sequence[str], *, within: Area | None, today: date
) -> Iterator[Told | Refused]:
    """What rows under a heading say. Raises BadFile."""
    reader = _Reader(_columns(heading), Units(), within, today)
    return (
        reader.told(row) if isinstance(row, Record) else Refused(row.number, row.column[:LONGEST_COLUMN], "row-shape")
        for row in rows
    )  # fmt: skip


def _columns(heading: Sequence[str]) -> dict[str, str]:
    """Our field -> the list's column. Raises BadFile."""
    keys = {" ".join(search_key(column.replace("_", " ")).split()): column for column in reversed(heading)}
    found = {f: keys[name] for f, names in CALLED.items() for name in reversed(names) if name in keys}
    missing = [f for f in ("date", "cases") if f not in found]
    if not {"code", "province"} & found.keys():
        missing.append("province")
    if missing:
        sentence = _("The heading has no column {missing}. It has: {columns}.")
        raise BadFile(
            "file-columns",
            format_lazy(sentence, missing=", ".join(missing), columns=", ".join(heading)[:500]),
        )
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    columns: Mapping[str, str]
    units: Units
    within: Area | None
    today: date

    def told(self, record: Record) -> Told | Refused:
        try:
            day = self._day(record)
            area = self._area(record, day)
            count = Count(
                number=record.number, day=day, cases=self._number(record, "cases"),
                deaths=self._number_or_none(record, "deaths"), total=self._number_or_none(record, "total"),
            )  # fmt: skip
        except _Wrong as wrong:
            column = self.columns.get(wrong.field, "")[:LONGEST_COLUMN]
            return Refused(record.number, column, wrong.code)
        return Told(area, count)

    def _text(self, record: Record, field: str) -> str:
        return record.cells.get(self.columns.get(field, ""), "")

    def _day(self, record: Record) -> date:
        text = self._text(record, "date")
        if not text:
            raise _Wrong("date", "date-missing")
        try:
            day = read_day(text)
        except Unreadable as error:
            raise _Wrong("date", error.code) from error
        if day > self.today:
            raise _Wrong("date", "date-future")
        return day

    def _area(self, record: Record, day: date) -> Area:
        try:
            area = self.units.find(self._text(record, "code"), self._text(record, "province"), day)
        except Unreadable as error:
            raise _Wrong("province", error.code) from error
        if self.within is not None and not areas.holds(self.within, area):
            raise _Wrong("province", "unit-elsewhere")
        return area

    def _number(self, record: Record, field: str) -> int:
        number = self._number_or_none(record, field)
        if number is None:
            raise _Wrong(field, "number-missing")
        return number

    def _number_or_none(self, record: Record, field: str) -> int | None:
        text = self._text(record, field)
        try:
            return read_count(text) if text else None
        except Unreadable as error:
            raise _Wrong(field, error.code) from error
