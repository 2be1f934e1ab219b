"""Vessels of a gate: announced, listed, arrived; who sits where, who did not declare."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import pages, paging
from lachan.platform.exports.sheets import CsvSheet
from lachan.platform.pages import Answers, answering
from lachan.platform.screen import Badge, Column, Row
from lachan.systems.arrivals import queries, words
from lachan.systems.arrivals.commands.manifests import import_manifest
from lachan.systems.arrivals.commands.vessels import record_landing, register_conveyance
from lachan.systems.arrivals.forms.vessels import MOST_ROWS, LandingForm, ListForm, VesselForm
from lachan.systems.arrivals.models import ArrivalDeclaration, Conveyance, Manifest, Passenger
from lachan.systems.arrivals.views import seating

_answers = Answers("arrivals")


@door(Permission.VIEW_ARRIVALS)
@require_safe
def vessels(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: what comes last first."""
    found = queries.with_aboard(queries.vessels(request.posting))
    page = paging.page(found, key=("-arrives_at", "-pk"), cursor=request.GET.get("cursor"))
    context = {
        "page": page, "rows": [_row(one) for one in page.rows], "at": clock.now(),
        "columns": [Column(_("Vessel")), Column(_("Kind")), Column(_("From")), Column(_("Gate")), Column(_("Arrival")),
                    Column(_("State")), Column(_("Listed"), numeric=True)],
        "may_announce": access.may(request.posting, Permission.TAKE_MANIFEST),
    }  # fmt: skip
    return render(request, "arrivals/vessels.html", context)


def _row(one: Any) -> Row:
    cells = (one.number, one.get_kind_display(), words.country(one.from_country), one.gate.name,
             _moment(one.landed_at or one.arrives_at), _state(one), one.aboard)  # fmt: skip
    late = one.landed_at is None and one.arrives_at <= clock.now()
    return Row(
        cells, url=reverse("arrivals:vessel", args=[one.pk]), key=str(one.pk), name=one.number, late=late
    )


def _moment(at: Any) -> str:
    return f"{at.astimezone(clock.zone()):%H:%M %d/%m/%Y}"


def _state(one: Conveyance) -> Badge:
    if one.landed_at:
        return Badge(_("arrived"), "ok")
    return Badge(_("should have arrived"), "warn") if one.arrives_at <= clock.now() else Badge(_("expected"))


@door(Permission.TAKE_MANIFEST)
@require_http_methods(["GET", "HEAD", "POST"])
def new_vessel(request: DeskRequest) -> HttpResponse:
    """Announce a journey to a gate of the posting."""
    gates = queries.gates_of(request.posting).filter(area__isnull=False)
    form = VesselForm(request.POST or None, gates=gates, initial={"kind": "plane"})
    if request.method == "POST" and form.is_valid():
        try:
            made = register_conveyance(actor=request.actor, at=clock.now(), **form.given())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _answers.done(request, _("The vessel is announced."), "vessel", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "arrivals/new_vessel.html", {"form": form}, status=status)


@door(Permission.VIEW_ARRIVALS)
@require_safe
@answering
def vessel(request: DeskRequest, number: int) -> HttpResponse:
    """GET ?seat=: whom this person sits near; ?cursor=: of those aboard."""
    return _vessel_page(request, number, None)


def _vessel_page(request: DeskRequest, number: int, form: LandingForm | None) -> HttpResponse:
    found, at = queries.vessel(request.posting, number), clock.now()
    everybody = list(queries.aboard(found))
    chosen = next((p for p in everybody if p.seat and p.seat == request.GET.get("seat", "").upper()), None)
    near = list(queries.neighbours(chosen, rows_apart=queries.seat_rows(at))) if chosen else []
    listed = queries.aboard(found).filter(pk__in=[p.pk for p in near]) if chosen else queries.aboard(found)
    page = paging.page(listed, key=("pk",), cursor=request.GET.get("cursor"))
    note(request, page.rows, "vessel")
    context = {
        "vessel": found, "state": _state(found), "page": page, "rows": [_passenger(p) for p in page.rows],
        "columns": passenger_columns(), "map": seating.seat_map(found, everybody, chosen, near),
        "aboard": len(everybody), "crew": sum(p.crew for p in everybody), "chosen": chosen, "near": len(near),
        "unseated": sum(p.row_from is None for p in everybody), "rows_apart": queries.seat_rows(at),
        "missing": _count(queries.missing(found)), "lists": found.manifests.order_by("-pk"), "at": at,
        "may_list": access.may(request.posting, Permission.TAKE_MANIFEST),
        "form": form or LandingForm(initial={"departed_at": found.departs_at, "landed_at": found.arrives_at}),
        "country": words.country(found.from_country),
    }  # fmt: skip
    return render(request, "arrivals/vessel.html", context, status=422 if form else 200)


def _count(found: queries.Missing) -> int:
    return len(found.undeclared) + len(found.not_aboard) + len(found.differing)


