"""One call: who it is, their record on one screen after a stated purpose, and how it ends."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform.pages import answering, person_line
from lachan.platform.record import sections
from lachan.portals.response_centre import commands, queries, words
from lachan.portals.response_centre.commands import Ending
from lachan.portals.response_centre.forms import EndForm, OpenForm
from lachan.portals.response_centre.models import Call
from lachan.portals.response_centre.views.pieces import done, go

# Sections of the health book whose pages are the person's own: the agent has the desk of the system for them.
THEIR_OWN = {"certificates"}


@door(Permission.TAKE_CALL)
@require_safe
@never_cache
@answering
def call(request: DeskRequest, number: int) -> HttpResponse:
    """The open call of this agent."""
    return _page(request, queries.call_for(request.posting, request.actor, number))


def _page(request: DeskRequest, found: Call, *, status: int = 200, **forms: Any) -> HttpResponse:
    at = clock.now()
    context = {
        "call": found, "at": at, "phone": queries.number_of(found), "about": words.SUBJECT[found.subject],
        "earlier": [(c, words.SUBJECT[c.subject]) for c in queries.earlier(found)], "end": _end_form(found), **forms,
    }  # fmt: skip
    if found.person is None:
        people = queries.callers(request.posting, found)
        access.note_reads([p.pk for p in people], request.posting, purpose=Purpose.CARE, part="caller", at=at)
        context |= {
            "people": [(p, person_line(p)) for p in people],
            "open": context.get("open") or OpenForm(initial=_named(found)),
        }
    else:
        person = found.person
        access.note_reads([person.pk], request.posting, purpose=Purpose(found.purpose), part="call", at=at)
        shown = [(s, s.read(person, at)) for s in sections() if s.slug not in THEIR_OWN]
        context |= {
            "person": person, "line": person_line(person), "purpose": Purpose(found.purpose).label,
            "parts": [(section, read) for section, read in shown if read is not None],
        }  # fmt: skip
    return render(request, "response_centre/call.html", context, status=status)


def _end_form(found: Call, typed: QueryDict | None = None) -> EndForm:
    return EndForm(typed, opened=found.person_id is not None)


def _named(found: Call) -> dict[str, str]:
    """The code of who was to be called, where the wish names somebody."""
    person = found.wish.person if found.wish else None
    return {"person": (person.merged_into or person).code} if person else {}


@door(Permission.TAKE_CALL)
@require_POST
@answering
def open_record(request: DeskRequest, number: int) -> HttpResponse:
    """Say whose record is wanted, and what for."""
    found, form = queries.call_for(request.posting, request.actor, number), OpenForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, open=form)
    at, given = clock.now(), form.cleaned_data
    try:
        person = access.person(
            request.posting, code=given["person"], purpose=Purpose(given["purpose"]), part="call", at=at
        )
        commands.open_record(call=found, person=person, purpose=given["purpose"], actor=request.actor, at=at)
    except Refusal as refusal:
        form.refuse(refusal, "person" if refusal.status == 404 else None)
        return _page(request, found, status=422, open=form)
    return go("call", found.pk)


@door(Permission.TAKE_CALL)
@require_POST
@answering
def end(request: DeskRequest, number: int) -> HttpResponse:
    """End the call with what it led to."""
    found = queries.call_for(request.posting, request.actor, number)
    form = _end_form(found, request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, end=form)
    given = form.cleaned_data
    ending = Ending(
        outcome=given["outcome"], write=given["write"] or "nothing", note=given["note"], category=given["category"],
        symptoms=tuple(given["symptoms"]), felt=tuple(given.get("felt", ())), criteria=tuple(given.get("criteria", ())),
        since=given.get("since"), area=given["area"], urgent=given["urgent"],
    )  # fmt: skip
    try:
        wrote = commands.finish_call(call=found, ending=ending, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, found, status=refusal.status, end=form)
    sentence = _("Written down. The next one is waiting.") if wrote else _("The call has ended.")
    return done(request, sentence, "desk")
