"""Lots: where every dose is, what stopped them, and the days of vials that do not add up."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import paging
from lachan.platform.pages import answering, day_text
from lachan.platform.screen import Column, Entry, Row
from lachan.systems.vaccination import commands, queries, words
from lachan.systems.vaccination.forms import Because, LotFilter
from lachan.systems.vaccination.models import Lot, LotHold, Movement
from lachan.systems.vaccination.queries.completeness import sessions_that_do_not_add_up
from lachan.systems.vaccination.rules.stock import shelf
from lachan.systems.vaccination.views.pieces import done, product_names

STOPS = {"hold": commands.hold_lot, "release": commands.release_lot, "recall": commands.recall_lot}


@door(Permission.VIEW_STOCK)
@require_safe
def lots(request: DeskRequest) -> HttpResponse:
    """GET ?state=&number=&cursor=: lots of the posting's stores, what expires first first."""
    at, form = clock.now(), LotFilter(request.GET or None)
    found = narrowed(queries.lots(request.posting), form)
    page = paging.page(found, key=("expires_on", "pk"), cursor=request.GET.get("cursor"))
    on = clock.local_date(at)
    stopped, accounts = queries.refusals(page.rows, on=on), queries.accounts([lot.pk for lot in page.rows])
    names = product_names(at)
    rows = [
        Row(
            (lot.number, names.get(lot.product, lot.product), day_text(lot.expires_on),
             words.state(stopped.get(lot.pk), shelf(lot.expires_on, on=on)), words.figure(accounts[lot.pk].in_stores),
             words.figure(accounts[lot.pk].given)),
            url=f"/vaccination/lots/{lot.pk}/", late=lot.pk in stopped,
        )
        for lot in page.rows
    ]  # fmt: skip
    columns = [
        Column(_("Lot")), Column(_("Vaccine")), Column(_("Last day of use")), Column(_("State")),
        Column(_("In stores"), numeric=True), Column(_("Given"), numeric=True),
    ]  # fmt: skip
    context = {"rows": rows, "columns": columns, "page": page, "form": form, "at": at}
    return render(request, "vaccination/lots.html", context)


def narrowed(found: QuerySet[Lot], form: LotFilter) -> QuerySet[Lot]:
    """Those lots of `found` for which the filter asks."""
    if not (form.is_bound and form.is_valid()):
        return found
    state, number = form.cleaned_data["state"], form.cleaned_data["number"].strip().upper()
    if number:
        found = found.filter(number__startswith=number)
    if state == "expired":
        return found.filter(expires_on__lt=clock.local_date(clock.now()))
    if state:
        holds = LotHold.objects.filter(released_at__isnull=True, recalled_at__isnull=state == "held")
        return found.filter(pk__in=holds.values("lot"))
    return found


@door(Permission.VIEW_STOCK)
@require_safe
@answering
def lot(request: DeskRequest, number: int) -> HttpResponse:
    """GET ?cursor=: the lot's account, where its doses are, and its lines of the ledger."""
    return _lot_page(request, number)


def _lot_page(
    request: DeskRequest, number: int, *, form: Because | None = None, what: str = "", status: int = 200
) -> HttpResponse:
    posting, at = request.posting, clock.now()
    found, on = queries.lot_for(posting, number), clock.local_date(at)
    hold = queries.standing_holds([found.pk]).get(found.pk)
    why = queries.refusals([found], on=on).get(found.pk)
    page = paging.page(
        queries.movements(posting, found), key=("-happened_at", "-pk"), cursor=request.GET.get("cursor")
    )
    rows = [
        Row((s.store.name, s.store.area.name, *map(words.figure, (s.on_hand, s.given, s.wasted))),
            url=f"/vaccination/stores/{s.store_id}/")
        for s in queries.whereabouts(posting, found)[:200]
    ]  # fmt: skip
    columns = [
        Column(_("Store")), Column(_("Area")), Column(_("On hand"), numeric=True), Column(_("Given"), numeric=True),
        Column(_("Written off"), numeric=True),
    ]  # fmt: skip
    may_hold, may_recall = (access.may(posting, p) for p in (Permission.HOLD_LOT, Permission.RECALL_LOT))
    context = {
        "lot": found, "product": product_names(at).get(found.product, found.product),
        "account": queries.account(found), "hold": hold, "rows": rows, "columns": columns, "at": at,
        "state": words.state(why, shelf(found.expires_on, on=on)), "page": page, "form": form or Because(),
        "entries": [_entry(m) for m in page.rows], "what": what,
        "may_see_doses": access.may(posting, Permission.VIEW_DOSES), "may_hold": may_hold and hold is None,
        "may_release": may_recall and hold is not None and hold.recalled_at is None,
        "may_recall": may_recall and hold is not None and hold.recalled_at is None,
        "own_hold": hold is not None and hold.held_by_id == request.actor.pk,
    }  # fmt: skip
    return render(request, "vaccination/lot.html", context, status=status)


