"""The record itself: one's code, and the sections that the systems offer."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lachan.core import clock, persons
from lachan.core.doors import CITIZEN, door
from lachan.core.persons import identifier_value
from lachan.platform import citizens
from lachan.platform.pages import person_line
from lachan.platform.record import sections
from lachan.portals.health_book.views.codes import live_code
from lachan.portals.health_book.views.pieces import CitizenRequest, opened, page


@door(CITIZEN)
@require_safe
@never_cache
def record(request: CitizenRequest, code: str) -> HttpResponse:
    """One's own record, or that of somebody who shares the telephone. The look is noted, as one's own."""
    at = clock.now()
    person, _reader = opened(request, code, "record", at)
    found = [(section, section.read(person, at)) for section in sections()]
    context = {
        "person": person, "line": person_line(person), "at": at, "verified": persons.is_verified(person),
        "mine": person.pk == request.citizen.session.person_id,
        "parts": [(section, shown) for section, shown in found if shown is not None],
        "phones": [(each, identifier_value(each)[-3:]) for each in citizens.phones_of(person)],
        **live_code(person, at),
    }  # fmt: skip
    return page(request, "health_book/record.html", context, person=person)
