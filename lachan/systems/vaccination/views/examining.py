"""The examination: who comes next, the ten questions, and the conclusion with what follows."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.core import clock, persons
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Person
from lachan.platform.pages import answering, person_line
from lachan.policy.vaccination import Question
from lachan.systems.vaccination import commands, line_words
from lachan.systems.vaccination.commands.line.examining import SEXES, concluded
from lachan.systems.vaccination.line_forms import PREFIX, Earlier, Examination
from lachan.systems.vaccination.models import ScreeningForm
from lachan.systems.vaccination.queries import line as lines
from lachan.systems.vaccination.queries.policy import rules_at
from lachan.systems.vaccination.queries.recipients import recipient
from lachan.systems.vaccination.rules.screening import questions_for
from lachan.systems.vaccination.views.line_pieces import (
    chosen,
    done,
    doses_words,
    note_once,
    session_words,
    table_of,
    waiting_at,
)
from lachan.systems.vaccination.views.pieces import products


@door(Permission.WORK_LINE)
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def examine(request: DeskRequest, number: int) -> HttpResponse:
    """GET ?number=: the person called, else the next. POST records the examination and calls the next."""
    session, at = lines.line_session(request.posting, number), clock.now()
    waiting = waiting_at(session, "screening")
    asked = request.POST.get("number") or request.GET.get("number")
    one = chosen(waiting, asked, table=1 if asked else table_of(request, session))
    context = session_words(session, at) | {"waiting": waiting, "one": one}
    if one is None:
        return render(request, "vaccination/examine.html", context)
    note_once(request, [one.person.pk], at)
    form = Examination(request.POST or None, questions=_questions(one.person))
    if request.method == "POST" and request.POST.get("number") == str(one.visit.number) and form.is_valid():
        try:
            if made := _record(request, one, form, context):
                return done(request, _said(made, one), "examine", number)
        except Refusal as refusal:
            _mark(form, refusal)
    known = recipient(one.person.pk)
    context |= {
        "form": form, "person": person_line(one.person), "doses": doses_words(known, at), "rules": rules_at(at),
        "no_birth": known is None,
    }  # fmt: skip
    return render(
        request, "vaccination/examine.html", context, status=422 if request.method == "POST" else 200
    )


@door(Permission.WORK_LINE)
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def earlier_dose(request: DeskRequest, number: int) -> HttpResponse:
    """A dose that the person shows on paper: it counts from now on."""
    visit, at = lines.line_visit(request.posting, number), clock.now()
    form = Earlier(request.POST or None, products=products(at))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        kind, _dash, which = given["which"].partition("-")
        try:
            commands.give_elsewhere(
                person=visit.person, product=given["product"], kind=kind, number=int(which), actor=request.actor,
                given_on=given["given_on"], lot_number=given["lot_number"], source=given["source"], at=at,
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            query = f"?number={visit.number}"
            return done(request, _("The dose is on record."), "examine", visit.session_id, query=query)
    note_once(request, [visit.person_id], at)
    context = {"form": form, "visit": visit, "person": person_line(visit.person), "at": at}
    status = 422 if request.method == "POST" else 200
    return render(request, "vaccination/earlier_dose.html", context, status=status)


def _questions(person: Person) -> tuple[Question, ...]:
    birth, at = persons.birth_of(person), clock.now()
    age = birth.age_on(clock.local_date(at)) if birth else 0
    return questions_for(rules_at(at), age=age, sex=SEXES.get(person.sex, "unknown"))


def _record(
    request: DeskRequest, one: lines.InLine, form: Examination, context: dict[str, Any]
) -> ScreeningForm | None:
    """None where care is asked for and nobody has said where: that question is shown then."""
    at, careful = clock.now(), request.POST.get("careful", "")
    examined = form.examined(careful_here=careful == "here")
    found = concluded(one.person, examined, policy=rules_at(at), on=clock.local_date(at))
    if found.outcome == "careful" and careful not in ("here", "hospital"):
        context["careful"] = line_words.because(found.because, rules_at(at))
        return None
    return commands.screen(visit=one.visit, examined=examined, actor=request.actor, at=at)


def _mark(form: Examination, refusal: Refusal) -> None:
    """The words at the fields that they are about."""
    missing = [name for name in getattr(refusal, "missing", ()) if name in form.fields]
    missing += [PREFIX + name for name in getattr(refusal, "missing", ()) if PREFIX + name in form.fields]
    if refusal.code.startswith("defer-date"):
        missing = ["defer_until"]
    for name in missing or [None]:
        form.refuse(refusal, name)


def _said(made: ScreeningForm, one: lines.InLine) -> str:
    word = line_words.OUTCOME[made.outcome][0]
    return _("Number %(number)s: %(outcome)s.") % {"number": one.visit.number, "outcome": word}
