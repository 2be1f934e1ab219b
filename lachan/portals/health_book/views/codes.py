"""One's code: on the telephone new every half-minute, and to print."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lachan.codecs import qr
from lachan.core import clock
from lachan.core.access import NotVisible
from lachan.core.codes import BadCode, parse_code
from lachan.core.doors import CITIZEN, door
from lachan.core.models import Person
from lachan.platform import personal_codes
from lachan.platform.pages import person_line
from lachan.portals.health_book.views.pieces import CitizenRequest, opened, page


def live_code(person: Person, at: datetime) -> dict[str, Any]:
    """The drawing, and how long it holds; where this installation makes no such codes, the printed one."""
    shown = personal_codes.shown(person.code, at=at)
    text = shown.text if shown else personal_codes.printed(person.code, at=at)
    return {
        "qr": SafeString(qr.svg(text, label=_("QR code of this person"))),
        "live": shown,
        "next_ms": _milliseconds(at, shown.next_at) if shown else 0,
        "left_ms": _milliseconds(at, shown.until) if shown else 0,
    }


def _milliseconds(at: datetime, later: datetime) -> int:
    return round((later - at).total_seconds() * 1000)


@door(CITIZEN)
@require_safe
@never_cache
def live(request: CitizenRequest, code: str) -> HttpResponse:
    """The next code, for the page that stands open. No look at the record: that was noted as the page opened."""
    try:
        person = request.citizen.persons().filter(code=parse_code(code)).first()
    except BadCode as error:
        raise NotVisible from error
    if person is None:
        raise NotVisible
    return render(request, "health_book/live.html", live_code(person, clock.now()))


@door(CITIZEN)
@require_safe
@never_cache
def printed(request: CitizenRequest, code: str) -> HttpResponse:
    """The signed code for paper, which holds until another is asked for."""
    at = clock.now()
    person, _reader = opened(request, code, "card", at)
    drawn = SafeString(qr.svg(personal_codes.printed(person.code, at=at), label=_("QR code of this person")))
    context = {"person": person, "line": person_line(person), "at": at, "qr": drawn}
    return page(request, "health_book/printed.html", context, person=person)
