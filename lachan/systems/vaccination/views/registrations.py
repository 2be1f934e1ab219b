"""The desks of registrations: the commune registers somebody, the province approves, allocates and rejects."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, areas, clock, persons
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Area, Person, Posting
from lachan.platform import exports, pages, paging
from lachan.platform.pages import answering, numbers
from lachan.platform.screen import Column, Row
from lachan.systems.vaccination import commands, queries, words_people
from lachan.systems.vaccination.forms_people import (
    ApproveForm,
    DeskRegisterForm,
    RegistrationFilter,
    RejectForm,
)
from lachan.systems.vaccination.models import Registration
from lachan.systems.vaccination.queries.policy import group_names
from lachan.systems.vaccination.queries.registrations import RegistrationLine
from lachan.systems.vaccination.views.pieces import done, refused

MOST_AT_ONCE = 10_000
FIELD = {"area-too-wide": "area", "group-unknown": "group", "birth-unknown": "birth", "too-young": "birth"}


@door(Permission.VIEW_REGISTRATIONS)
@require_safe
@never_cache
def registrations(request: DeskRequest) -> HttpResponse:
    """GET ?state=&group=&area=&organisation=&cursor=: who registered first, first."""
    return _list_page(request)


def _list_page(request: DeskRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    at, posting = clock.now(), request.posting
    found, form = narrowed(posting, request.GET, at)
    page = paging.page(found, key=("registered_at", "pk"), cursor=request.GET.get("cursor"))
    lines = queries.lines_of(page.rows, at=at)
    _note([line.person.pk for line in lines], posting, "registrations", at)
    names = group_names(at)
    context = {
        "form": form, "page": page, "at": at, "rows": [_row(line, names) for line in lines],
        "columns": [Column(_("Person")), Column(_("Group")), Column(_("State")), Column(_("Wanted in")),
                    Column(_("Allocated to")), Column(_("Registered"))],
        "may_take": access.may(posting, Permission.TAKE_REGISTRATION),
        "may_decide": access.may(posting, Permission.DECIDE_REGISTRATIONS),
        "approve_form": forms.get("approve") or ApproveForm(auto_id="approve_%s"),
        "reject_form": forms.get("reject") or RejectForm(auto_id="reject_%s"),
    }  # fmt: skip
    return render(request, "vaccination/registrations.html", context, status=status)


def narrowed(
    posting: Posting, asked: Mapping[str, str], at: datetime
) -> tuple[QuerySet[Registration], RegistrationFilter]:
    """The registrations of a posting that the filter of the page leaves."""
    form = RegistrationFilter(asked)
    form.is_valid()
    given = form.cleaned_data
    found = queries.in_state(queries.registrations(posting), given.get("state") or "", at=at)
    if given.get("group"):
        found = found.filter(group=given["group"])
    if given.get("area"):
        found = found.filter(areas.inside("area__", given["area"]))
    if given.get("organisation"):
        found = found.filter(organisation__icontains=given["organisation"])
    return found, form


def _note(people: Sequence[int], posting: Posting, part: str, at: datetime) -> None:
    access.note_reads(people, posting, purpose=Purpose.CARE, part=part, at=at)


def _row(line: RegistrationLine, names: Mapping[str, str]) -> Row:
    row, decision = line.registration, line.decision
    allocated = areas.full_name(decision.allocated) if decision and decision.allocated else ""
    return Row(
        (pages.person_line(line.person), _group(row, names),
         words_people.state_badge(line.state), row.area.name, allocated,
         pages.day_text(clock.local_date(row.registered_at))),
        url=reverse("vaccination:registration", args=[row.pk]), key=str(row.pk), name=line.person.name,
    )  # fmt: skip


def _group(row: Registration, names: Mapping[str, str]) -> str:
    """Its number, and its name up to the examples."""
    return f"{row.group}. {re.split('[:;]', names.get(row.group, ''))[0]}"


@door(Permission.VIEW_REGISTRATIONS)
@require_safe
@never_cache
@answering
def registration(request: DeskRequest, number: int) -> HttpResponse:
    """One registration: where it stands and why."""
    at, row = clock.now(), queries.registration_for(request.posting, number)
    [line] = queries.lines_of([row], at=at)
    _note([line.person.pk], request.posting, "registration", at)
    context = {
        "line": line, "row": row, "person": pages.person_line(line.person), "at": at,
        "badge": words_people.state_badge(line.state), "group": group_names(at).get(row.group, ""),
        "source": words_people.SOURCE[row.source], "where": areas.full_name(row.area),
        "slot": words_people.moment(line.invitation.slot_at) if line.invitation else "",
        "decisions": row.decisions.select_related("allocated", "decided_by").order_by("decided_at", "pk"),
        "may_take": access.may(request.posting, Permission.TAKE_REGISTRATION) and not row.closing,
    }  # fmt: skip
    return render(request, "vaccination/registration.html", context)


@door(Permission.TAKE_REGISTRATION)
@require_POST
@answering
def withdraw(request: DeskRequest, number: int) -> HttpResponse:
    """The person said so at the desk."""
    row = queries.registration_for(request.posting, number)
    commands.withdraw_registration(registration=row, actor=request.actor, at=clock.now())
    return done(request, _("The registration is withdrawn."), "registration", number)


@door(Permission.TAKE_REGISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_registration(request: DeskRequest) -> HttpResponse:
    """Register somebody who has come, with or without a telephone."""
    form, status = DeskRegisterForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _taken(request, form)
            except Refusal as refusal:
                form.refuse(refusal, "person" if refusal.status == 404 else FIELD.get(refusal.code))
                status = 422 if refusal.status == 404 else refusal.status
            else:
                here = queries.registrations(request.posting).filter(pk=made.pk).exists()
                said = _("Registered. The province decides next.")
                return done(request, said, *(("registration", made.pk) if here else ("new_registration",)))
    return render(request, "vaccination/new_registration.html", {"form": form}, status=status)


def _taken(request: DeskRequest, form: DeskRegisterForm) -> Registration:
    """Raises NotVisible, CannotRegister."""
    at, given = clock.now(), form.cleaned_data
    known = _presented(request, given["person"], at) if given["person"] else None
    person = known or persons.register(form.identity(), actor=request.actor, at=at)
    return commands.register_for_vaccination(
        person=person, group=given["group"], area=given["area"], source="commune", note=given["note"],
        actor=request.actor, at=at,
    )  # fmt: skip


def _presented(request: DeskRequest, code: str, at: datetime) -> Person:
    return access.presented(request.posting, code=code, purpose=Purpose.CARE, part="vaccination", at=at)


@door(Permission.DECIDE_REGISTRATIONS)
@require_POST
def approve(request: DeskRequest) -> HttpResponse:
    """POST registration=… (or all=1: whatever the filter in the address leaves), to=: approve and allocate."""
    form, at = ApproveForm(request.POST, auto_id="approve_%s"), clock.now()
    if not form.is_valid() or not _may_allocate(request, form):
        return _list_page(request, status=422, approve=form)
    count = commands.approve_registrations(
        registrations=_chosen(request, at), allocated=form.cleaned_data["to"], actor=request.actor, at=at
    )
    return done(request, _("%(n)s approved and allocated.") % {"n": count}, "registrations")


def _may_allocate(request: DeskRequest, form: ApproveForm) -> bool:
    to: Area | None = form.cleaned_data["to"]
    own = request.posting.area
    if to is None or (own is not None and areas.holds(own, to)):
        return True
    form.add_error("to", _("This health centre is not in your area."))
    return False


def _chosen(request: DeskRequest, at: datetime) -> list[int]:
    """What was ticked, or all that the filter leaves; of the posting's own only."""
    if request.POST.get("all"):
        found, _form = narrowed(request.posting, request.GET, at)
        return list(found.values_list("pk", flat=True)[:MOST_AT_ONCE])
    wanted = numbers(request.POST.getlist("registration"))
    return list(queries.registrations(request.posting).filter(pk__in=wanted).values_list("pk", flat=True))


