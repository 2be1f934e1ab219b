"""What several pages of testing share."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import number_format

from lachan.core import clock, persons
from lachan.core.codes import format_code
from lachan.core.models import Person, Posting
from lachan.platform.screen import Badge, PersonLine, Tone
from lachan.systems.testing import queries
from lachan.systems.testing.models import OutcomeKind, Result

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

INT_MAX = 2**31 - 1
TONES: dict[str, Tone] = {"positive": "stop", "negative": "ok", "indeterminate": "warn", "invalid": "warn"}


def go(name: str, *args: Any, query: str = "") -> HttpResponseRedirect:
    """303: the answer to a POST is a page to be fetched."""
    return HttpResponseRedirect(reverse(f"testing:{name}", args=args) + query, status=303)


def done(
    request: HttpRequest, sentence: "StrOrPromise", name: str, *args: Any, query: str = ""
) -> HttpResponseRedirect:
    messages.success(request, str(sentence))
    return go(name, *args, query=query)


def numbers(texts: Iterable[str], *, most: int = 500) -> list[int]:
    """Row numbers as a page sends them back; what is none is left out."""
    found = (int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 10)
    return [n for n in found if 0 < n <= INT_MAX][:most]


def line(text: str | None, most: int = 200) -> str:
    """A short text from a request, without what no keyboard types."""
    return "".join(c for c in (text or "")[:most] if c.isprintable()).strip()


def person_line(person: Person, url: str = "") -> PersonLine:
    """The name, and what tells two people of one name apart."""
    birth = persons.birth_of(person)
    age = birth.age_on(clock.local_date(clock.now())) if birth else None
    return PersonLine(person.name, birth.text if birth else "", age, format_code(person.code), url)


def who(posting: Posting, person: Person) -> PersonLine:
    """As this posting may read it: laboratories see the code and the year of birth."""
    if queries.may_read_names(posting):
        return person_line(person)
    return PersonLine(format_code(person.code), str(person.birth_year or ""))


def outcome_badge(result: Result) -> Badge:
    return Badge(OutcomeKind(result.outcome).label, TONES[result.outcome])


def ct_text(result: Result) -> str:
    return " · ".join(f"{gene} {number_format(value)}" for gene, value in sorted(result.ct.items()))


def day_text(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
