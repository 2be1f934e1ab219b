"""Text files from anywhere as records: encoding, delimiter, heading; wrong rows are refused one by one.

The whole file is decoded once before anything is taken, so that a wrong encoding changes nothing.
"""

import codecs
import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lachan.platform.lists.rows import BadFile, BadRow, Record, Verdict, record_of
from lachan.platform.lists.workbooks import MARK, Book, sheet_rows

DELIMITERS = (",", ";", "\t")
CHUNK = 1 << 20
LONGEST_HEADING = 100_000
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be decoded, and how to take it apart."""

    path: Path
    encoding: str
    delimiter: str
    columns: tuple[str, ...]

    def records(self) -> Iterator[Record | Verdict]:
        """Every row below the heading: a record, or why it is none. Empty lines are no rows."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            rows = csv.reader(file, delimiter=self.delimiter)
            next(rows)
            number = 1
            while True:
                number, line = number + 1, rows.line_num + 1
                try:
                    cells = next(rows)
                    if cells:
                        yield record_of(number, line, self.columns, cells)
                except StopIteration:
                    return
                except csv.Error:
                    yield Record(number, line, {}).refused(_unreadable())
                except BadRow as why:
                    yield Record(number, line, {}).refused(why)


def open_table(
    path: Path, *, wanted: Collection[str], encoding: str = "", delimiter: str = ""
) -> Table | Book:
    """Look at the file: a workbook, or text with its encoding (a byte order mark, else `encoding`, else UTF-8) and
    its delimiter (the one that shows most of the columns `wanted`); its heading. Raises BadFile."""
    if is_workbook(path):
        return _open_book(path, wanted)
    encoding = _encoding(path, encoding)
    _check_decodes(path, encoding)
    with path.open(encoding=encoding, newline="") as file:
        heading = file.readline(LONGEST_HEADING)
    if not heading.strip():
        raise BadFile("file-empty", _("The file has no heading."))
    among = (delimiter,) if delimiter else DELIMITERS
    split = {mark: _split(heading, mark) for mark in among}
    best = max(among, key=lambda mark: (len(set(wanted) & set(split[mark])), len(split[mark])))
    _check_heading(split[best], wanted)
    return Table(path, encoding, best, tuple(split[best]))


def is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MARK)) == MARK


def _open_book(path: Path, wanted: Collection[str]) -> Book:
    columns = [cell.strip() for cell in next(sheet_rows(path), [])]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise BadFile("file-empty", _("The file has no heading."))
    _check_heading(columns, wanted)
    return Book(path, tuple(columns))


def _encoding(path: Path, told: str) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((name for mark, name in _MARKS.items() if start.startswith(mark)), "")
    return marked or told or "utf-8"


def _check_decodes(path: Path, encoding: str) -> None:
    decoder, done = codecs.getincrementaldecoder(encoding)(), 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                at = done - waiting + getattr(error, "start", 0)
                raise BadFile("file-encoding", _undecodable(encoding, at)) from error
            if not chunk:
                return
            done += len(chunk)


def _undecodable(encoding: str, at: int) -> str:
    sentence = _(
        "The byte at position {at} (counted from 0) is not {encoding}. Save the file as UTF-8, or name its"
        " encoding in the mapping file, for instance: encoding = \"cp1258\"."
    )  # fmt: skip
    return str(format_lazy(sentence, at=at, encoding=encoding.upper().removesuffix("-SIG")))


def _split(heading: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([heading], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _check_heading(columns: Sequence[str], wanted: Collection[str]) -> None:
    missing = sorted(set(wanted) - set(columns))
    if missing:
        sentence = _("The heading has no column {missing}. It has: {columns}.")
        shown = ", ".join(columns)[:500]
        raise BadFile("file-columns", format_lazy(sentence, missing=", ".join(missing), columns=shown))
    twice = sorted({c for c in columns if c in wanted and columns.count(c) > 1})
    if twice:
        sentence = _("The heading has two columns with the name {twice}.")
        raise BadFile("file-column-twice", format_lazy(sentence, twice=", ".join(twice)))


def _unreadable() -> BadRow:
    sentence = _("The row cannot be read: a cell is too long, or a quotation mark is not closed.")
    return BadRow("", "row-unreadable", sentence)
