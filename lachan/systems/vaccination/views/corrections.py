"""Corrections that people ask for: the list, asking for somebody, and deciding one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Person, Place, PlaceKind
from lachan.platform import paging
from lachan.platform.pages import answering, person_line
from lachan.platform.screen import Column, Row
from lachan.systems.vaccination import commands
from lachan.systems.vaccination import correction_words as words
from lachan.systems.vaccination.correction_desk import ask, wrong_form
from lachan.systems.vaccination.correction_forms import DecisionForm, StartForm, WrongForm
from lachan.systems.vaccination.models import CorrectionRequest
from lachan.systems.vaccination.queries import corrections as queries
from lachan.systems.vaccination.queries.policy import vaccine_name
from lachan.systems.vaccination.queries.scope import stores
from lachan.systems.vaccination.reaction_words import moment
from lachan.systems.vaccination.views.pieces import done

MOST_SITES: Final = 300  # in one list to choose from


@door(Permission.CORRECT_RECORDS)
@require_safe
@answering
def corrections(request: DeskRequest) -> HttpResponse:
    """GET ?all=&cursor=: what waits (or all), newest first."""
    at, found = clock.now(), queries.corrections(request.posting)
    if not request.GET.get("all"):
        found = found.filter(decided_at__isnull=True)
    page = paging.page(found, key=("-asked_at", "-pk"), cursor=request.GET.get("cursor"))
    access.note_reads(
        [r.person_id for r in page.rows],
        request.posting,
        purpose=Purpose.VACCINATION,
        part="corrections",
        at=at,
    )
    columns = [Column(_("Person")), Column(_("What is wrong?")), Column(_("Asked for")), Column(_("State"))]
    rows = [_row(row) for row in page.rows]
    context = {"columns": columns, "rows": rows, "page": page, "at": at, "all": bool(request.GET.get("all"))}
    return render(request, "vaccination/corrections.html", context)


def _row(row: CorrectionRequest) -> Row:
    person = person_line(row.person.merged_into or row.person)
    return Row(
        (person, words.KIND[row.kind], moment(row.asked_at), words.told(row)),
        url=f"/vaccination/corrections/{row.pk}/", key=str(row.pk),
    )  # fmt: skip


@door(Permission.CORRECT_RECORDS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@answering
def new_correction(request: DeskRequest) -> HttpResponse:
    """GET ?person=&kind=: for somebody who stands at the desk; a colleague decides."""
    at, start = clock.now(), StartForm(request.GET or None)
    if not start.is_valid():
        status = 422 if request.GET or request.method == "POST" else 200
        return render(request, "vaccination/new_correction.html", {"start": start, "at": at}, status=status)
    kind = start.cleaned_data["kind"]
    try:
        who = access.presented(
            request.posting, code=start.cleaned_data["person"], purpose=Purpose.VACCINATION, part="correction", at=at
        )  # fmt: skip
    except Refusal as refusal:
        start.refuse(refusal, "person")
        context = {"start": start, "at": at}
        return render(request, "vaccination/new_correction.html", context, status=refusal.status)
    form, status = wrong_form(request.POST or None, kind=kind, person=who, at=at), 200
    if request.method == "POST":
        if (row := _asked(request, form, who, kind, at)) is not None:
            here = queries.corrections(request.posting).filter(pk=row.pk).exists()
            return done(
                request,
                _("Asked for. A colleague decides."),
                *(("correction", row.pk) if here else ("corrections",)),
            )
        status = 422
    context = {"form": form, "who": person_line(who), "kind": words.KIND[kind], "at": at}
    return render(request, "vaccination/new_correction.html", context, status=status)


def _asked(
    request: DeskRequest, form: WrongForm, who: Person, kind: str, at: datetime
) -> CorrectionRequest | None:
    """None where the form says why not."""
    if form.is_valid():
        try:
            return ask(form, kind=kind, person=who, actor=request.actor, at=at)
        except Refusal as refusal:
            form.refuse(refusal)
    return None


@door(Permission.CORRECT_RECORDS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@answering
def correction(request: DeskRequest, number: int) -> HttpResponse:
    """What is asked, beside what stands; and the decision."""
    at, row = clock.now(), queries.correction_for(request.posting, number)
    sites = _sites(request) if row.kind == "site" else []
    form, status = DecisionForm(request.POST or None, kind=row.kind, sites=sites), 200
    access.note_reads([row.person_id], request.posting, purpose=Purpose.VACCINATION, part="correction", at=at)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _decide(request, row, form, sites, at)
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                return done(request, _("Decided."), "correction", row.pk)
    context = {"row": row, "person": row.person.merged_into or row.person, "form": form, "at": at} | _shown(
        row
    )
    return render(request, "vaccination/correction.html", context, status=status)


def _sites(request: DeskRequest) -> list[Place]:
    found = stores(request.posting).filter(kind=PlaceKind.VACCINATION_SITE)
    return list(found[:MOST_SITES])


def _decide(
    request: DeskRequest, row: CorrectionRequest, form: DecisionForm, sites: Sequence[Place], at: datetime
) -> None:
    """Raises CannotCorrect, CannotMoveDoses, CannotVerify."""
    given = form.cleaned_data
    if given["decision"] == "refuse":
        commands.refuse_correction(correction=row, answer=given["answer"], actor=request.actor, at=at)
        return
    site = next((each for each in sites if str(each.pk) == given.get("site")), None)
    commands.confirm_correction(
        correction=row, answer=given["answer"], number=given.get("number", ""), site=site, actor=request.actor, at=at
    )  # fmt: skip


def _shown(row: CorrectionRequest) -> dict[str, Any]:
    """In words; of a dose how it stands, and what stood there before."""
    found: dict[str, Any] = {
        "kind": words.KIND[row.kind], "state": words.told(row), "before": words.before(row),
        "wanted": words.wanted(row),
    }  # fmt: skip
    if row.dose is not None:
        dose = queries.as_it_stands(row.dose)
        found["dose"] = words.dose_line(dose, vaccine_name(dose))
        found["struck"] = [
            (each, words.dose_line(each, vaccine_name(each))) for each in queries.history(dose)
        ]
    return found