def _entry(line: Movement) -> Entry:
    what = _("%(kind)s: %(doses)s doses, %(store)s") % {
        "kind": words.KIND[line.kind], "doses": words.figure(line.doses), "store": line.store.name,
    }  # fmt: skip
    detail = " · ".join(
        str(part) for part in (words.reason_of(line.kind, line.reason), line.note, line.recorded_by) if part
    )
    return Entry(at=line.happened_at, what=what, detail=detail, tone="warn" if line.reason else "")


@door(Permission.HOLD_LOT)
@require_POST
@answering
def hold(request: DeskRequest, number: int) -> HttpResponse:
    return _stop(request, number, "hold", _("The lot is held: nothing of it can be used from now on."))


@door(Permission.RECALL_LOT)
@require_POST
@answering
def release(request: DeskRequest, number: int) -> HttpResponse:
    return _stop(request, number, "release", _("The lot may be used again."))


@door(Permission.RECALL_LOT)
@require_POST
@answering
def recall(request: DeskRequest, number: int) -> HttpResponse:
    return _stop(request, number, "recall", _("The lot is recalled."))


def _stop(request: DeskRequest, number: int, what: str, sentence: str) -> HttpResponse:
    found = queries.lot_for(request.posting, number)
    form = Because(request.POST)
    if form.is_valid():
        try:
            STOPS[what](lot=found, reason=form.cleaned_data["reason"], actor=request.actor, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return done(request, sentence, "lot", number)
    return _lot_page(request, number, form=form, what=what, status=422)


@door(Permission.VIEW_STOCK)
@require_safe
def days(request: DeskRequest) -> HttpResponse:
    """Stores and days on which doses drawn from vials were neither given nor written off."""
    at = clock.now()
    found = queries.days_that_do_not_add_up(request.posting, at=at)
    rows = [
        Row((d.store.name, day_text(d.day), *map(words.figure, (d.vials, d.drawn, d.given, d.wasted, d.missing))),
            url=f"/vaccination/stores/{d.store.pk}/", late=True)
        for d in found[:200]
    ]  # fmt: skip
    columns = [
        Column(_("Store")), Column(_("Day")), Column(_("Vials"), numeric=True), Column(_("Doses drawn"), numeric=True),
        Column(_("Given"), numeric=True), Column(_("Written off"), numeric=True), Column(_("Missing"), numeric=True),
    ]  # fmt: skip
    context = {"rows": rows, "columns": columns, "at": at, **_sessions(request, at)}
    return render(request, "vaccination/days.html", context)


def _sessions(request: DeskRequest, at: datetime) -> dict[str, Any]:
    """Sessions that are over, with doses of which nobody said what became of them."""
    may_close = access.may(request.posting, Permission.WORK_LINE)
    rows = [
        Row((a.session.site.name, day_text(clock.local_date(a.session.starts_at)),
             *map(words.figure, (a.vials, a.drawn, a.recorded, a.wasted, a.missing))),
            url=f"/vaccination/line/{a.session.pk}/close" if may_close else "", late=True)
        for a in sessions_that_do_not_add_up(request.posting, at=at)
    ]  # fmt: skip
    columns = [
        Column(_("Vaccination site")),
        Column(_("Day")), Column(_("Vials"), numeric=True), Column(_("Doses drawn"), numeric=True),
        Column(_("Recorded as given"), numeric=True), Column(_("Written off"), numeric=True),
        Column(_("Missing"), numeric=True),
    ]  # fmt: skip
    return {"sessions": rows, "session_columns": columns}
