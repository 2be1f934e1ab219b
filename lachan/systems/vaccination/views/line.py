"""The sessions of today, the four lists of one, and its reception."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Person
from lachan.platform.pages import answering, line, person_line
from lachan.platform.screen import Column, Row
from lachan.systems.vaccination import commands, line_words
from lachan.systems.vaccination.models import Session, Visit
from lachan.systems.vaccination.queries import line as lines
from lachan.systems.vaccination.rules.line import STEPS
from lachan.systems.vaccination.views.line_pieces import (
    Said,
    choose_table,
    go,
    note_once,
    session_words,
    table_of,
)
from lachan.systems.vaccination.views.pieces import product_names

LONGEST_SCAN = 8_000
FOUND = 8
SHOWN = 40


@door(Permission.WORK_LINE)
@require_safe
def line_sessions(request: DeskRequest) -> HttpResponse:
    """The sessions of today at the posting's site, or in its area; where there is one, its line at once."""
    at = clock.now()
    found = list(lines.line_sessions(request.posting, at=at)[:200])
    if len(found) == 1:
        return go("line", found[0].pk)
    names = product_names(at)
    rows = [
        Row((s.site.name, f"{s.starts_at.astimezone(clock.zone()):%H:%M}", names.get(s.product, s.product),
             f"{s.arrivals}"), url=f"/vaccination/line/{s.pk}/")
        for s in found
    ]  # fmt: skip
    columns = [
        Column(_("Vaccination site")),
        Column(_("From")), Column(_("Vaccine")), Column(_("People received"), numeric=True),
    ]  # fmt: skip
    return render(request, "vaccination/line_sessions.html", {"rows": rows, "columns": columns, "at": at})


@door(Permission.WORK_LINE)
@require_safe
@answering
def board(request: DeskRequest, number: int) -> HttpResponse:
    """The four lists of a session by number, no names: it hangs where everybody can see it."""
    session, at = lines.line_session(request.posting, number), clock.now()
    stand = lines.by_step(lines.in_line(session))
    columns = [
        {
            "step": step, "title": line_words.STEP[step], "count": len(stand.get(step, [])),
            "waiting": [(one, one.may_go(at), one.minutes_left(at)) for one in stand.get(step, [])[:SHOWN]],
        }
        for step in STEPS
    ]  # fmt: skip
    context = session_words(session, at) | {
        "columns": columns, "table": table_of(request, session), "tables": range(1, session.tables + 1),
        "doses": session.vials.count(),
    }  # fmt: skip
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, f"vaccination/{'line_board' if fragment else 'line'}.html", context)


@door(Permission.WORK_LINE)
@require_POST
@answering
def set_table(request: DeskRequest, number: int) -> HttpResponse:
    """This browser stands at that table from now on."""
    session = lines.line_session(request.posting, number)
    choose_table(request, session, request.POST.get("table", ""))
    return go("line", number)


@door(Permission.WORK_LINE)
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def reception(request: DeskRequest, number: int) -> HttpResponse:
    """Scan, or type a name: the number to be called by, large; the box waits for the next."""
    session, at = lines.line_session(request.posting, number), clock.now()
    context = session_words(session, at)
    if request.method == "POST":
        context |= _received(request, session)
    fragment = request.method == "POST" and request.headers.get("HX-Request") == "true"
    context["fragment"] = fragment
    return render(request, f"vaccination/{'received' if fragment else 'reception'}.html", context)


def _received(request: DeskRequest, session: Session) -> dict[str, Any]:
    text = request.POST.get("choose") or request.POST.get("scan", "")
    text, at = text[:LONGEST_SCAN].replace("\x00", "").strip(), clock.now()
    if not text:
        return {}
    try:
        person, how = commands.who_came(text=text, actor=request.actor, at=at)
    except Refusal as refusal:
        return _by_name(request, text, refusal)
    return _receive(request, session, person, "list" if request.POST.get("choose") else how, text)


def _receive(request: DeskRequest, session: Session, person: Person, how: str, text: str) -> dict[str, Any]:
    at, walk_in = clock.now(), "walk_in" in request.POST
    note_once(request, [person.pk], at)
    shown = {"person": person_line(person)}
    try:
        visit = commands.receive(
            session=session, person=person, known_by=how, walk_in=walk_in, actor=request.actor, at=at
        )
    except Refusal as refusal:
        kind = "check" if refusal.code in ("not-invited", "in-line") else "stop"
        word = _("NOT INVITED") if refusal.code == "not-invited" else _("NOT RECEIVED")
        asked = {"again": person.code} if refusal.code == "not-invited" else {}
        return shown | asked | {"said": Said(kind, word, str(refusal.message))}
    return shown | {"said": _welcome(visit)}


def _welcome(visit: Visit) -> Said:
    word = _("NUMBER %(number)s") % {"number": visit.number}
    reason = _("Taken in without an invitation.") if visit.walk_in else _("Invited to this session.")
    return Said("pass", word, reason)


def _by_name(request: DeskRequest, text: str, refusal: Refusal) -> dict[str, Any]:
    """No code: perhaps a name. Those who may be seen here are shown, to be chosen."""
    found = access.search(
        request.posting, line(text), purpose=Purpose.VACCINATION, at=clock.now(), limit=FOUND
    )
    if not found:
        return {"said": Said("stop", _("UNKNOWN"), str(refusal.message))}
    people = [(p.code, person_line(p)) for p in found]
    return {"found": people, "said": Said("check", _("CHOOSE"), _("Choose the person in front of you."))}
