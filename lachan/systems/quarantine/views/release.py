"""The release list, early release, and signing it."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import paging
from lachan.platform.pages import answering, day_text, numbers, person_line
from lachan.platform.screen import Column, Row
from lachan.systems.quarantine import commands, queries, words
from lachan.systems.quarantine.commands import CannotRelease
from lachan.systems.quarantine.forms import EarlyRelease
from lachan.systems.quarantine.models import Order, ReleaseDecision
from lachan.systems.quarantine.queries import OrderLine
from lachan.systems.quarantine.views.orders import order_page
from lachan.systems.quarantine.views.pieces import done, go, note, refused, root_of


@door(Permission.RELEASE)
@require_http_methods(["GET", "POST"])
def releases(request: DeskRequest) -> HttpResponse:
    """GET: who has reached the end, who of them may go, and what keeps the others. POST order=…: release them."""
    at = clock.now()
    if request.method == "POST":
        return _release(request, at)
    today = clock.local_date(at)
    over = queries.with_state(queries.orders(request.posting), "over", on=today)
    page = paging.page(over, key=("ends_on", "pk"), cursor=request.GET.get("cursor"))
    note(request, page.rows, "release list", at)
    found = queries.lines(page.rows, at=at)
    columns = [Column(_("Person")), Column(_("Order")), Column(_("Ends on"))]
    return render(
        request,
        "quarantine/releases.html",
        {
            "at": at, "page": page, "columns": columns, "kept_columns": [*columns, Column(_("What is missing"))],
            "due": [_row(line) for line in found if line.verdict and line.verdict.due],
            "kept": [_kept_row(line) for line in found if line.verdict and not line.verdict.due],
        },
    )  # fmt: skip


def _row(line: OrderLine) -> Row:
    term = line.term
    return Row(
        (person_line(root_of(term)), words.kind_of(term.subject, term.kind), day_text(term.ends_on)),
        url=f"/quarantine/orders/{term.order_id}/", key=str(term.order_id), name=root_of(term).name,
    )  # fmt: skip


def _kept_row(line: OrderLine) -> Row:
    unmet = line.verdict.unmet if line.verdict else ()
    reasons = format_html_join("; ", "{}", ((words.missing(check),) for check in unmet))
    row = _row(line)
    return Row((*row.cells, reasons), url=row.url, name=row.name)


def _release(request: DeskRequest, at: datetime) -> HttpResponse:
    wanted = numbers(request.POST.getlist("order"))
    mine = [t.order for t in queries.orders(request.posting).filter(order__in=wanted)]
    if not mine:
        messages.warning(request, _("Select the people who go."))
        return go("releases")
    try:
        outcome = commands.release(orders=mine, actor=request.actor, at=at)
    except CannotRelease as refusal:
        return refused(request, refusal, "releases")
    if outcome.refused:
        messages.warning(
            request,
            ngettext("%(n)d person must stay.", "%(n)d people must stay.", len(outcome.refused))
            % {"n": len(outcome.refused)},
        )
    count = len(outcome.released)
    sentence = ngettext("%(n)d person is released.", "%(n)d people are released.", count) % {"n": count}
    return done(request, sentence, "releases")


@door(Permission.RELEASE)
@require_POST
@answering
def propose_early(request: DeskRequest, number: int) -> HttpResponse:
    term = queries.order_for(request.posting, number)
    form = EarlyRelease(request.POST, auto_id="early_%s")
    if form.is_valid():
        try:
            commands.propose_early_release(
                order=term.order, reason=form.cleaned_data["reason"], actor=request.actor, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return done(request, _("Proposed. A second person has to sign."), "order", number)
    return order_page(request, number, status=422, early=form)


@door(Permission.RELEASE)
@require_safe
def proposals(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: early releases that wait for a second signature, the oldest first."""
    mine = queries.orders(request.posting).filter(order__closed_at__isnull=True)
    waiting = ReleaseDecision.objects.filter(early=True, agreed__isnull=True, order__in=mine.values("order"))
    page = paging.page(
        waiting.select_related("decided_by"),
        key=("decided_at", "pk"),
        cursor=request.GET.get("cursor"),
        size=20,
    )
    terms = {t.order_id: t for t in mine.filter(order__in=[d.order_id for d in page.rows])}
    note(request, list(terms.values()), "early releases", clock.now())
    shown = [
        {
            "decision": d, "term": terms[d.order_id], "who": person_line(root_of(terms[d.order_id])),
            "own": d.decided_by_id == request.actor.pk,
        }
        for d in page.rows
    ]  # fmt: skip
    context = {"proposals": shown, "page": page, "at": clock.now()}
    return render(request, "quarantine/proposals.html", context)


@door(Permission.RELEASE)
@require_POST
@answering
def sign(request: DeskRequest, number: int) -> HttpResponse:
    """POST answer=agree|refuse on proposal `number`."""
    mine = Order.objects.filter(pk__in=queries.orders(request.posting).values("order"))
    decision = ReleaseDecision.objects.filter(pk=number, order__in=mine).first()
    if decision is None:
        raise queries.OrderNotVisible
    agreed = request.POST.get("answer") == "agree"
    try:
        commands.second_sign(decision=decision, agreed=agreed, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "proposals")
    return done(request, _("Signed: released early.") if agreed else _("Signed: not released."), "proposals")
