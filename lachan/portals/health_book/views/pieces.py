"""What the pages of the book share."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lachan.core import access
from lachan.core.access import NotVisible
from lachan.core.models import Actor, Person
from lachan.platform import citizens
from lachan.platform.citizens import Citizen


class CitizenRequest(HttpRequest):
    """A request as views behind the citizen's door see it."""

    citizen: Citizen


def reader_of(citizen: Citizen) -> tuple[Person, Actor] | None:
    """Whom the holder of the phone said to be; None as long as that is not said."""
    person = citizen.oneself()
    actor = Actor.objects.filter(person=person).first() if person else None
    return (person, actor) if person and actor else None


def opened(request: CitizenRequest, code: str, part: str, at: Any) -> tuple[Person, Actor]:
    """The record with this code, and who reads it. Raises NotVisible."""
    me = reader_of(request.citizen)
    if me is None:
        raise NotVisible
    return access.own(request.citizen.phone_index, reader=me[1], code=code, part=part, at=at), me[1]


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    person: Person | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render with the navigation of the book, in the place of the desk's."""
    return render(request, template, context | {"nav": _navigation(request, person)}, status=status)


def _navigation(request: HttpRequest, person: Person | None) -> list[tuple[str, str, None, bool]]:
    if getattr(request, "citizen", None) is None:
        return []
    own = reader_of(request.citizen)  # type: ignore[attr-defined]
    shown = person or (own[0] if own else None)
    places = [("health_book:record", _("Record")), ("health_book:reads", _("Who looked"))] if shown else []
    lines = [(reverse(name, args=[shown.code]), label) for name, label in places if shown]
    lines += [
        (reverse("health_book:family"), _("Family")),
        (reverse("health_book:devices"), _("Devices")),
    ]
    return [(url, label, None, request.path == url) for url, label in lines]


def be(request: CitizenRequest, person: Person, at: Any) -> None:
    """Note whom the holder is, with the actor under whom their looks are written down."""
    citizens.actor_of(person, at=at)
    citizens.be(request.citizen.session, person)
