"""Whom to call: the worklist, the page of a contact, calls."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import live, paging, policies
from lachan.platform.pages import answering, person_line
from lachan.platform.screen import Badge, Column, Row
from lachan.platform.symptoms import SYMPTOM
from lachan.systems.tracing import queries, words
from lachan.systems.tracing.commands import calls, interviews
from lachan.systems.tracing.forms import CallForm, ReasonForm, WorkFilter
from lachan.systems.tracing.models import CallOutcome, Contact, Exposure
from lachan.systems.tracing.queries.worklist import LATE, RESTING, UNREACHED
from lachan.systems.tracing.views.cases import permissions
from lachan.systems.tracing.views.pieces import done, known_or_code, moment_text, note, refused


@door(Permission.VIEW_CASES)
@require_safe
def worklist(request: DeskRequest) -> HttpResponse:
    """GET ?state=&level=&cursor=: live contacts, the most urgent call first."""
    at = clock.now()
    found, form = _filtered(request)
    page = paging.page(found, key=queries.WORK_KEY, cursor=request.GET.get("cursor"))
    rows = [_row(c) for c in page.rows]
    if answer := live.unchanged(request, rows):
        return answer
    note(request, [c.person for c in page.rows], "worklist", at)
    columns = [
        Column(_("Person")), Column(_("Level")), Column(_("Call")), Column(_("Found")), Column(_("Last exposure")),
        Column(_("Tracer")),
    ]  # fmt: skip
    hours = policies.at(clock.local_date(at)).tracing.first_call_hours
    context = {
        "form": form, "page": page, "columns": columns, "rows": rows, "at": at,
        "hours": hours,
    }  # fmt: skip
    return render(request, "tracing/worklist.html", context)


def _filtered(request: DeskRequest) -> tuple[QuerySet[Any], WorkFilter]:
    form = WorkFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    found = queries.worklist(request.posting, at=clock.now())
    state = given.get("state") or ""
    narrowed = {
        "late": Q(urgency=LATE),
        "unreached": Q(urgency__in=(LATE, UNREACHED)),
        "mine": Q(tracer=request.actor),
        "all": Q(),
    }
    found = found.filter(narrowed.get(state, Q(urgency__lt=RESTING)))
    return (found.filter(level=given["level"]) if given.get("level") else found), form


def _row(contact: Any) -> Row:
    urgency = {
        0: Badge(_("late"), "stop"),
        1: Badge(_("not reached yet"), "warn"),
        2: Badge(_("call due"), "accent"),
        3: Badge(_("reached"), "ok"),
    }[contact.urgency]
    return Row(
        (person_line(contact.person), words.level_badge(contact.level), urgency, moment_text(contact.found_at),
         moment_text(contact.exposed_at), contact.tracer or ""),
        url=f"/tracing/contacts/{contact.pk}/", key=str(contact.pk), name=contact.person.name,
        late=contact.urgency == LATE,
    )  # fmt: skip


@door(Permission.VIEW_CASES)
@require_safe
@answering
def contact(request: DeskRequest, number: int) -> HttpResponse:
    """One contact: why this level, from which exposures, and how the calls went."""
    return _page(request, number)


def _page(request: DeskRequest, number: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    at = clock.now()
    found = queries.contact_for(request.posting, number)
    note(request, [found.person], "contact", at)
    lines = [_line(request, line) for line in queries.reasons_of(found, at=at)]
    context = {
        "contact": found, "who": person_line(found.person), "badge": words.level_badge(found.level),
        "path": [(level, format_code(person.code)) for level, person in queries.path_of(found)],
        "lines": lines, "exposures": queries.exposures_of(found).count(),
        "calls": _calls(found), "policy": policies.at(clock.local_date(at)).tracing,
        "call_form": forms.get("call") or CallForm(auto_id="call_%s"),
        "withdraw_form": forms.get("withdraw") or ReasonForm(auto_id="withdraw_%s"),
        "mine": found.tracer_id == request.actor.pk, "may": permissions(request), "open": found.ended_at is None,
        "at": at,
    }  # fmt: skip
    return render(request, "tracing/contact.html", context, status=status)


def _line(request: DeskRequest, line: queries.ExposureLine) -> dict[str, object]:
    return {
        "row": line.exposure, "counts": line.counts, "masked": words.MASKED[line.exposure.masked],
        "source": known_or_code(request, line.exposure.source_root),
        "level": f"F{line.with_level}" if line.with_level is not None else "",
        "can_withdraw": line.exposure.withdrawn_at is None and line.exposure.kind == "interview",
    }  # fmt: skip


def _calls(contact: Contact) -> list[dict[str, object]]:
    rows = contact.calls.select_related("called_by").order_by("-called_at", "-pk")
    return [{"row": c, "symptoms": ", ".join(str(SYMPTOM.get(s, s)) for s in c.symptoms)} for c in rows]


@door(Permission.INTERVIEW)
@require_POST
@answering
def take(request: DeskRequest, number: int) -> HttpResponse:
    """Become the tracer of this contact, or give it back."""
    found = queries.contact_for(request.posting, number)
    give_back = request.POST.get("back") == "yes"
    command = calls.give_back_contact if give_back else calls.take_contact
    try:
        command(contact=found, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "contact", number)
    sentence = (
        _("Somebody else can take this contact on now.") if give_back else _("This contact is yours now.")
    )
    return done(request, sentence, "contact", number)


@door(Permission.INTERVIEW)
@require_POST
@answering
def call(request: DeskRequest, number: int) -> HttpResponse:
    """Note how a call went."""
    found, form = queries.contact_for(request.posting, number), CallForm(request.POST, auto_id="call_%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            calls.record_call(
                contact=found, outcome=CallOutcome(given["outcome"]), symptoms=tuple(given["symptoms"]),
                onset_on=given["onset_on"], next_at=given["next_at"], note=given["note"], actor=request.actor,
                at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return done(request, _("The call is kept."), "contact", number)
    return _page(request, number, status=422, call=form)


@door(Permission.INTERVIEW)
@require_POST
@answering
def withdraw(request: DeskRequest, number: int, exposure: int) -> HttpResponse:
    """Take back a statement of an interview."""
    found, form = (
        queries.contact_for(request.posting, number),
        ReasonForm(request.POST, auto_id="withdraw_%s"),
    )
    stated = Exposure.objects.filter(pk=exposure, person_root=found.person_id, kind="interview").first()
    if stated is None:
        raise queries.ContactNotVisible
    if not form.is_valid():
        return _page(request, number, status=422, withdraw=form)
    reason = form.cleaned_data["reason"]
    try:
        interviews.withdraw_exposure(exposure=stated, reason=reason, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "contact", number)
    return done(request, _("The statement is taken back."), "contact", number)
