"""What the pages of every system do alike: read a form's odds and ends, show a person, answer a POST."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponseRedirect

from lachan.core import clock, persons
from lachan.core.codes import format_code
from lachan.core.models import Person
from lachan.platform.screen import PersonLine

INT_MAX = 2**31 - 1


def see_other(url: str) -> HttpResponseRedirect:
    """303: the answer to a POST is a page to be fetched."""
    return HttpResponseRedirect(url, status=303)


def numbers(texts: Iterable[str], *, most: int = 500) -> list[int]:
    """Row numbers as a page sends them back; what is none is left out."""
    found = (int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 10)
    return [n for n in found if 0 < n <= INT_MAX][:most]


def line(text: str | None, most: int = 200) -> str:
    """A short text from a request, without what no keyboard types."""
    return "".join(c for c in (text or "")[:most] if c.isprintable()).strip()


def person_line(person: Person, url: str = "") -> PersonLine:
    """How a person is shown everywhere: full name, birth date with age, code."""
    birth = persons.birth_of(person)
    age = birth.age_on(clock.local_date(clock.now())) if birth else None
    return PersonLine(person.name, birth.text if birth else "", age, format_code(person.code), url)
