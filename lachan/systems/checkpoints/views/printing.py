"""A person's code on paper, for people without a phone."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lachan.codecs import qr
from lachan.core import access, clock, persons
from lachan.core.access import NotVisible, Permission, Purpose
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.models import Person
from lachan.platform import personal_codes
from lachan.systems.checkpoints import posters


def _person(request: DeskRequest, code: str) -> Person:
    try:
        return access.person(request.posting, code=code, purpose=Purpose.ENTRY, part="card", at=clock.now())
    except NotVisible as refusal:
        raise Http404 from refusal


@door(Permission.VIEW_PERSON)
@require_safe
def card(request: DeskRequest, code: str) -> HttpResponse:
    """The code as a page, to show or to print."""
    person = _person(request, code)
    birth = persons.birth_of(person)
    text = personal_codes.printed(person.code, at=clock.now())
    drawn = mark_safe(qr.svg(text, label=_("Personal code")))  # noqa: S308 (our own drawing)
    context = {
        "person": person, "birth": birth.text if birth else "", "code": format_code(person.code), "drawn": drawn
    }  # fmt: skip
    return render(request, "checkpoints/card.html", context)


@door(Permission.VIEW_PERSON)
@require_safe
def card_pdf(request: DeskRequest, code: str) -> HttpResponse:
    person = _person(request, code)
    answer = HttpResponse(posters.person_card(person, at=clock.now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="card-{person.code}.pdf"'
    return answer
