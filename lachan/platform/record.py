"""Sections of a person's own record: each system offers its own, the site lists them, the health book shows them.

A system declares one in a module `book` of its own; `lachan/site/book.py` is the table of contents:

    ORDERS = Section("orders", _("My orders"), "quarantine/book.html", orders_of)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lachan.core.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Read = Callable[[Person, datetime], "Mapping[str, Any] | None"]


@dataclass(frozen=True, slots=True)
class Section:
    """`read` gives what `template` shows (there it is called `found`), or None when there is nothing to show.

    It is called for the root of a merge group, after the read was logged; what it gives is about this person alone.
    """

    slug: str
    title: StrOrPromise
    template: str
    read: Read


_sections: list[Section] = []


def install(sections: Sequence[Section]) -> None:
    """Called once by the site as it starts."""
    _sections[:] = sections


def sections() -> Sequence[Section]:
    return tuple(_sections)


def group_of(person: Person) -> list[int]:
    """Ids of the person and of the records joined into theirs."""
    return [person.pk, *Person.objects.filter(merged_into=person).values_list("pk", flat=True)]
