"""What several pages of quarantine share."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
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
from lachan.platform import policies
from lachan.platform.screen import PersonLine
from lachan.policy import NoPolicyInForce
from lachan.policy.model import Basis
from lachan.systems.quarantine.models import OrderTerm

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


def go(name: str, *args: Any) -> HttpResponseRedirect:
    """303: the answer to a POST is a page to be fetched."""
    return HttpResponseRedirect(reverse(f"quarantine:{name}", args=args), status=303)


def done(request: DeskRequest, sentence: "StrOrPromise", name: str, *args: Any) -> HttpResponseRedirect:
    messages.success(request, str(sentence))
    return go(name, *args)


def refused(request: DeskRequest, refusal: Refusal, name: str, *args: Any) -> HttpResponseRedirect:
    """For buttons without a form of their own: the words of the refusal on the page where it was pressed."""
    messages.error(request, str(refusal.message))
    return go(name, *args)


def numbers(texts: Iterable[str], *, most: int = 500) -> list[int]:
    """Row numbers as a page sends them back; what is none is left out."""
    found = (int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 10)
    return [n for n in found if 0 < n <= INT_MAX][:most]


def root_of(term: OrderTerm) -> Person:
    return term.order.person.merged_into or term.order.person


def person_line(person: Person, url: str = "") -> PersonLine:
    birth = persons.birth_of(person)
    age = birth.age_on(clock.local_date(clock.now())) if birth else None
    return PersonLine(person.name, birth.text if birth else "", age, format_code(person.code), url)


def note(request: DeskRequest, terms: Sequence[OrderTerm], part: str, at: datetime) -> None:
    """Whoever is shown by name is told of it in their own log."""
    ids = [root_of(t).pk for t in terms]
    access.note_reads(ids, request.posting, purpose=Purpose.QUARANTINE, part=part, at=at)


def day_text(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def basis_of(term: OrderTerm) -> Basis | None:
    """The decision on which the terms rest; None when the installation's rules no longer have it."""
    try:
        basis = policies.at(clock.local_date(term.decided_at)).quarantine.basis
    except NoPolicyInForce:
        return None
    return basis if basis.id == term.policy_id else None
