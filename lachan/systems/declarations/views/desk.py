"""The desk: declarations of the area, one of them, calls, paper, diaries without a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, areas, clock
from lachan.core.access import Permission, Purpose
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Person, Posting
from lachan.platform import exports, pages, paging
from lachan.platform.pages import Answers
from lachan.platform.screen import Badge, Column, Row
from lachan.platform.symptoms import SYMPTOM
from lachan.systems.declarations import queries, words
from lachan.systems.declarations.commands import Sender, record_call, remind_diaries, submit_declaration
from lachan.systems.declarations.forms import DeclarationFilter, PaperWhoForm, answers_form
from lachan.systems.declarations.models import Channel, Declaration, Provenance, Reached
from lachan.systems.declarations.rules import questionnaire as forms
from lachan.systems.declarations.rules.triage import days_silent

_answers = Answers("declarations")
REMINDED_AT_ONCE = 1_000


@door(Permission.VIEW_DECLARATIONS)
@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """GET ?outcome=&symptom=&contact=&day=&area=&called=&cursor=: the newest first."""
    found, form = narrowed(request.posting, request.GET)
    page = paging.page(found, key=("-made_at", "-pk"), cursor=request.GET.get("cursor"))
    _note([d.person.root_id for d in page.rows], request, "declarations")
    context = {
        "form": form,
        "page": page,
        "columns": [Column(_("Person")), Column(_("Declared")), Column(_("What follows")), Column(_("Symptoms")),
                    Column(_("Area"))],
        "rows": [_row(made) for made in page.rows],
        "may_take": access.may(request.posting, Permission.TAKE_DECLARATION),
    }  # fmt: skip
    return render(request, "declarations/home.html", context)


def narrowed(posting: Posting, asked: Mapping[str, str]) -> tuple[QuerySet[Declaration], DeclarationFilter]:
    """The declarations of a posting that the filter of the page leaves."""
    form = DeclarationFilter(asked)
    form.is_valid()
    given, found = form.cleaned_data, queries.declarations_of(posting)
    if given.get("outcome"):
        found = found.filter(outcome=int(given["outcome"]))
    if given.get("symptom"):
        found = found.filter(symptoms__contains=[given["symptom"]])
    if given.get("contact"):
        found = found.filter(contact=True)
    if given.get("day"):
        starts, ends = clock.day_bounds(given["day"])
        found = found.filter(made_at__gte=starts, made_at__lt=ends)
    if given.get("area"):
        found = found.filter(areas.inside("area__", given["area"]))
    found = queries.answering(found, yes=given.get("yes", ""), said=given.get("said", ""))
    return (queries.waiting_for_call(found) if given.get("called") else found), form


def _note(ids: list[int], request: DeskRequest, part: str) -> None:
    access.note_reads(ids, request.posting, purpose=Purpose.CARE, part=part, at=clock.now())


def _row(made: Declaration) -> Row:
    person = made.person.merged_into or made.person
    felt = ", ".join(str(SYMPTOM.get(code, code)) for code in made.symptoms)
    cells = (pages.person_line(person), f"{clock.local_date(made.made_at):%d/%m/%Y}", words.badge(made), felt,
             areas.full_name(made.area) if made.area else "")  # fmt: skip
    url = reverse("declarations:declaration", args=[made.pk])
    return Row(cells, url=url, key=str(made.pk), name=person.name, late=made.outcome >= queries.CALL)


def _found(posting: Posting, filters: Mapping[str, str], at: datetime) -> QuerySet[Declaration]:
    found, _form = narrowed(posting, filters)
    return found.order_by("-made_at", "-pk")


def _exported(made: Declaration) -> list[object]:
    person = made.person.merged_into or made.person
    return [
        made.pk, person.code, made.made_at, forms.OUTCOMES[made.outcome], made.rule, f"{made.form} {made.form_version}",
        " ".join(made.symptoms), int(made.contact), made.channel, made.provenance,
    ]  # fmt: skip


DECLARATIONS = exports.Source(
    name="declarations.list",
    title=gettext_lazy("Health declarations"),
    file_name="declarations",
    permission=Permission.VIEW_DECLARATIONS,
    purpose=Purpose.CARE,
    part="declarations, file",
    heading=("declaration", "person", "made_at", "outcome", "rule", "form", "symptoms", "contact", "channel",
             "provenance"),
    form=DeclarationFilter,
    found=_found,
    rows=lambda found, _at: map(_exported, found),
    person=lambda made: made.person.root_id,
)  # fmt: skip


@door(Permission.VIEW_DECLARATIONS)
@require_POST
def export(request: DeskRequest) -> HttpResponse:
    """POST ending=csv|xlsx, with the filters of the list in the address."""
    return exports.answer(request, DECLARATIONS)


@door(Permission.VIEW_DECLARATIONS)
@require_safe
@never_cache
def declaration(request: DeskRequest, number: int) -> HttpResponse:
    """One declaration: answers, why, whom to call, who may be the same person."""
    at, made = clock.now(), queries.declaration(request.posting, number)
    person = made.person.merged_into or made.person
    _note([person.pk], request, "declaration")
    context = {
        "made": made,
        "person": pages.person_line(person, reverse("person", args=[person.code])),
        "code": person.code,
        "receipt": format_code(made.code),
        "badge": words.badge(made),
        "reason": words.reason_of(made),
        "rule": words.rule_of(made),
        "asked": words.form_of(made),
        "answers": words.answered(made),
        "calls": queries.calls_of(made),
        "reached": Reached.choices,
        "may_take": access.may(request.posting, Permission.TAKE_DECLARATION),
        "may_merge": access.may(request.posting, Permission.MERGE_PERSONS),
        "candidates": [
            (pages.person_line(p), p.code) for p in queries.candidates(request.posting, made, at=at)
        ],
    }
    return render(request, "declarations/declaration.html", context)


@door(Permission.TAKE_DECLARATION)
@require_POST
def call(request: DeskRequest, number: int) -> HttpResponse:
    made = queries.declaration(request.posting, number)
    try:
        outcome = pages.line(request.POST.get("outcome"), 20)
        record_call(declaration=made, outcome=outcome, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return _answers.refused(request, refusal, "declaration", number)
    return _answers.done(request, _("The call is written down."), "home", query="?called=waiting")


@door(Permission.TAKE_DECLARATION)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def paper(request: DeskRequest) -> HttpResponse:
    """A declaration on paper, or of who stands at the desk without a telephone."""
    asked = forms.on("general", clock.local_date(clock.now()))
    form = answers_form(asked, PaperWhoForm)(
        request.POST if request.method == "POST" else None, initial={"key": str(uuid4())}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _taken(request, form)
        except Refusal as refusal:
            form.refuse(refusal, "person" if refusal.status == 404 else None)
        else:
            sentence = _("Taken down. Receipt code for the person: %(code)s") % {
                "code": format_code(made.code)
            }
            if made.area_id is None or not areas.holds(queries.home_of(request.posting), made.area):  # type: ignore[arg-type]
                return _answers.done(request, sentence, "paper")
            return _answers.done(request, sentence, "declaration", made.pk)
    return render(request, "declarations/paper.html", {"form": form}, status=422 if form.errors else 200)


def _taken(request: DeskRequest, form: Any) -> Declaration:
    at = clock.now()
    sender = Sender(
        channel=Channel.PAPER, provenance=Provenance.ASSISTED, phone=form.cleaned_data["phone"], actor=request.actor
    )  # fmt: skip
    about: Any = form.identity() if not form.cleaned_data["person"] else _known(request, form, at)
    return submit_declaration(
        form="general", about=about, given=form.given(), key=form.sent_key(), sender=sender, made_at=at, at=at
    )


def _known(request: DeskRequest, form: Any, at: datetime) -> Person:
    code = form.cleaned_data["person"]
    return access.person(request.posting, code=code, purpose=Purpose.CARE, part="declaration on paper", at=at)


@door(Permission.TAKE_DECLARATION)
@require_safe
def silent(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: people under an order who have not reported today, the earliest order first."""
    today = clock.local_date(clock.now())
    found = queries.silent_diaries(request.posting, today)
    page = paging.page(found, key=("starts_on", "pk"), cursor=request.GET.get("cursor"))
    _note([d.person.root_id for d in page.rows], request, "diaries without a report")
    context = {
        "page": page,
        "columns": [Column(_("Person")), Column(_("Order from")), Column(_("Until")), Column(_("Silent")),
                    Column(_("Reminded"))],
        "rows": [_silent_row(diary, today) for diary in page.rows],
    }  # fmt: skip
    return render(request, "declarations/silent.html", context)


def _silent_row(diary: Any, today: date) -> Row:
    person = diary.person.merged_into or diary.person
    last = clock.local_date(diary.last_at) if diary.last_at else None
    days = days_silent(diary.starts_on, last, today)
    silence = Badge(_("%(days)d days") % {"days": days}, "warn" if days > 1 else "")
    cells = (pages.person_line(person), pages.day_text(diary.starts_on), pages.day_text(diary.ends_on), silence,
             pages.day_text(diary.reminded_on))  # fmt: skip
    return Row(
        cells, url=reverse("person", args=[person.code]), key=str(diary.pk), name=person.name, late=days > 1
    )


@door(Permission.TAKE_DECLARATION)
@require_POST
def remind(request: DeskRequest) -> HttpResponse:
    """Queue a text to everybody on the list who was not reminded today."""
    at = clock.now()
    day = clock.local_date(at)
    waiting = (
        queries.silent_diaries(request.posting, day).exclude(reminders__day=day).order_by("starts_on", "pk")
    )
    n = remind_diaries(diaries=list(waiting[:REMINDED_AT_ONCE]), actor=request.actor, at=at)
    return _answers.done(request, _("%(n)d reminders queued.") % {"n": n}, "silent")
