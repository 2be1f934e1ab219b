"""What is read from a list, and what became of each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Result = Literal["taken", "already", "refused"]
LONGEST_CELL = 10_000


class BadFile(Refusal):
    """The file as a whole cannot be read; nothing of it was taken."""

    status = 422


class BadRow(Refusal):
    """A row is refused; the others go on. `column` is the list's own name of the column, "" for the row."""

    status = 422

    def __init__(self, column: str, code: str, message: StrOrPromise) -> None:
        super().__init__(code, message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Record:
    """A row as text. `number` as a spreadsheet counts (the heading is 1), `line` where it begins in the file."""

    number: int
    line: int
    cells: dict[str, str]

    def taken(self, code: str = "", words: StrOrPromise = "") -> Verdict:
        return Verdict(self.number, self.line, "taken", "", code, words)

    def already(self, words: StrOrPromise) -> Verdict:
        """An earlier import took it; nothing changes. It counts as taken."""
        return Verdict(self.number, self.line, "already", "", "already-there", words)

    def refused(self, why: BadRow) -> Verdict:
        return Verdict(self.number, self.line, "refused", why.column, why.code, why.message)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a row; `code` and `words` say why, or what there is to know."""

    number: int
    line: int
    result: Result
    column: str
    code: str
    words: StrOrPromise


@dataclass(slots=True)
class Totals:
    """`read` = `taken` + `refused`; `already` of those taken were there before."""

    read: int = 0
    taken: int = 0
    already: int = 0
    refused: int = 0

    def add(self, verdict: Verdict) -> None:
        self.read += 1
        self.refused += verdict.result == "refused"
        self.taken += verdict.result != "refused"
        self.already += verdict.result == "already"


def record_of(number: int, line: int, columns: Sequence[str], cells: Sequence[str]) -> Record:
    """A row under its heading. Raises BadRow."""
    if len(cells) != len(columns):
        sentence = _("The row has {cells} cells, the heading has {columns}.")
        raise BadRow("", "row-ragged", format_lazy(sentence, cells=len(cells), columns=len(columns)))
    for column, cell in zip(columns, cells, strict=True):
        if "\0" in cell:
            raise BadRow(column, "cell-nul", _("The cell has a NUL byte."))
        if len(cell) > LONGEST_CELL:
            raise BadRow(column, "cell-long", _("The cell has more than 10,000 characters."))
    return Record(number, line, {c: cell.strip() for c, cell in zip(columns, cells, strict=True)})
