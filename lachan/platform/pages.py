"""What the pages of every system do alike: read a form's odds and ends, show a person, answer a POST."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lachan.core import clock, persons
from lachan.core.codes import format_code
from lachan.core.errors import Refusal
from lachan.core.models import Person
from lachan.platform.screen import PersonLine

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Rest = ParamSpec("Rest")
View = Callable[Concatenate[Any, Rest], HttpResponse]
INT_MAX = 2**31 - 1


def answering(view: View[Rest]) -> View[Rest]:
    """What may not be seen is not found."""

    @wraps(view)
    def guarded(request: Any, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            if refusal.status != 404:
                raise
            raise Http404 from refusal

    return guarded


def outside(path: str) -> str:
    """The whole address of a page, for texts and papers that are written without a request."""
    return f"{settings.SITE_ADDRESS}{path}"


def see_other(url: str) -> HttpResponseRedirect:
    """303: the answer to a POST is a page to be fetched."""
    return HttpResponseRedirect(url, status=303)


@dataclass(frozen=True, slots=True)
class Answers:
    """Where the POSTs of one system lead: to its own pages, by name."""

    namespace: str

    def go(self, name: str, *args: Any, query: str = "") -> HttpResponseRedirect:
        return see_other(reverse(f"{self.namespace}:{name}", args=args) + query)

    def done(
        self, request: HttpRequest, sentence: StrOrPromise, name: str, *args: Any, query: str = ""
    ) -> HttpResponseRedirect:
        messages.success(request, str(sentence))
        return self.go(name, *args, query=query)

    def refused(self, request: HttpRequest, refusal: Refusal, name: str, *args: Any) -> HttpResponseRedirect:
        """For buttons without a form of their own: the refusal's words on the page where it was pressed."""
        messages.error(request, str(refusal.message))
        return self.go(name, *args)


def numbers(texts: Iterable[str], *, most: int = 500) -> list[int]:
    """Row numbers as a page sends them back; what is none is left out."""
    found = (int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 10)
    return [n for n in found if 0 < n <= INT_MAX][:most]


def number(text: str | None) -> int:
    """One row number as a page sends it back; 0, which no row has, for what is none."""
    return next(iter(numbers([text or ""])), 0)


def line(text: str | None, most: int = 200) -> str:
    """A short text from a request, without what no keyboard types."""
    return "".join(c for c in (text or "")[:most] if c.isprintable()).strip()


def person_line(person: Person, url: str = "") -> PersonLine:
    """How a person is shown everywhere: full name, birth date with age, code."""
    birth = persons.birth_of(person)
    age = birth.age_on(clock.local_date(clock.now())) if birth else None
    return PersonLine(person.name, birth.text if birth else "", age, format_code(person.code), url)


def day_text(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
