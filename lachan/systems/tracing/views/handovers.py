"""Hand-overs between areas, and notices for the public."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lachan.core import areas, clock
from lachan.core.access import Permission
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import paging
from lachan.platform.pages import answering
from lachan.platform.screen import Column, Row
from lachan.systems.tracing import queries
from lachan.systems.tracing.commands import handovers as commands
from lachan.systems.tracing.forms import DecisionForm, HandOverForm
from lachan.systems.tracing.views.cases import case_page
from lachan.systems.tracing.views.pieces import done, moment_text, refused


@door(Permission.HAND_OVER)
@require_safe
def handovers(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: what was sent here and from here, newest first."""
    found = queries.handovers(request.posting).annotate(going=Count("contacts"))
    page = paging.page(found, key=("-sent_at", "-pk"), cursor=request.GET.get("cursor"), size=20)
    shown = [_shown(request, h) for h in page.rows]
    return render(request, "tracing/handovers.html", {"handovers": shown, "page": page, "at": clock.now()})


def _shown(request: DeskRequest, handover: Any) -> dict[str, object]:
    area = request.posting.area
    received = area is not None and areas.holds(area, handover.to_area)
    return {
        "row": handover, "received": received, "contacts": handover.going,
        "code": format_code(handover.case.root.code) if handover.case else "",
    }  # fmt: skip


@door(Permission.HAND_OVER)
@require_POST
@answering
def send(request: DeskRequest, number: int) -> HttpResponse:
    """Hand a case over, with its contacts."""
    found, form = queries.case_for(request.posting, number), HandOverForm(request.POST, auto_id="handover_%s")
    home = request.posting.area or found.root.home_area
    if form.is_valid() and home is not None:
        given = form.cleaned_data
        try:
            commands.send_handover(
                case=found, contacts=list(queries.contacts_of(found)), from_area=home, to_area=given["to_area"],
                reason=given["reason"], actor=request.actor, at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return done(request, _("The case is handed over."), "case", number)
    return case_page(request, number, status=422, handover=form)


@door(Permission.HAND_OVER)
@require_POST
@answering
def acknowledge(request: DeskRequest, number: int) -> HttpResponse:
    found = queries.handover_for(request.posting, number, received=True)
    try:
        commands.acknowledge_handover(handover=found, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "handovers")
    return done(request, _("Receipt is acknowledged."), "handovers")


@door(Permission.HAND_OVER)
@require_POST
@answering
def decide(request: DeskRequest, number: int) -> HttpResponse:
    """POST answer=accept|decline, reason."""
    found = queries.handover_for(request.posting, number, received=True)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return refused(request, Refusal("bad-answer", _("Say why you decline.")), "handovers")
    given = form.cleaned_data
    try:
        commands.decide_handover(
            handover=found, accepted=given["answer"] == "accept", reason=given["reason"], actor=request.actor,
            at=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return refused(request, refusal, "handovers")
    return done(request, _("The decision is kept."), "handovers")


@door(Permission.VIEW_CASES)
@require_safe
def notices(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: public notices about places of the posting's area, newest first."""
    found = queries.notices(request.posting)
    page = paging.page(found, key=("-from_at", "-pk"), cursor=request.GET.get("cursor"))
    columns = [Column(_("Place")), Column(_("When")), Column(_("People at once"), numeric=True)]
    rows = [
        Row((n.place.name, moment_text(n.from_at), n.people), url=reverse("tracing:notice", args=[n.pk]))
        for n in page.rows
    ]
    context = {"page": page, "columns": columns, "rows": rows, "at": clock.now()}
    return render(request, "tracing/notices.html", context)


@door(Permission.VIEW_CASES)
@require_safe
@answering
def notice(request: DeskRequest, number: int) -> HttpResponse:
    """The text of a public notice; it names a place and a time and nobody."""
    found = queries.notice_for(request.posting, number)
    return render(request, "tracing/notice.html", {"notice": found, "at": clock.now()})
