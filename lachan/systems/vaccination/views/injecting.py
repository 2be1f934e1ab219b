"""The table: the next person, the vial, and one button that records the dose and calls the next."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import pages
from lachan.platform.pages import answering, person_line
from lachan.systems.vaccination import commands, line_words
from lachan.systems.vaccination.commands.ledger import WORDS as LEDGER
from lachan.systems.vaccination.commands.line.refusals import WORDS
from lachan.systems.vaccination.line_forms import Mistake
from lachan.systems.vaccination.models import Dose, Lot, Session, Vial
from lachan.systems.vaccination.queries import line as lines
from lachan.systems.vaccination.queries.lots import refusals
from lachan.systems.vaccination.queries.policy import rules_at
from lachan.systems.vaccination.rules.courses import Refused
from lachan.systems.vaccination.rules.line import numbering
from lachan.systems.vaccination.views.line_pieces import (
    Said,
    choose_table,
    chosen,
    day_text,
    done,
    doses_words,
    note_once,
    planned_words,
    refused,
    session_words,
    table_of,
    waiting_at,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

JUST_NOW = 3


@door(Permission.WORK_LINE)
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def inject(request: DeskRequest, number: int) -> HttpResponse:
    """GET ?number=: the person called, else the next for this table. POST gives the dose and calls the next."""
    session, at = lines.line_session(request.posting, number), clock.now()
    if request.method == "POST":
        return _give(request, session, at)
    if "table" in request.GET:
        choose_table(request, session, request.GET["table"])
    table = table_of(request, session)
    waiting = waiting_at(session, "injection")
    asked = request.GET.get("number")
    one = chosen(waiting, asked, table=table)
    vials, lots = lines.drawable(session, at=at), _lots(session)
    stopped = refusals({vial.lot for vial in vials} | set(lots), on=clock.local_date(at))
    context = session_words(session, at) | {
        "waiting": waiting, "one": one, "table": table, "vials": [v for v in vials if v.lot_id not in stopped],
        "tables": range(1, session.tables + 1),
        "lots": [lot for lot in lots if lot.pk not in stopped],
        "stopped": _stopped([*(vial.lot for vial in vials), *lots], stopped), "just_now": _just_now(session, table),
    }  # fmt: skip
    if one is not None:
        note_once(request, [one.person.pk], at)
        context |= _shown(one, at)
        if not context["vials"] and not context["lots"] and context["stopped"]:
            context["said"] = Said(
                "stop", _("DO NOT INJECT"), _("All vials of this vaccine at the site are stopped.")
            )
    return render(request, "vaccination/inject.html", context)


def _shown(one: lines.InLine, at: datetime) -> dict[str, Any]:
    """Who it is, what was concluded, and what the rules will say."""
    seen = lines.preview(one, at=at)
    form = one.form
    return {
        "person": person_line(one.person), "said": _judged(seen), "doses": doses_words(seen.known, at),
        "outcome": line_words.outcome(form.outcome) if form else "",
        "because": line_words.because(form.because, rules_at(at)) if form else [],
    }  # fmt: skip


def _judged(seen: lines.Preview) -> Said:
    if seen.offer is None or seen.known is None:
        return Said("stop", _("DO NOT INJECT"), str(WORDS["birth-unknown"]))
    if isinstance(seen.offer, Refused):
        more = day_text(seen.offer.from_on) if seen.offer.from_on else ""
        return Said("stop", _("DO NOT INJECT"), f"{WORDS[seen.offer.code]} {more}".strip())
    count = numbering(seen.offer, seen.known.doses)
    return Said("pass", _("INJECT"), line_words.kind(count.kind, count.number, count.primary))


def _stopped(lots: Sequence[Lot], why: Mapping[int, str]) -> Mapping[str, "StrOrPromise"]:
    """By the number of a lot that stands here, why nothing of it may be injected."""
    return {lot.number: LEDGER[why[lot.pk]] for lot in lots if lot.pk in why}


def _lots(session: Session) -> list[Lot]:
    """Lots of the vaccine with closed vials at the site, the planned one first."""
    here = Lot.objects.filter(stocks__store=session.site_id, stocks__sealed__gt=0, product=session.product)
    return sorted(here.order_by("expires_on", "pk")[:20], key=lambda lot: lot.pk != session.lot_id)


def _just_now(session: Session, table: int) -> list[Dose]:
    """The last doses of this table, to be taken back or printed."""
    mine = Dose.objects.filter(
        visit__session=session, table=table, withdrawn_at__isnull=True, visit__left_at__isnull=True
    )
    return list(mine.select_related("visit").order_by("-pk")[:JUST_NOW])


def _give(request: DeskRequest, session: Session, at: datetime) -> HttpResponse:
    one = chosen(waiting_at(session, "injection"), request.POST.get("number", "?"), table=1)
    if one is None or str(one.visit.number) != request.POST.get("number"):
        return done(request, _("This person is not waiting for an injection any more."), "inject", session.pk)
    try:
        vial = _vial(session, request.POST.get("vial", ""))
        dose = commands.inject(
            visit=one.visit, vial=vial, table=table_of(request, session), actor=request.actor, at=at
        )
    except Refusal as refusal:
        return refused(request, refusal, "inject", session.pk)
    planned = lines.planned_next(one.person, on=clock.local_date(at))
    said = _("Number %(number)s: %(dose)s recorded. %(next)s") % {
        "number": one.visit.number, "next": planned_words(planned, at),
        "dose": line_words.kind(dose.kind, dose.number, dose.primary_doses),
    }  # fmt: skip
    return done(request, said, "inject", session.pk)


def _vial(session: Session, text: str) -> Vial:
    """Raises NotInYourLine."""
    return lines.line_vial(session, pages.number(text))


@door(Permission.WORK_LINE)
@require_POST
@answering
def open_vial(request: DeskRequest, number: int) -> HttpResponse:
    """Open a vial of a lot at the site, for this session."""
    session = lines.line_session(request.posting, number)
    try:
        lot = lines.line_lot(session, pages.number(request.POST.get("lot")))
        vial = commands.open_vial(
            store=session.site, lot=lot, session=session, actor=request.actor, at=clock.now()
        )
    except Refusal as refusal:
        return refused(request, refusal, "inject", number)
    said = _("Vial %(vial)s is open: %(left)s doses, to be used by %(until)s.") % {
        "vial": vial.pk, "left": vial.left, "until": f"{vial.use_by.astimezone(clock.zone()):%H:%M}",
    }  # fmt: skip
    return done(request, said, "inject", number)


@door(Permission.WORK_LINE)
@require_http_methods(["GET", "POST"])
@answering
def take_back(request: DeskRequest, number: int) -> HttpResponse:
    """A dose that was written down by mistake: it is in the vial again, its certificate is revoked."""
    dose = lines.line_dose(request.posting, number)
    form = Mistake(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.withdraw_dose(
                dose=dose, reason=form.cleaned_data["reason"], actor=request.actor, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            session = dose.visit.session_id if dose.visit else 0
            return done(request, _("The dose is taken back."), "inject", session)
    note_once(request, [dose.person_id], clock.now())
    back = reverse("vaccination:inject", args=[dose.visit.session_id]) if dose.visit else "/vaccination/line/"
    context = {
        "form": form,
        "dose": dose,
        "person": person_line(dose.person),
        "back": back,
        "at": clock.now(),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "vaccination/take_back.html", context, status=status)
