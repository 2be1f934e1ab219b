"""What views hand to the shared components: small values that know which template shows them.

`{{ badge }}` in a template, or a Badge as a cell of a Row, renders `components/badge.html`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Literal

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
Tone = Literal["", "ok", "warn", "stop", "accent"]


class Piece:
    """A value that renders itself through its component template."""

    template: ClassVar[str]

    def __str__(self) -> SafeString:
        shown = {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]
        return SafeString(render_to_string(self.template, shown).strip())

    def __html__(self) -> SafeString:
        return self.__str__()


@dataclass(frozen=True)
class Badge(Piece):
    """One word with a shape and a colour."""

    template = "components/badge.html"
    word: StrOrPromise
    tone: Tone = ""

    def __str__(self) -> SafeString:
        return _badge(str(self.word), self.tone)


@dataclass(frozen=True)
class Level(Piece):
    """A risk level 1 to 4; None is not assessed."""

    template = "components/level.html"
    number: int | None


@dataclass(frozen=True)
class PersonLine(Piece):
    """Full name, birth date as known (`BirthDate.text`) with the age beside it, short code."""

    template = "components/person_line.html"
    name: str
    birth: str = ""
    age: int | None = None
    code: str = ""
    url: str = ""


@dataclass(frozen=True)
class Column:
    label: StrOrPromise
    numeric: bool = False


@dataclass(frozen=True)
class Row:
    """Cells in the order of the columns; `key` is the value of the row's box, `name` says which row it is."""

    cells: Sequence[object]
    url: str = ""
    key: str = ""
    name: StrOrPromise = ""
    late: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of a timeline."""

    at: datetime
    what: StrOrPromise
    detail: StrOrPromise = ""
    tone: Tone = ""
    url: str = ""
    why: StrOrPromise = ""


@lru_cache(maxsize=2_048)
def _badge(word: str, tone: Tone) -> SafeString:
    """The same few words stand in every row of a list; they are drawn once a process, not fifty times a page."""
    return SafeString(render_to_string(Badge.template, {"word": word, "tone": tone}).strip())
