"""The district's desk: sessions planned, people invited, who came and who is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, areas, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Place
from lachan.platform import pages, paging
from lachan.platform.pages import answering
from lachan.platform.screen import Badge, Column, Row
from lachan.systems.vaccination import commands, queries, words, words_people
from lachan.systems.vaccination.forms import Choices, lot_choices
from lachan.systems.vaccination.forms_people import CancelForm, InviteForm, SessionForm
from lachan.systems.vaccination.models import Session
from lachan.systems.vaccination.queries.sessions import GuestLine
from lachan.systems.vaccination.views.pieces import done, product_names, products

MOST_LOTS = 200


@door(Permission.VIEW_REGISTRATIONS)
@require_safe
def sessions(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: the latest first."""
    at = clock.now()
    page = paging.page(
        queries.sessions(request.posting), key=("-starts_at", "-pk"), cursor=request.GET.get("cursor")
    )
    names = product_names(at)
    context = {
        "page": page, "at": at, "rows": [_row(each, names, at) for each in page.rows],
        "columns": [Column(_("Vaccination site")), Column(_("When")), Column(_("Vaccine")), Column(_("State")),
                    Column(_("Places taken"), numeric=True), Column(_("Came"), numeric=True)],
        "may_plan": access.may(request.posting, Permission.PLAN_SESSIONS),
    }  # fmt: skip
    return render(request, "vaccination/sessions.html", context)


def _row(each: Session, names: Mapping[str, str], at: datetime) -> Row:
    return Row(
        (each.site.name, words_people.hours(each.starts_at, each.ends_at), names.get(each.product, each.product),
         Badge(*words_people.RUNNING[queries.running(each, at=at)]),
         f"{words.figure(each.taken)} / {words.figure(each.places)}", words.figure(each.arrivals)),
        url=reverse("vaccination:session", args=[each.pk]), key=str(each.pk),
    )  # fmt: skip