def note(request: DeskRequest, shown: Iterable[Passenger], part: str) -> None:
    """Whoever is shown by name is told of it in their own log."""
    ids = [p.person.root_id for p in shown]
    access.note_reads(ids, request.posting, purpose=Purpose.ENTRY, part=part, at=clock.now())


def passenger_columns() -> list[Column]:
    return [Column(_("Name")), Column(_("Seat")), Column(_("Nationality")), Column(_("Aboard as"))]


def _passenger(one: Passenger) -> Row:
    person = one.person.merged_into or one.person
    role = _("crew") if one.crew else _("passenger")
    return Row(
        (pages.person_line(person), one.seat, words.country(one.nationality) if one.nationality else "", role),
        key=str(one.pk), name=person.name,
    )  # fmt: skip


@door(Permission.TAKE_MANIFEST)
@require_POST
@answering
def landing(request: DeskRequest, number: int) -> HttpResponse:
    """POST departed_at=, landed_at=: the vessel has arrived; whoever is listed was aboard."""
    found, form = queries.vessel(request.posting, number), LandingForm(request.POST)
    if form.is_valid():
        try:
            record_landing(conveyance=found, actor=request.actor, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            if found.landed_at:  # the page has no form for it any more
                return _answers.refused(request, refusal, "vessel", number)
            form.refuse(refusal)
        else:
            return _answers.done(request, _("The arrival is recorded."), "vessel", number)
    return _vessel_page(request, number, form)


@door(Permission.TAKE_MANIFEST)
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def new_list(request: DeskRequest, number: int) -> HttpResponse:
    """POST file=: a passenger list of this vessel."""
    found = queries.vessel(request.posting, number)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _import(request, found, form.cleaned_data["file"])
        except Refusal as refusal:
            form.refuse(refusal, "file")
        else:
            return _answers.go("list", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "arrivals/new_list.html", {"form": form, "vessel": found}, status=status)


def _import(request: DeskRequest, found: Conveyance, file: Any) -> Manifest:
    with tempfile.NamedTemporaryFile(prefix="lachan-list-") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        return import_manifest(
            conveyance=found, file=Path(kept.name), actor=request.actor, at=clock.now(), most_rows=MOST_ROWS
        )


@door(Permission.VIEW_ARRIVALS)
@require_safe
@answering
def passenger_list(request: DeskRequest, number: int) -> HttpResponse:
    """What became of the rows of a list."""
    made = queries.manifest(request.posting, number)
    rows = [Row(tuple(refusal), key=str(refusal[0])) for refusal in made.refusals]
    context = {
        "list": made, "vessel": made.conveyance, "rows": rows, "at": clock.now(), "columns": _refusal_columns(),
        "more": made.refused - len(rows), "new": made.taken - made.already,
    }  # fmt: skip
    return render(request, "arrivals/list.html", context)


def _refusal_columns() -> list[Column]:
    return [Column(_("Row"), numeric=True), Column(_("Column")), Column(_("Code")), Column(_("Reason"))]


@door(Permission.VIEW_ARRIVALS)
@require_safe
@answering
def refusals(request: DeskRequest, number: int) -> HttpResponse:
    """The refused rows as a file to send back: row, column, code, reason."""
    made = queries.manifest(request.posting, number)
    heading = [str(column.label) for column in _refusal_columns()]
    file = CsvSheet()
    answer = HttpResponse(
        file.add([heading, *made.refusals]) + file.end(), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="refused-rows-{made.pk}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


@door(Permission.VIEW_ARRIVALS)
@require_safe
@answering
def missing(request: DeskRequest, number: int) -> HttpResponse:
    """The list beside the declarations."""
    found = queries.vessel(request.posting, number)
    told = queries.missing(found)
    shown = [p.person.root_id for p in told.undeclared] + [d.person.root_id for d in told.not_aboard]
    shown += [one.person.root_id for pair in told.differing for one in pair]
    access.note_reads(shown, request.posting, purpose=Purpose.ENTRY, part="missing", at=clock.now())
    context = {
        "vessel": found, "columns": passenger_columns(), "undeclared": [_passenger(p) for p in told.undeclared],
        "not_aboard": [_declared(d) for d in told.not_aboard],
        "declared_columns": [Column(_("Name")), Column(_("Seat declared")), Column(_("Nationality"))],
        "differing": [_differing(*pair) for pair in told.differing], "at": clock.now(),
        "differing_columns": [Column(_("On the list")), Column(_("Seat")), Column(_("Declared")),
                              Column(_("Seat declared"))],
    }  # fmt: skip
    return render(request, "arrivals/missing.html", context)


def _declared(one: ArrivalDeclaration) -> Row:
    person = one.person.merged_into or one.person
    url = reverse("arrivals:traveller", args=[one.pk])
    return Row(
        (pages.person_line(person), one.seat, words.country(one.nationality)), url=url, key=str(one.pk)
    )


def _differing(one: Passenger, other: ArrivalDeclaration) -> Row:
    aboard, declared = one.person.merged_into or one.person, other.person.merged_into or other.person
    return Row(
        (pages.person_line(aboard), one.seat, pages.person_line(declared), other.seat), key=str(one.pk)
    )
