"""The list of orders and the page of one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, areas, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Posting
from lachan.platform import live, paging
from lachan.platform.pages import answering, day_text, person_line
from lachan.platform.screen import Badge, Column, Row
from lachan.platform.symptoms import SYMPTOM
from lachan.systems.quarantine import commands, queries, words
from lachan.systems.quarantine.forms import EarlyRelease, NewOrder, OrderFilter, ReadingForm
from lachan.systems.quarantine.models import OrderTerm
from lachan.systems.quarantine.queries import OrderLine
from lachan.systems.quarantine.rules import Release
from lachan.systems.quarantine.views.pieces import basis_of, done, note, refused, root_of

NEWEST = 20


@door(Permission.VIEW_ORDERS)
@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """GET ?state=&subject=&code=&cursor=: the orders of the posting, soonest end first."""
    at = clock.now()
    terms, form = narrowed(request.posting, request.GET, at)
    page = paging.page(terms, key=("ends_on", "pk"), cursor=request.GET.get("cursor"))
    rows = [_row(line) for line in queries.lines(page.rows, at=at)]
    if answer := live.unchanged(request, rows):
        return answer
    note(request, page.rows, "orders", at)
    return render(
        request,
        "quarantine/orders.html",
        {
            "form": form, "page": page, "columns": _columns(), "rows": rows, "at": at,
            "items": queries.desk(request.posting, at=at) if page.first else [],
            "may_issue": access.may(request.posting, Permission.ISSUE_ORDER),
        },
    )  # fmt: skip


def narrowed(
    posting: Posting, asked: Mapping[str, str], at: datetime
) -> tuple[QuerySet[OrderTerm], OrderFilter]:
    """The orders of a posting that the filter of the page leaves."""
    form = OrderFilter(asked)
    given = form.cleaned_data if form.is_valid() else {}
    state = given.get("state") or "open"
    terms = queries.with_state(queries.orders(posting), state, on=clock.local_date(at))
    if given.get("subject"):
        terms = terms.filter(subject=given["subject"])
    if given.get("code"):
        terms = terms.filter(order__person__code=given["code"])
    return terms, form


def _columns() -> list[Column]:
    return [
        Column(_("Person")),
        Column(_("Order")),
        Column(_("State")),
        Column(_("Ends on")),
        Column(_("Where")),
    ]


def _row(line: OrderLine) -> Row:
    term, person = line.term, root_of(line.term)
    return Row(
        (person_line(person), words.kind_of(term.subject, term.kind), words.status_badge(line.status),
         day_text(term.ends_on), _where(line)),
        url=f"/quarantine/orders/{term.order_id}/", key=str(term.order_id), name=person.name,
        late=line.status == "waiting-for-bed",
    )  # fmt: skip


def _where(line: OrderLine) -> str:
    if line.stay:
        return f"{line.order.site or ''} · {line.stay.room.name} · {line.stay.bed.label}"
    if line.order.site:
        return str(line.order.site.name)
    area = root_of(line.term).home_area
    return area.name if area else ""


@door(Permission.VIEW_ORDERS)
@require_safe
@answering
def order(request: DeskRequest, number: int) -> HttpResponse:
    """One order: what it asks for and why, who decided when, readings, bed, and what may be done now."""
    return order_page(request, number)


def order_page(request: DeskRequest, number: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    at = clock.now()
    term = queries.order_for(request.posting, number)
    note(request, [term], "order", at)
    (line,) = queries.lines([term], at=at)
    verdict = line.verdict or queries.release_verdicts([term], at=at)[number]
    context = {
        "line": line, "term": term, "order": term.order, "who": person_line(root_of(term)),
        "person": root_of(term), "badge": words.status_badge(line.status),
        "kind": words.kind_of(term.subject, term.kind), "subject": words.SUBJECT[term.subject],
        "basis": basis_of(term), "checks": _checks(verdict), "history": _history(term),
        "readings": _readings(term), "all_readings": term.order.readings.count(),
        "reading_form": forms.get("reading") or ReadingForm(auto_id="reading_%s"),
        "early_form": forms.get("early") or EarlyRelease(auto_id="early_%s"),
        "open": term.order.closed_at is None, "proposal": term.order.releases.filter(agreed__isnull=True, early=True),
        "lifted": _lifted(term), "may": _permissions(request), "at": at,
    }  # fmt: skip
    return render(request, "quarantine/order.html", context, status=status)


def _permissions(request: DeskRequest) -> dict[str, bool]:
    wanted = (Permission.MONITOR, Permission.RELEASE, Permission.ASSIGN_BED)
    return {p.name.lower(): access.may(request.posting, p) for p in wanted}


def _checks(verdict: Release) -> list[dict[str, object]]:
    return [{"met": c.met, "sentence": words.met(c) if c.met else words.missing(c)} for c in verdict.checks]


def _history(term: OrderTerm) -> list[dict[str, object]]:
    before = term.order.terms.order_by("decided_at", "pk").select_related("decided_by")
    return [
        {
            "term": t,
            "kind": words.kind_of(t.subject, t.kind),
            "subject": words.SUBJECT[t.subject],
            "basis": basis_of(t),
        }
        for t in before
    ]


def _readings(term: OrderTerm) -> Sequence[Row]:
    newest = term.order.readings.select_related("recorded_by").order_by("-taken_at")[:NEWEST]
    return [
        Row(
            (f"{r.taken_at.astimezone(clock.zone()):%H:%M %d/%m/%Y}", r.temperature, r.spo2, r.pulse, r.breaths,
             ", ".join(str(SYMPTOM[s]) for s in r.symptoms) or Badge(_("none"), "ok"), r.recorded_by)
        )
        for r in newest
    ]  # fmt: skip


def _lifted(term: OrderTerm) -> object:
    event = term.order.closing_event
    return "" if event is None else words.LIFTED.get(event.facts.get("reason", ""), "")


@door(Permission.ISSUE_ORDER)
@require_http_methods(["GET", "POST"])
def new_order(request: DeskRequest) -> HttpResponse:
    """An order for an arrival, a returnee, or a contact known from paper."""
    form = NewOrder(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at, given = clock.now(), form.cleaned_data
        try:
            person = access.person(
                request.posting, code=given["code"], purpose=Purpose.QUARANTINE, part="new order", at=at
            )
            issued = commands.issue_order(
                person=person,
                subject=given["subject"],
                exposed_on=given["exposed_on"],
                actor=request.actor,
                at=at,
            )
        except Refusal as refusal:
            form.refuse(refusal, "code" if refusal.status == 404 else None)
        else:
            return done(request, _("The order is issued."), "order", issued.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "quarantine/new_order.html", {"form": form}, status=status)


@door(Permission.RELEASE)
@require_POST
@answering
def allow_home(request: DeskRequest, number: int) -> HttpResponse:
    term = queries.order_for(request.posting, number)
    try:
        commands.allow_home(order=term.order, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "order", number)
    return done(request, _("The order is now served at home."), "order", number)


@door(Permission.ASSIGN_BED)
@require_POST
@answering
def vacate(request: DeskRequest, number: int) -> HttpResponse:
    term = queries.order_for(request.posting, number)
    try:
        commands.vacate(order=term.order, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "order", number)
    return done(request, _("The bed is free again."), "order", number)


def home_address(term: OrderTerm) -> str:
    """Where a home order is served, as the person's record says."""
    person = root_of(term)
    parts = [person.address, areas.full_name(person.home_area) if person.home_area else ""]
    return ", ".join(part for part in parts if part)