@door(Permission.DECIDE_REGISTRATIONS)
@require_POST
def reject(request: DeskRequest) -> HttpResponse:
    """POST registration=…, reason=."""
    form, at = RejectForm(request.POST, auto_id="reject_%s"), clock.now()
    if not form.is_valid():
        return _list_page(request, status=422, reject=form)
    try:
        count = commands.reject_registrations(
            registrations=_chosen(request, at), reason=form.cleaned_data["reason"], actor=request.actor, at=at
        )
    except Refusal as refusal:
        return refused(request, refusal, "registrations")
    return done(request, _("%(n)s rejected.") % {"n": count}, "registrations")


def _exported(line: RegistrationLine) -> list[object]:
    row, decision = line.registration, line.decision
    return [
        row.pk, line.person.code, row.group, line.state, row.area.code,
        decision.allocated.code if decision and decision.allocated else "", row.source, row.organisation,
        row.registered_at,
    ]  # fmt: skip


def _found(posting: Posting, filters: Mapping[str, str], at: datetime) -> QuerySet[Registration]:
    found, _form = narrowed(posting, filters, at)
    return found.order_by("registered_at", "pk")


REGISTRATIONS = exports.Source(
    name="vaccination.registrations",
    title=gettext_lazy("Registrations for vaccination"),
    file_name="registrations",
    permission=Permission.VIEW_REGISTRATIONS,
    purpose=Purpose.CARE,
    part="registrations, file",
    heading=("registration", "person", "group", "state", "area", "allocated_to", "source", "organisation",
             "registered_at"),
    form=RegistrationFilter,
    found=_found,
    rows=lambda found, at: map(_exported, queries.lines_of(list(found), at=at)),
    person=lambda row: row.person.root_id,
)  # fmt: skip


@door(Permission.VIEW_REGISTRATIONS)
@require_POST
def export_registrations(request: DeskRequest) -> HttpResponse:
    """POST ending=csv|xlsx, with the filters of the list in the address."""
    return exports.answer(request, REGISTRATIONS)