@door(Permission.PLAN_SESSIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_session(request: DeskRequest) -> HttpResponse:
    """Site, hours, tables, places, vaccine and lot."""
    at, status = clock.now(), 200
    places = list(queries.sites(request.posting)[:500])
    form = SessionForm(
        request.POST or None, sites=places, products=products(at), lots=_lots(request, clock.local_date(at)),
        initial=_usual(places, at),
    )  # fmt: skip
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = dict(form.cleaned_data)
            site = next(place for place in places if str(place.pk) == given.pop("site"))
            number = given.pop("lot")
            try:
                lot = queries.lot_for(request.posting, int(number)) if number else None
                made = commands.plan_session(site=site, lot=lot, actor=request.actor, at=at, **given)
            except Refusal as refusal:
                form.refuse(refusal, _field(refusal.code))
                status = refusal.status
            else:
                return done(request, _("The session is planned. Invite people next."), "session", made.pk)
    return render(request, "vaccination/new_session.html", {"form": form, "sites": places}, status=status)


def _usual(places: Sequence[Place], at: datetime) -> dict[str, Any]:
    """What most sessions are: tomorrow morning, at the only site there is."""
    tomorrow = clock.day_start(clock.local_date(at) + timedelta(days=1))
    site = places[0].pk if len(places) == 1 else ""
    hours = {
        "starts_at": tomorrow + timedelta(hours=7, minutes=30),
        "ends_at": tomorrow + timedelta(hours=11, minutes=30),
    }
    return hours | {"site": site, "tables": 2, "places": 100}


def _field(code: str) -> str | None:
    if code.startswith("lot-") or code == "not-enough-doses":
        return "lot"
    return {"session-past": "starts_at", "session-hours": "ends_at", "product-not-approved": "product"}.get(
        code
    )


def _lots(request: DeskRequest, today: date) -> Choices:
    """What is in the stores of the posting, and what stops it."""
    found = list(
        queries.stocks(request.posting).filter(sealed__gt=0).order_by("lot__expires_on", "lot")[:2_000]
    )
    doses: dict[int, int] = {}
    for stock in found:
        doses[stock.lot_id] = doses.get(stock.lot_id, 0) + stock.sealed
    lots = {stock.lot_id: stock.lot for stock in found}
    stopped = queries.refusals(lots.values(), on=today)
    names = product_names(clock.now())
    shown = list(lots.values())[:MOST_LOTS]
    return lot_choices(
        (lot, names.get(lot.product, lot.product), doses[lot.pk], stopped.get(lot.pk)) for lot in shown
    )


@door(Permission.VIEW_REGISTRATIONS)
@require_safe
@never_cache
@answering
def session(request: DeskRequest, number: int) -> HttpResponse:
    """GET ?cursor=: who is invited to which half-hour, who came, who is missing."""
    return session_page(request, number)


def session_page(request: DeskRequest, number: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    at, row = clock.now(), queries.session_for(request.posting, number)
    page = paging.page(queries.guests(row), key=("slot_at", "pk"), cursor=request.GET.get("cursor"))
    lines = queries.guest_lines(page.rows, row, at=at)
    access.note_reads(
        [g.person.pk for g in lines], request.posting, purpose=Purpose.CARE, part="session", at=at
    )
    now, own = queries.running(row, at=at), request.posting.area
    may_plan = access.may(request.posting, Permission.PLAN_SESSIONS) and own is not None
    context = {
        "row": row, "site": row.site, "where": areas.full_name(row.site.area), "page": page, "at": at,
        "rows": [_guest(line) for line in lines], "counts": queries.session_counts(row, at=at),
        "columns": [Column(_("Person")), Column(_("From")), Column(_("State"))],
        "hours": words_people.hours(row.starts_at, row.ends_at), "badge": Badge(*words_people.RUNNING[now]),
        "vaccine": product_names(row.starts_at).get(row.product, row.product), "free": row.places - row.taken,
        "waiting": queries.waiting(own, at=at).count() if own and may_plan and now != "over" else 0,
        "may_invite": may_plan and now in ("planned", "running"), "may_cancel": may_plan and now == "planned",
        "invite_form": forms.get("invite") or InviteForm(auto_id="invite_%s", initial={"most": row.places - row.taken}),
        "cancel_form": forms.get("cancel") or CancelForm(auto_id="cancel_%s"),
    }  # fmt: skip
    return render(request, "vaccination/session.html", context, status=status)


def _guest(line: GuestLine) -> Row:
    zone = clock.zone()
    return Row(
        (pages.person_line(line.person), f"{line.invitation.slot_at.astimezone(zone):%H:%M}",
         Badge(*words_people.GUEST[line.is_])),
        url=reverse("vaccination:registration", args=[line.invitation.registration_id]),
        key=str(line.invitation.pk), name=line.person.name, late=line.is_ == "missing",
    )  # fmt: skip


@door(Permission.PLAN_SESSIONS)
@require_POST
@answering
def invite(request: DeskRequest, number: int) -> HttpResponse:
    """POST most=, near=: invite so many of those who wait, by priority."""
    row, form = queries.session_for(request.posting, number), InviteForm(request.POST, auto_id="invite_%s")
    if not form.is_valid() or request.posting.area is None:
        return session_page(request, number, status=422, invite=form)
    try:
        count = commands.invite_people(
            session=row, area=request.posting.area, most=form.cleaned_data["most"], near=form.cleaned_data["near"],
            actor=request.actor, at=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        form.refuse(refusal)
        return session_page(request, number, status=refusal.status, invite=form)
    return done(request, _("%(n)s people are invited; each gets a text.") % {"n": count}, "session", number)


@door(Permission.PLAN_SESSIONS)
@require_POST
@answering
def cancel(request: DeskRequest, number: int) -> HttpResponse:
    """POST reason=: everybody who was invited goes back into the queue, and is told."""
    row, form = queries.session_for(request.posting, number), CancelForm(request.POST, auto_id="cancel_%s")
    if not form.is_valid():
        return session_page(request, number, status=422, cancel=form)
    try:
        count = commands.cancel_session(
            session=row, reason=form.cleaned_data["reason"], actor=request.actor, at=clock.now()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return session_page(request, number, status=refusal.status, cancel=form)
    return done(request, _("Cancelled; %(n)s people are told.") % {"n": count}, "session", number)
