"""What is read from a list, and what became of each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lachan.core.errors import Refusal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Result = Literal["taken", "already", "refused"]


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
