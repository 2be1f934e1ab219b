"""The watch after the injection: big names, how long each still has to stay, and who may go."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform.pages import answering, line, person_line
from lachan.systems.vaccination import commands, line_words
from lachan.systems.vaccination.models import Visit
from lachan.systems.vaccination.queries import line as lines
from lachan.systems.vaccination.queries.policy import rules_at
from lachan.systems.vaccination.views.line_pieces import done, note_once, refused, session_words


@door(Permission.WORK_LINE)
@require_safe
@answering
def watch(request: DeskRequest, number: int) -> HttpResponse:
    """Who is watched, the first to go first; and who was examined and goes without a dose."""
    session, at = lines.line_session(request.posting, number), clock.now()
    stand = lines.by_step(lines.in_line(session))
    watched, leaving = stand.get("observation", []), stand.get("leaving", [])
    note_once(request, [one.person.pk for one in (*watched, *leaving)], at)
    context = session_words(session, at) | {
        "watched": [(one, person_line(one.person), one.may_go(at), one.minutes_left(at)) for one in watched],
        "leaving": [
            (one, person_line(one.person), line_words.outcome(one.form.outcome) if one.form and not one.dose else "")
            for one in leaving
        ],
        "minutes": rules_at(at).observation_minutes, "rules": rules_at(at),
    }  # fmt: skip
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, f"vaccination/{'watched' if fragment else 'watch'}.html", context)


@door(Permission.WORK_LINE)
@require_POST
@answering
def end_watch(request: DeskRequest, number: int) -> HttpResponse:
    """Well, once the minutes are over: the person goes. With `note`: what was noticed; the person stays in the list."""
    visit = lines.line_visit(request.posting, number)
    note = line(request.POST.get("note"), 500)
    try:
        commands.end_observation(
            visit=visit, well="noticed" not in request.POST, note=note, actor=request.actor, at=clock.now()
        )
        if "noticed" not in request.POST:
            commands.leave(visit=visit, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "watch", visit.session_id)
    return done(request, _ended(visit, noticed="noticed" in request.POST), "watch", visit.session_id)


def _ended(visit: Visit, *, noticed: bool) -> str:
    sentence = _("Number %(number)s: noted, to be cared for.") if noticed else _("Number %(number)s may go.")
    return sentence % {"number": visit.number}


@door(Permission.WORK_LINE)
@require_POST
@answering
def let_go(request: DeskRequest, number: int) -> HttpResponse:
    """Who was not injected, was cared for, or goes of their own will."""
    visit = lines.line_visit(request.posting, number)
    try:
        commands.leave(
            visit=visit, ending=request.POST.get("ending", ""), actor=request.actor, at=clock.now()
        )
    except Refusal as refusal:
        return refused(request, refusal, "watch", visit.session_id)
    return done(
        request, _("Number %(number)s has gone.") % {"number": visit.number}, "watch", visit.session_id
    )
