"""Workbooks (XLSX) as records: values only, so that a formula is never computed nor kept."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from lachan.platform.lists.rows import BadFile, BadRow, Record, Verdict, record_of

MARK = b"PK\x03\x04"
LARGEST_UNPACKED = 400 << 20
LONGEST_SHEET = 1_048_576
WIDEST_SHEET = 200
BROKEN = (
    BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError, EOFError, IndexError, AttributeError,
    SyntaxError, RuntimeError, zlib.error,
)  # fmt: skip
"""What openpyxl raises on archives that are no workbook (a ParseError of XML is a SyntaxError)."""


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook whose first sheet begins with its heading."""

    path: Path
    columns: tuple[str, ...]

    def records(self) -> Iterator[Record | Verdict]:
        """Every row below the heading: a record, or why it is none. Rows without a value are no rows."""
        for number, cells in enumerate(sheet_rows(self.path), start=1):
            if number > 1 and any(cells):
                try:
                    yield record_of(number, number, self.columns, _as_wide(cells, len(self.columns)))
                except BadRow as why:
                    yield Record(number, number, {}).refused(why)


def sheet_rows(path: Path) -> Iterator[list[str]]:
    """The cells of the first sheet as text. Raises BadFile, also while reading."""
    try:
        _check_size(path)
        with path.open("rb") as file, closing(load_workbook(file, read_only=True, data_only=True)) as book:
            sheet = book.worksheets[0]
            # What the sheet says of its own size may be wrong, and may be a million columns.
            sheet.reset_dimensions()
            for row in sheet.iter_rows(max_row=LONGEST_SHEET, max_col=WIDEST_SHEET, values_only=True):
                yield [_text(value) for value in row]
    except BROKEN as error:
        sentence = _("The file is not a whole workbook. Save it again as XLSX, or as CSV in UTF-8.")
        raise BadFile("file-workbook", sentence) from error


def _check_size(path: Path) -> None:
    with ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
            raise BadFile("file-large", _("The workbook is too large. Divide it, or save it as CSV."))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == value.time().min:
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _as_wide(cells: Sequence[str], width: int) -> list[str]:
    """Sheets end rows where the last value stands, or carry empty cells to the right."""
    kept = list(cells)
    while len(kept) > width and not kept[-1]:
        kept.pop()
    return kept + [""] * (width - len(kept))
