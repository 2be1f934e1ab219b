"""A recall carried out: who has had the lot, telling them all, taking back their certificates."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Posting
from lachan.issuer.commands import asking
from lachan.issuer.models import Reason, Scope
from lachan.issuer.queries.affected import Aim, affected, is_everywhere
from lachan.platform import paging
from lachan.platform.pages import answering, person_line
from lachan.platform.screen import Badge, Column, Row
from lachan.systems.vaccination import commands, queries
from lachan.systems.vaccination.models import Dose, Lot, LotHold
from lachan.systems.vaccination.queries import recalling
from lachan.systems.vaccination.queries.doses import certificates_of
from lachan.systems.vaccination.recall_forms import TakeBackForm, WhyForm
from lachan.systems.vaccination.views.pieces import done, product_names, refused

KEY = ("-given_at", "-pk")


@door(Permission.VIEW_DOSES)
@require_safe
@never_cache
@answering
def recipients(request: DeskRequest, number: int) -> HttpResponse:
    """GET ?purpose=&cursor=: the figures of the recall, and for a purpose the people, each noted as read."""
    return _page(request, queries.lot_for(request.posting, number))


def _page(request: DeskRequest, lot: Lot, *, status: int = 200, **forms: Any) -> HttpResponse:
    at, posting, hold = clock.now(), request.posting, recalling.recall_of(lot)
    why = WhyForm(request.GET if "purpose" in request.GET else None)
    may_take_back = hold is not None and may_revoke(posting)
    context = {
        "lot": lot, "product": product_names(at).get(lot.product, lot.product), "hold": hold, "at": at,
        "reached": recalling.reached(lot), "why": why, "may_take_back": may_take_back,
        "may_tell": hold is not None and access.may(posting, Permission.RECALL_LOT),
        "certificates": affected(_aim(posting, lot, "")) if may_take_back else 0, "take_back": TakeBackForm(), **forms,
    }  # fmt: skip
    if why.is_bound and why.is_valid():
        context |= _list(request, lot, hold, Purpose(why.cleaned_data["purpose"]))
    return render(request, "vaccination/recipients.html", context, status=status)


def _list(request: DeskRequest, lot: Lot, hold: LotHold | None, purpose: Purpose) -> dict[str, Any]:
    found = recalling.recipients_of_lot(request.posting, lot)
    page = paging.page(found, key=KEY, cursor=request.GET.get("cursor"))
    rows = shown(page.rows, request.posting, hold, purpose)
    columns = [
        Column(_("Person")), Column(_("Given")), Column(_("Vaccination site")),
        Column(_("Certificate")), Column(_("Told")),
    ]  # fmt: skip
    return {"rows": rows, "columns": columns, "page": page, "purpose": purpose}


def shown(doses: Any, posting: Posting, hold: LotHold | None, purpose: Purpose) -> list[Row]:
    """The lines of these doses; each person is noted as read."""
    seen = recalling.looked_at(posting, doses, hold, purpose=purpose, at=clock.now())
    certified = certificates_of(doses)
    return [
        Row((person_line(who), f"{dose.given_at.astimezone(clock.zone()):%H:%M %d/%m/%Y}", _site(dose),
             certified[dose.pk].uvci if dose.pk in certified else _("none"),
             way_badge(way)))
        for dose, who, way in seen
    ]  # fmt: skip


def _site(dose: Dose) -> str:
    return dose.site.name if dose.site else _("elsewhere")


def way_badge(way: str) -> Badge:
    if way == "text":
        return Badge(_("by text"), "ok")
    return Badge(_("to be called"), "warn") if way else Badge(_("not yet"))


def may_revoke(posting: Posting) -> bool:
    return posting.area is not None and access.may(posting, Permission.REVOKE_CERTIFICATES)


def _aim(posting: Posting, lot: Lot, evidence: str) -> Aim:
    """As far as the posting reaches: everywhere, or on the ground of its area."""
    area = None if is_everywhere(posting) else posting.area
    return Aim(scope=Scope.LOT, reason=Reason.LOT_RECALLED, evidence=evidence, lot=lot.number, area=area)


@door(Permission.RECALL_LOT)
@require_POST
@answering
def tell(request: DeskRequest, number: int) -> HttpResponse:
    """Everybody who has had the lot is told, whoever was not told before."""
    lot = queries.lot_for(request.posting, number)
    try:
        commands.tell_recipients(lot=lot, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "recipients", lot.pk)
    sentence = _("They are being told. Who has no number comes into the queue of the response centre.")
    return done(request, sentence, "recipients", lot.pk)


@door(Permission.REVOKE_CERTIFICATES)
@require_POST
@answering
def take_back(request: DeskRequest, number: int) -> HttpResponse:
    """Certificates on doses of the lot count no more: a person says so, and on what it rests."""
    lot, form = queries.lot_for(request.posting, number), TakeBackForm(request.POST)
    if recalling.recall_of(lot) is None or not may_revoke(request.posting):
        return refused(request, commands.CannotTell("not-recalled"), "recipients", lot.pk)
    if not form.is_valid():
        return _page(request, lot, status=422, take_back=form)
    aim = _aim(request.posting, lot, form.cleaned_data["evidence"])
    count = affected(aim)
    try:
        asked = asking.recall_many(aim=aim, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, lot, status=refusal.status, take_back=form)
    if asked:
        sentence = _("Asked for. A second officer has to agree, at the desk of certificates.")
    else:
        sentence = ngettext(
            "%(n)d certificate is taken back.", "%(n)d certificates are taken back.", count
        ) % {"n": count}
    return done(request, sentence, "recipients", lot.pk)
