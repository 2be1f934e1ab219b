"""What may be exported: each system names its lists, the site offers them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.forms import Form

from lachan.core import access
from lachan.core.access import Permission, Purpose
from lachan.core.models import Posting
from lachan.core.streams import stream
from lachan.platform import pages
from lachan.platform.models import Ending

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BATCH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A list that may be saved as a file.

    `found(posting, filters, at)`: what the page of the list would show this posting, ordered; `rows(batch, at)`: a
    row for each of them, in the order of `heading`; `person(one)`: the id of whom a row is about, None of nobody;
    `part`: how the person's log calls it; `form`: the filter of the page.
    """

    name: str
    title: StrOrPromise
    file_name: str
    permission: Permission
    purpose: Purpose
    part: str
    heading: Sequence[str]
    form: type[Form]
    found: Callable[[Posting, Mapping[str, str], datetime], QuerySet[Any]]
    rows: Callable[[Sequence[Any], datetime], Iterable[Sequence[object]]]
    person: Callable[[Any], int | None]
    endings: Sequence[Ending] = (Ending.CSV, Ending.XLSX)

    def file_of(self, day: date, ending: str) -> str:
        """A file's name: the list and the day, nobody."""
        return f"{self.file_name}-{day:%Y-%m-%d}.{ending}"

    def filters(self, asked: Mapping[str, str]) -> dict[str, str]:
        """What of an address narrows the list."""
        given = {name: pages.line(asked.get(name), 100) for name in self.form.base_fields}
        return {name: text for name, text in given.items() if text}

    def words(self, filters: Mapping[str, str]) -> list[str]:
        """The same for people."""
        chosen = [(self.form.base_fields[name], text) for name, text in filters.items()]
        return [str(dict(getattr(field, "choices", ())).get(text, text)) for field, text in chosen]


@dataclass(frozen=True, slots=True)
class Batch:
    rows: list[Sequence[object]]
    people: list[int]


_sources: dict[str, Source] = {}


def offer(sources: Iterable[Source]) -> None:
    """Called once by the site as it starts."""
    _sources.update({source.name: source for source in sources})


def source_of(name: str) -> Source:
    """Raises KeyError for a list that is no longer offered."""
    return _sources[name]


def offered_to(posting: Posting) -> bool:
    """Whether the posting may export anything at all."""
    return any(access.may(posting, source.permission) for source in _sources.values())


def batch_of(source: Source, found: Sequence[Any], at: datetime) -> Batch:
    people = [person for one in found if (person := source.person(one)) is not None]
    return Batch(list(source.rows(found, at)), people)


def batches(source: Source, found: QuerySet[Any], at: datetime) -> Generator[Batch]:
    """All of them through a cursor of the server: one moment's list, and never more than a batch of it here."""
    with stream(found, size=BATCH) as flowing:
        while part := list(islice(flowing, BATCH)):
            yield batch_of(source, part, at)
