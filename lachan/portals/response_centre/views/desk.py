"""The agent's desk: who is to be called next, a call that comes in, what the shift before left."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import paging
from lachan.platform.pages import answering, person_line
from lachan.platform.screen import Badge, Column, Row
from lachan.portals.response_centre import commands, queries, words
from lachan.portals.response_centre.forms import NoteForm, NumberForm, TakeForm, WishForm
from lachan.portals.response_centre.models import Wish
from lachan.portals.response_centre.queries import Place
from lachan.portals.response_centre.views.pieces import done, go, refused


@door(Permission.TAKE_CALL)
@require_safe
@answering
def desk(request: DeskRequest) -> HttpResponse:
    """The queue, the form for a call that comes in, the newest note."""
    return _desk(request)


def _desk(request: DeskRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    at = clock.now()
    mine = queries.my_call(request.actor)
    context = {
        "at": at, "queue": [_row(place) for place in queries.queue(request.posting, at=at)], "mine": mine,
        "take": TakeForm(), "note": queries.notes(request.posting).filter(taken_at__isnull=True).first(),
        "reports": queries.urgent_reports(request.posting, at=at), **forms,
    }  # fmt: skip
    return render(request, "response_centre/desk.html", context, status=status)


def _row(place: Place) -> dict[str, Any]:
    wish = place.wish
    return {
        "wish": wish,
        "place": place.number,
        "tries": place.tries,
        "about": words.SUBJECT[wish.subject],
        "badge": Badge(_("urgent"), "stop") if wish.urgent else "",
    }


@door(Permission.TAKE_CALL)
@require_POST
@answering
def take(request: DeskRequest) -> HttpResponse:
    """A call comes in."""
    form = TakeForm(request.POST)
    if not form.is_valid():
        return _desk(request, status=422, take=form)
    given, area = form.cleaned_data, queries.centre_of(request.posting)
    try:
        call = commands.take_call(
            area=area, phone=given["phone"], subject=given["subject"], actor=request.actor, at=clock.now()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _desk(request, status=refusal.status, take=form)
    return go("call", call.pk)


@door(Permission.TAKE_CALL)
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def wish(request: DeskRequest) -> HttpResponse:
    """Somebody wants to be called later."""
    form, status = WishForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            row = commands.wish_call_back(
                area=queries.centre_of(request.posting),
                actor=request.actor,
                at=clock.now(),
                **form.cleaned_data,
            )
            place = _place_of(request, row)
            return done(request, _("In the queue, at place %(place)s.") % {"place": place}, "desk")
    return render(request, "response_centre/wish.html", {"form": form}, status=status)


def _place_of(request: DeskRequest, row: Wish) -> int | str:
    found = queries.queue(request.posting, at=clock.now(), most=1_000)
    return next((place.number for place in found if place.wish.pk == row.pk), "–")


@door(Permission.TAKE_CALL)
@require_safe
@never_cache
@answering
def find_number(request: DeskRequest, number: int) -> HttpResponse:
    """Who is to be called without a number in their record, and the field for the one that was found."""
    return _number_page(request, queries.wish_for(request.posting, number), NumberForm())


def _number_page(request: DeskRequest, wish: Wish, form: NumberForm, *, status: int = 200) -> HttpResponse:
    at, person = clock.now(), wish.person and (wish.person.merged_into or wish.person)
    if person is None or wish.phone is not None:
        return go("desk")
    access.note_reads([person.pk], request.posting, purpose=Purpose.CARE, part="call list", at=at)
    context = {
        "wish": wish, "person": person, "line": person_line(person), "about": words.SUBJECT[wish.subject], "form": form,
        "at": at,
    }  # fmt: skip
    return render(request, "response_centre/find_number.html", context, status=status)


@door(Permission.TAKE_CALL)
@require_POST
@answering
def call_back(request: DeskRequest, number: int) -> HttpResponse:
    """Take the next one in hand."""
    wish = queries.wish_for(request.posting, number)
    form = NumberForm(request.POST) if wish.phone is None else None
    if form and not form.is_valid():
        return _number_page(request, wish, form, status=422)
    phone = form.cleaned_data["phone"] if form else ""
    try:
        call = commands.call_back(wish=wish, phone=phone, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        if form is None:
            return refused(request, refusal, "desk")
        form.refuse(refusal)
        return _number_page(request, wish, form, status=refusal.status)
    return go("call", call.pk)


@door(Permission.TAKE_CALL)
@require_POST
@answering
def end_wish(request: DeskRequest, number: int) -> HttpResponse:
    """Somebody does not want to be called any more."""
    wish = queries.wish_for(request.posting, number)
    try:
        commands.end_wish(wish=wish, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "desk")
    return done(request, _("Taken out of the queue."), "desk")


@door(Permission.TAKE_CALL)
@require_safe
@answering
def calls(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: calls that have ended, newest first, without numbers and names."""
    page = paging.page(
        queries.calls(request.posting), key=("-started_at", "-pk"), cursor=request.GET.get("cursor")
    )
    rows = [
        Row(
            (words.SUBJECT[c.subject], c.started_at, words.OUTCOME[c.outcome], c.taken_by.name if c.taken_by else ""),
            key=str(c.pk),
        )
        for c in page.rows
    ]  # fmt: skip
    columns = [Column(_("About")), Column(_("Began")), Column(_("Ended")), Column(_("Agent"))]
    return render(
        request,
        "response_centre/calls.html",
        {"rows": rows, "columns": columns, "page": page, "at": clock.now()},
    )


@door(Permission.TAKE_CALL)
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def notes(request: DeskRequest) -> HttpResponse:
    """What shifts leave to each other."""
    form, status = NoteForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            area = queries.centre_of(request.posting)
            commands.write_note(
                area=area, text=form.cleaned_data["text"], actor=request.actor, at=clock.now()
            )
            return done(request, _("The next shift sees the note on its desk."), "notes")
    context = {
        "form": form,
        "notes": queries.notes(request.posting)[:20],
        "at": clock.now(),
        "actor": request.actor,
    }
    return render(request, "response_centre/notes.html", context, status=status)


@door(Permission.TAKE_CALL)
@require_POST
@answering
def take_over(request: DeskRequest, number: int) -> HttpResponse:
    """The next shift has read the note."""
    note = queries.note_for(request.posting, number)
    try:
        commands.take_over(note=note, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "notes")
    return done(request, _("The desk is yours."), "desk")
