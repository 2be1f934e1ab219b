"""What several pages of tracing share."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lachan.core import access, clock, persons
from lachan.core.access import Purpose
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest
from lachan.core.errors import Refusal
from lachan.core.models import Person
from lachan.platform.screen import PersonLine
from lachan.systems.tracing import queries

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Rest = ParamSpec("Rest")
View = Callable[Concatenate[Any, Rest], HttpResponse]


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


def go(name: str, *args: Any) -> HttpResponseRedirect:
    """303: the answer to a POST is a page to be fetched."""
    return HttpResponseRedirect(reverse(f"tracing:{name}", args=args), status=303)


def done(request: DeskRequest, sentence: "StrOrPromise", name: str, *args: Any) -> HttpResponseRedirect:
    messages.success(request, str(sentence))
    return go(name, *args)


def refused(request: DeskRequest, refusal: Refusal, name: str, *args: Any) -> HttpResponseRedirect:
    """For buttons without a form of their own: the words of the refusal on the page where it was pressed."""
    messages.error(request, str(refusal.message))
    return go(name, *args)


def person_line(person: Person, url: str = "") -> PersonLine:
    birth = persons.birth_of(person)
    age = birth.age_on(clock.local_date(clock.now())) if birth else None
    return PersonLine(person.name, birth.text if birth else "", age, format_code(person.code), url)


def known_or_code(request: DeskRequest, person: Person) -> object:
    """By name if they live here; else by code and area alone: somebody else's officers call them."""
    if queries.is_resident(request.posting, person):
        return person_line(person)
    area = f" · {person.home_area.name}" if person.home_area else ""
    return f"{format_code(person.code)}{area}"


def note(request: DeskRequest, people: Iterable[Person], part: str, at: datetime) -> None:
    """Whoever is shown by name is told of it in their own log."""
    access.note_reads([p.pk for p in people], request.posting, purpose=Purpose.TRACING, part=part, at=at)


def moment_text(at: datetime | None) -> str:
    return f"{at.astimezone(clock.zone()):%H:%M %d/%m/%Y}" if at else ""
