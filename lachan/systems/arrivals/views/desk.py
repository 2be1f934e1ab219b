"""The desk of a gate: who is expected, who waits, who was cleared; the slip; who comes without a declaration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Posting
from lachan.platform import exports, pages, paging
from lachan.platform.pages import Answers, answering
from lachan.platform.screen import Column, Row
from lachan.systems.arrivals import printing, queries, words
from lachan.systems.arrivals.commands import Traveller, declare_arrival
from lachan.systems.arrivals.commands.journeys import plain_vehicle
from lachan.systems.arrivals.forms import ArrivalsFilter, EntryForm
from lachan.systems.arrivals.models import ArrivalDeclaration, Clearance
from lachan.systems.arrivals.views import pieces

_answers = Answers("arrivals")


@door(Permission.VIEW_ARRIVALS)
@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """GET ?state=&duty=&day=&vehicle=&cursor=: the latest day of arrival first."""
    found, form = narrowed(request.posting, request.GET, clock.now())
    page = paging.page(found, key=("-arrives_on", "-pk"), cursor=request.GET.get("cursor"))
    pieces.note(request, page.rows, "arrivals")
    context = {
        "form": form, "page": page, "rows": [_row(made) for made in page.rows], "figures": _figures(request.posting),
        "columns": [Column(_("Traveller")), Column(_("Arrival")), Column(_("Journey")), Column(_("State")),
                    Column(_("Duty"))],
        "may_clear": access.may(request.posting, Permission.CLEAR_ARRIVALS),
    }  # fmt: skip
    return render(request, "arrivals/home.html", context)


def narrowed(
    posting: Posting, asked: Mapping[str, str], at: datetime
) -> tuple[QuerySet[Any], ArrivalsFilter]:
    """The declarations of a posting that the filter of the page leaves, each with its state and the duty decided."""
    form = ArrivalsFilter(asked)
    form.is_valid()
    given, found = form.cleaned_data, queries.declarations_of(posting)
    day = given.get("day")
    if given.get("vehicle"):
        found = found.filter(vehicle=plain_vehicle(given["vehicle"]))
    if given.get("state"):
        found = queries.in_state(found, given["state"], day or clock.local_date(at))
    else:
        found = queries.with_state(found.filter(arrives_on=day) if day else found)
    decided = Clearance.objects.filter(declaration=OuterRef("pk"), replaced_by__isnull=True)
    found = found.annotate(duty=Subquery(decided.values("duty")[:1]))
    return found.filter(duty=given["duty"]) if given.get("duty") else found, form


def _figures(posting: Posting) -> list[tuple[Any, int, str]]:
    """Of today: by state, and by duty what was decided."""
    day, here = clock.local_date(clock.now()), reverse("arrivals:home")
    names = {"expected": _("Expected"), "waiting": _("Waiting"), "cleared": _("Cleared")}
    states = [(names[s], n, f"{here}?state={s}") for s, n in queries.counts(posting, day).items()]
    duties = [
        (words.DUTY[d], n, f"{here}?duty={d}&day={day:%d/%m/%Y}")
        for d, n in queries.duties(posting, day).items()
    ]
    return states + duties


def _row(made: Any) -> Row:
    person = made.person.merged_into or made.person
    url = reverse("arrivals:traveller", args=[made.pk])
    duty = words.duty_badge(made.duty) if made.duty else ""
    cells = (pages.person_line(person), pages.day_text(made.arrives_on), f"{made.vehicle} {made.seat}".strip(),
             pieces.state_badge(made), duty)  # fmt: skip
    return Row(cells, url=url, key=str(made.pk), name=person.name, late=made.landed and not made.is_cleared)


def _found(posting: Posting, filters: Mapping[str, str], at: datetime) -> QuerySet[ArrivalDeclaration]:
    found, _form = narrowed(posting, filters, at)
    return found.order_by("-arrives_on", "-pk")


def _exported(made: Any) -> list[object]:
    person = made.person.merged_into or made.person
    state = "cleared" if made.is_cleared else "waiting" if made.landed else "expected"
    return [
        made.code, person.code, made.gate.code, made.arrives_on, made.vehicle, made.seat, made.nationality,
        made.from_country, made.destination_area.code, state, made.duty or "",
    ]  # fmt: skip


ARRIVALS = exports.Source(
    name="arrivals.list",
    title=gettext_lazy("Arrivals"),
    file_name="arrivals",
    permission=Permission.VIEW_ARRIVALS,
    purpose=Purpose.ENTRY,
    part="arrivals, file",
    heading=("declaration", "person", "gate", "arrives_on", "vehicle", "seat", "nationality", "from", "destination",
             "state", "duty"),
    form=ArrivalsFilter,
    found=_found,
    rows=lambda found, _at: map(_exported, found),
    person=lambda made: made.person.root_id,
)  # fmt: skip


@door(Permission.VIEW_ARRIVALS)
@require_POST
def export(request: DeskRequest) -> HttpResponse:
    """POST ending=csv|xlsx, with the filters of the list in the address."""
    return exports.answer(request, ARRIVALS)


@door(Permission.VIEW_ARRIVALS)
@require_safe
@answering
def slip(request: DeskRequest, number: int) -> HttpResponse:
    """The slip of a decision as PDF, A6."""
    done = queries.clearance(request.posting, number)
    pieces.note(request, [done.declaration], "entry slip")
    answer = HttpResponse(printing.slip(done, at=clock.now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="entry-{done.declaration.short_code}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@door(Permission.CLEAR_ARRIVALS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def paper(request: DeskRequest) -> HttpResponse:
    """Form 01 for who stands at the counter without a declaration; then to the traveller."""
    typed = request.POST if request.method == "POST" else None
    own = queries.gates_of(request.posting).first()
    today = clock.local_date(clock.now())
    form = EntryForm(
        typed, initial={"key": str(uuid4()), "gate": own.code if own else "", "arrives_on": today}
    )
    if typed is not None and form.is_valid():
        try:
            made = _taken(request, form)
        except Refusal as refusal:
            form.refuse(refusal)
            return render(request, "arrivals/paper.html", {"form": form}, status=refusal.status)
        if queries.gates_of(request.posting).filter(pk=made.gate_id).exists():
            return _answers.go("traveller", made.pk)
        return _answers.done(request, _("Taken down for another gate."), "counter")
    return render(request, "arrivals/paper.html", {"form": form}, status=422 if form.errors else 200)


def _taken(request: DeskRequest, form: EntryForm) -> ArrivalDeclaration:
    sender = Traveller(declared_by=form.cleaned_data["declared_by"], actor=request.actor)
    return declare_arrival(
        journey=form.journey(), about=form.identity(), key=form.sent_key(), sender=sender, at=clock.now()
    )
