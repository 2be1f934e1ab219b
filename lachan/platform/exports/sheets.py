"""Files of rows, written piece by piece: CSV as spreadsheets read it, and XLSX."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO, RawIOBase, StringIO
from typing import TYPE_CHECKING, Final, Protocol
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook

from lachan.core.errors import Refusal
from lachan.platform.models import Ending

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# Where a cell may begin for a spreadsheet: also within one of ours, because a Vietnamese Excel takes ";" for what
# stands between cells and then heeds our quotation marks no more, so that lines of a cell become rows. The wide signs
# are computed by spreadsheets of East Asia.
STARTS_FORMULA = re.compile(r'((?:^|[\n;\t|])[\s"]*)(?=[=+\-@＝＋－＠])')
CONTENT_TYPE: Final = {
    Ending.CSV: "text/csv; charset=utf-8",
    Ending.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
XLSX_ROWS = 1_048_576
XLSX_CELL = 32_767
FIRST_DAY = date(1899, 12, 30)  # day 0 of a spreadsheet, from March 1900 on
SHEET = "xl/worksheets/sheet1.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
TAIL = "</sheetData></worksheet>"


class TooLong(Refusal):
    """More rows than a worksheet holds."""

    def __init__(self) -> None:
        super().__init__(
            "too-long", _("A worksheet holds 1,048,576 rows. Save the list as CSV, or narrow it.")
        )


class Sheet(Protocol):
    """A file that is being written. Each call gives the bytes that are done, which may be none yet."""

    def add(self, rows: Iterable[Sequence[object]]) -> bytes: ...

    def end(self) -> bytes: ...


def sheet(ending: str) -> Sheet:
    return XlsxSheet() if ending == Ending.XLSX else CsvSheet()


def harmless(value: object) -> object:
    """A cell that a spreadsheet shows and never computes: what would start a formula, also after blanks, in a later
    line or after another separator, gets an apostrophe. Control characters go."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = "".join(c for c in value if (c in "\t\n\r" or ord(c) >= 32) and c not in "\ufffe\uffff")
    text = STARTS_FORMULA.sub(r"\1'", text.replace("\r\n", "\n").replace("\r", "\n"))
    return f"'{text}" if text[:1] in ("\t", "\n") else text


class CsvSheet:
    """UTF-8 with the mark by which spreadsheets know it."""

    def __init__(self) -> None:
        self._text = StringIO("\ufeff")
        self._text.seek(1)
        self._writer = csv.writer(self._text)

    def add(self, rows: Iterable[Sequence[object]]) -> bytes:
        self._writer.writerows([harmless(value) for value in row] for row in rows)
        done = self._text.getvalue()
        self._text.seek(0)
        self._text.truncate()
        return done.encode("utf-8", "replace")

    def end(self) -> bytes:
        return b""


class XlsxSheet:
    """One worksheet of texts, numbers and days, as a stream: openpyxl's own writer puts every row into a file in the
    folder for temporary ones, which a killed worker would leave there with all its names."""

    def __init__(self) -> None:
        self._done, self._count = _Done(), 0
        self._book = ZipFile(self._done, "w", ZIP_DEFLATED)
        for name, body in _frame().items():
            self._book.writestr(name, body)
        self._rows = self._book.open(SHEET, "w")
        self._rows.write(HEAD.encode())

    def add(self, rows: Iterable[Sequence[object]]) -> bytes:
        for row in rows:
            self._count += 1
            if self._count > XLSX_ROWS:
                raise TooLong
            cells = "".join(_cell(harmless(value)) for value in row)
            self._rows.write(f"<row>{cells}</row>".encode("utf-8", "replace"))
        return self._done.taken()

    def end(self) -> bytes:
        self._rows.write(TAIL.encode())
        self._rows.close()
        self._book.close()
        return self._done.taken()


class _Done(RawIOBase):
    """Takes what the archive writes, until it is fetched; cannot go back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: ReadableBuffer) -> int:
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def taken(self) -> bytes:
        done = b"".join(self._pieces)
        self._pieces.clear()
        return done


@cache
def _frame() -> dict[str, bytes]:
    """What stands around the rows in a workbook; style 1 is a day."""
    book, held = Workbook(), BytesIO()
    first = book.worksheets[0]
    first.title = "list"
    first["A1"].number_format = "yyyy-mm-dd"
    book.save(held)
    with ZipFile(held) as made:
        return {name: made.read(name) for name in made.namelist() if name != SHEET}


def _cell(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | date):
        text = escape(str(value)[:XLSX_CELL]).replace("\r", "&#13;")
        return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' if text else "<c/>"
    if isinstance(value, date):
        return f'<c s="1"><v>{(value - FIRST_DAY).days}</v></c>'
    return f"<c><v>{value}</v></c>"
