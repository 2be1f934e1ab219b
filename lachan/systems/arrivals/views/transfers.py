"""Travellers on their way from the gate to a quarantine site: listed, printed, handed over, received."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, areas, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import pages, paging
from lachan.platform.pages import Answers, answering
from lachan.platform.screen import Badge, Column, Row
from lachan.systems.arrivals import queries, transfer_paper, transfer_words
from lachan.systems.arrivals.commands.transfers import MOST_LISTED, hand_over, make_transfer_list, receive
from lachan.systems.arrivals.forms.vessels import ReceiptForm, TransferForm
from lachan.systems.arrivals.models import TransferLine, TransferList

_answers = Answers("arrivals")


@door(Permission.TRANSFER_TRAVELLERS)
@require_safe
def transfers(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: the lists of the gate, or to the site, the latest first."""
    found = queries.transfers(request.posting)
    page = paging.page(found, key=("-made_at", "-pk"), cursor=request.GET.get("cursor"))
    context = {
        "page": page, "rows": [_row(one) for one in page.rows], "at": clock.now(),
        "columns": [Column(_("List")), Column(_("From")), Column(_("To")), Column(_("State")),
                    Column(_("Travellers"), numeric=True), Column(_("Came"), numeric=True)],
        "may_make": access.may(request.posting, Permission.CLEAR_ARRIVALS),
    }  # fmt: skip
    return render(request, "arrivals/transfers.html", context)


def _row(one: Any) -> Row:
    came = "" if one.came is None else one.came
    made = f"{one.made_at.astimezone(clock.zone()):%H:%M %d/%m/%Y}"
    return Row(
        (made, one.gate.name, one.site.name, _state(one), one.listed, came),
        url=reverse("arrivals:transfer", args=[one.pk]), key=str(one.pk), name=made,
        late=one.came is not None and one.came < one.listed,
    )  # fmt: skip


def _state(one: TransferList) -> Badge:
    if one.received_at:
        return Badge(_("received"), "ok")
    return Badge(_("on the way"), "warn") if one.left_at else Badge(_("being made"))


@door(Permission.CLEAR_ARRIVALS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_transfer(request: DeskRequest) -> HttpResponse:
    """Choose who goes to which site."""
    waiting, at = list(queries.unlisted(request.posting)[:MOST_LISTED]), clock.now()
    ids = [one.declaration.person.root_id for one in waiting]
    access.note_reads(ids, request.posting, purpose=Purpose.ENTRY, part="new transfer list", at=at)
    form = TransferForm(request.POST or None, sites=queries.sites(), waiting=waiting)
    if request.method == "POST" and form.is_valid():
        site, people, vehicle = form.given()
        try:
            made = make_transfer_list(
                gate=people[0].gate, site=site, clearances=people, vehicle=vehicle, actor=request.actor, at=at
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _answers.done(request, _("The list is made."), "transfer", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "arrivals/new_transfer.html", {"form": form, "waiting": waiting}, status=status)


@door(Permission.TRANSFER_TRAVELLERS)
@require_safe
@answering
def transfer(request: DeskRequest, number: int) -> HttpResponse:
    """The list, and what became of everybody on it."""
    return _transfer_page(request, number, None)


def _transfer_page(request: DeskRequest, number: int, form: ReceiptForm | None) -> HttpResponse:
    found = queries.transfer(request.posting, number)
    lines = list(queries.lines(found))
    _note(request, lines, "transfer list")
    receivable = queries.receives(request.posting, found) and found.received_at is None
    context = {
        "transfer": found, "state": _state(found), "rows": [_line(one) for one in lines], "at": clock.now(),
        "columns": [Column(_("Name")), Column(_("Stays at")), Column(_("Seat")), Column(_("Came"))],
        "may_hand_over": found.left_at is None and access.may(request.posting, Permission.CLEAR_ARRIVALS),
        "form": (form or ReceiptForm(lines=lines)) if receivable else None,
    }  # fmt: skip
    return render(request, "arrivals/transfer.html", context, status=422 if form else 200)


def _note(request: DeskRequest, lines: list[TransferLine], part: str) -> None:
    ids = [line.person.root_id for line in lines]
    access.note_reads(ids, request.posting, purpose=Purpose.ENTRY, part=part, at=clock.now())


def _line(one: TransferLine) -> Row:
    person, made = one.person.merged_into or one.person, one.clearance.declaration
    if one.came is None:
        came: object = ""
    else:
        came = Badge(_("came"), "ok") if one.came else Badge(transfer_words.ABSENT[one.absence], "stop")
    where = areas.full_name(made.destination_area)
    return Row((pages.person_line(person), where, made.seat, came), key=str(one.pk), name=person.name)


@door(Permission.CLEAR_ARRIVALS)
@require_POST
@answering
def leave(request: DeskRequest, number: int) -> HttpResponse:
    """POST: the list leaves the gate with its travellers."""
    found = queries.sendable(request.posting, number)
    try:
        hand_over(transfer=found, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return _answers.refused(request, refusal, "transfer", number)
    return _answers.done(request, _("The travellers are on their way."), "transfer", number)


@door(Permission.TRANSFER_TRAVELLERS)
@require_POST
@answering
def receipt_of(request: DeskRequest, number: int) -> HttpResponse:
    """POST line-<n>= why one did not come, note=: the site takes the others in."""
    found = queries.receivable(request.posting, number)
    form = ReceiptForm(request.POST, lines=queries.lines(found))
    if form.is_valid():
        try:
            receive(
                transfer=found, absent=form.absent(), note=form.cleaned_data["note"], actor=request.actor,
                at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            if found.received_at:  # the page has no form for it any more
                return _answers.refused(request, refusal, "transfer", number)
            form.refuse(refusal)
        else:
            return _answers.done(request, _("The travellers are received."), "transfer", number)
    return _transfer_page(request, number, form)


@door(Permission.TRANSFER_TRAVELLERS)
@require_safe
@answering
def paper_of(request: DeskRequest, number: int) -> HttpResponse:
    """The list as PDF, to be signed by who hands over and who receives."""
    found = queries.transfer(request.posting, number)
    lines = list(queries.lines(found))
    _note(request, lines, "transfer list, paper")
    answer = HttpResponse(transfer_paper.paper(found, lines), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="transfer-{found.pk}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
