"""The list of cases, the page of one, and what is written down there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import IdentifierKind, Person, Posting
from lachan.core.persons import Identity
from lachan.platform import live, paging, policies
from lachan.platform.pages import answering, person_line
from lachan.platform.screen import Badge, Column, Row
from lachan.platform.symptoms import SYMPTOM
from lachan.systems.tracing import queries, words
from lachan.systems.tracing.commands import cases, interviews
from lachan.systems.tracing.forms import (
    CaseFilter,
    ExposureForm,
    FindingForm,
    HandOverForm,
    ReportForm,
    masked,
)
from lachan.systems.tracing.models import Case, Contact
from lachan.systems.tracing.views.pieces import done, known_or_code, moment_text, note, refused

NEWEST = 5


@door(Permission.VIEW_CASES)
@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """GET ?state=&code=&cursor=: cases of the posting, newest first."""
    at = clock.now()
    found, form = narrowed(request.posting, request.GET)
    page = paging.page(found, key=("-opened_at", "-pk"), cursor=request.GET.get("cursor"))
    rows = [_row(c) for c in page.rows]
    if answer := live.unchanged(request, rows):
        return answer
    note(request, [c.root for c in page.rows], "cases", at)
    columns = [
        Column(_("Person")),
        Column(_("Case")),
        Column(_("Onset")),
        Column(_("Opened")),
        Column(_("Area")),
    ]
    context = {
        "form": form, "page": page, "columns": columns, "rows": rows, "at": at,
        "items": queries.desk(request.posting, at=at) if page.first else [], "may": permissions(request),
        "notices": queries.notices(request.posting)[:NEWEST],
    }  # fmt: skip
    return render(request, "tracing/cases.html", context)


def narrowed(posting: Posting, asked: Mapping[str, str]) -> tuple[QuerySet[Case], CaseFilter]:
    """The cases of a posting that the filter of the page leaves."""
    form = CaseFilter(asked)
    given = form.cleaned_data if form.is_valid() else {}
    wanted = {"open": ("suspect", "probable"), "confirmed": ("confirmed",), "withdrawn": ("withdrawn",)}
    state = given.get("state", "")
    found = queries.cases(posting)
    found = found.filter(classification__in=wanted.get(state, ("suspect", "probable", "confirmed")))
    if state in ("open", "confirmed", "ended"):
        found = found.filter(ended_at__isnull=state != "ended")
    if given.get("code"):
        found = found.filter(root__code=given["code"])
    return found, form


def _row(case: Case) -> Row:
    area = case.root.home_area
    return Row(
        (person_line(case.root), _badge(case),
         f"{case.onset_on:%d/%m/%Y}" if case.onset_on else "", moment_text(case.opened_at),
         area.name if area else ""),
        url=f"/tracing/cases/{case.pk}/", key=str(case.pk), name=case.root.name,
    )  # fmt: skip


def _badge(case: Case) -> Badge:
    return words.case_badge(case.classification, ended=case.ended_at is not None)


def permissions(request: DeskRequest) -> dict[str, bool]:
    wanted = (
        Permission.CLASSIFY_CASE, Permission.INTERVIEW, Permission.HAND_OVER, Permission.EXPORT_LINE_LIST,
    )  # fmt: skip
    return {p.name.lower(): access.may(request.posting, p) for p in wanted}


@door(Permission.VIEW_CASES)
@require_safe
@answering
def case(request: DeskRequest, number: int) -> HttpResponse:
    """GET ?cursor=: one case: what it rests on, when it infected, whom it met and where."""
    return case_page(request, number)


def case_page(request: DeskRequest, number: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    at = clock.now()
    found = queries.case_for(request.posting, number)
    met = queries.contacts_of(found)
    page = paging.page(met, key=queries.CONTACT_KEY, cursor=request.GET.get("cursor"))
    contacts = page.rows
    rows = [_contact_row(request, c) for c in contacts]
    if answer := live.unchanged(request, rows):
        return answer
    residents = [c.person for c in contacts if queries.is_resident(request.posting, c.person)]
    note(request, [found.root, *residents], "case", at)
    context = {
        "case": found, "who": person_line(found.root), "badge": _badge(found),
        "basis": policies.at(clock.local_date(at)).tracing.basis, "findings": _findings(found),
        "columns": [Column(_("Contact")), Column(_("Level")), Column(_("Last exposure")), Column(_("Found"))],
        "contacts": rows, "page": page,
        "milestones": queries.milestones_of(found), "notices": found.notices.select_related("place"),
        "handovers": found.handovers.select_related("to_area").order_by("-sent_at"), "may": permissions(request),
        "finding_form": forms.get("finding") or FindingForm(auto_id="finding_%s"),
        "exposure_form": forms.get("exposure") or ExposureForm(auto_id="exposure_%s"),
        "handover_form": forms.get("handover") or HandOverForm(auto_id="handover_%s"),
        "open": found.closed_at is None, "running": found.closed_at is None and found.ended_at is None, "at": at,
    }  # fmt: skip
    return render(request, "tracing/case.html", context, status=status)


def _findings(case: Case) -> list[dict[str, object]]:
    return [
        {
            "row": f,
            "symptoms": ", ".join(str(SYMPTOM.get(s, s)) for s in f.symptoms),
            "void": f.voided_by.exists(),
            "can_void": f.result_id is None and f.kind != "voided" and not f.voided_by.exists(),
        }
        for f in queries.findings_of(case)
    ]


def _contact_row(request: DeskRequest, contact: Contact) -> Row:
    resident = queries.is_resident(request.posting, contact.person)
    return Row(
        (known_or_code(request, contact.person), words.level_badge(contact.level), moment_text(contact.exposed_at),
         moment_text(contact.found_at)),
        url=f"/tracing/contacts/{contact.pk}/" if resident else "", key=str(contact.pk),
    )  # fmt: skip


@door(Permission.CLASSIFY_CASE)
@require_http_methods(["GET", "POST"])
def report(request: DeskRequest) -> HttpResponse:
    """A suspect or probable case by hand: evidence is typed, the classification computed."""
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at, given = clock.now(), form.cleaned_data
        try:
            person = access.person(
                request.posting, code=given["code"], purpose=Purpose.TRACING, part="case report", at=at
            )
            made = cases.report_case(person=person, report=_report(given), actor=request.actor, at=at)
        except Refusal as refusal:
            form.refuse(refusal, "code" if refusal.status == 404 else None)
        else:
            return done(request, _("The report is kept."), "case", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "tracing/report.html", {"form": form}, status=status)


def _report(given: dict[str, Any]) -> cases.Report:
    return cases.Report(
        symptoms=tuple(given["symptoms"]), onset_on=given["onset_on"], epi_link=given["epi_link"],
        diagnosis=given.get("diagnosis", False), isolated_at=given.get("isolated_at"), note=given["note"],
    )  # fmt: skip


@door(Permission.INTERVIEW)
@require_POST
@answering
def record_finding(request: DeskRequest, number: int) -> HttpResponse:
    """More evidence on a case."""
    found, form = queries.case_for(request.posting, number), FindingForm(request.POST, auto_id="finding_%s")
    if form.is_valid():
        try:
            cases.report_case(
                person=found.root, report=_report(form.cleaned_data), actor=request.actor, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return done(request, _("The finding is kept."), "case", number)
    return case_page(request, number, status=422, finding=form)


@door(Permission.CLASSIFY_CASE)
@require_POST
@answering
def void_finding(request: DeskRequest, number: int, finding: int) -> HttpResponse:
    """Take back what was written down in error."""
    found = queries.case_for(request.posting, number)
    row = next((f for f in queries.findings_of(found) if f.pk == finding), None)
    if row is None:
        raise queries.CaseNotVisible
    try:
        cases.void_finding(case=found, finding=row, note="", actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "case", number)
    return done(request, _("The finding no longer counts; it stays readable."), "case", number)


@door(Permission.INTERVIEW)
@require_POST
@answering
def record_exposure(request: DeskRequest, number: int) -> HttpResponse:
    """Somebody whom the case met, from the interview."""
    found, form = queries.case_for(request.posting, number), ExposureForm(request.POST, auto_id="exposure_%s")
    if form.is_valid():
        at = clock.now()
        try:
            named = _named(request, form.cleaned_data, at)
            interviews.add_exposures(case=found, contacts=[named], actor=request.actor, at=at)
        except Refusal as refusal:
            form.refuse(refusal, "code" if refusal.status == 404 else None)
        else:
            return done(request, _("The contact is kept."), "case", number)
    return case_page(request, number, status=422, exposure=form)


def _named(request: DeskRequest, given: dict[str, Any], at: datetime) -> interviews.NamedContact:
    return interviews.NamedContact(
        person=_person(request, given["code"], at), identity=None if given["code"] else _identity(given),
        setting=given["setting"], starts_at=given["starts_at"], ends_at=given["ends_at"],
        masked=masked(given["masked"]),
    )  # fmt: skip


def _person(request: DeskRequest, code: str, at: datetime) -> Person | None:
    """The person of a code, wherever they live: a case may have met anybody, and only the code is shown."""
    if not code:
        return None
    return access.presented(request.posting, code=code, purpose=Purpose.TRACING, part="interview", at=at)


def _identity(given: dict[str, Any]) -> Identity:
    phone = {IdentifierKind.PHONE.value: given["phone"]} if given["phone"] else None
    return Identity(name=given["name"], birth=given["birth"], home_area=given["area"], identifiers=phone)
