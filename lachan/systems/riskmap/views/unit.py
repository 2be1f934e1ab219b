"""One unit at a desk: why its level is what it is, its figures, and signing."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, areas, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Area
from lachan.platform.pages import answering
from lachan.systems.riskmap import commands, queries, words
from lachan.systems.riskmap.forms import FiguresForm, OverrideForm, WithdrawForm
from lachan.systems.riskmap.models import Source
from lachan.systems.riskmap.queries import AreaNotVisible
from lachan.systems.riskmap.views import pieces
from lachan.systems.riskmap.views.pieces import done, refused
from lachan.systems.riskmap.views.public import HISTORY, why


def _asked(request: DeskRequest, number: int) -> tuple[Area, date]:
    """The unit and the week (?week= or a hidden field). Raises AreaNotVisible."""
    at = clock.now()
    text = request.POST.get("week") or request.GET.get("week")
    week_on = pieces.asked_week(text, queries.last_week(at), at)
    return queries.unit_for(request.posting, number, week_on), week_on


@door(Permission.VIEW_LEVELS)
@require_safe
@answering
def unit(request: DeskRequest, number: int) -> HttpResponse:
    """GET ?week=: what is proposed and why, what is signed, and what may be done."""
    area, week_on = _asked(request, number)
    return unit_page(request, area, week_on)


def unit_page(
    request: DeskRequest, area: Area, week_on: date, *, status: int = 200, **forms: Any
) -> HttpResponse:
    proposal, signature = queries.proposal_of(area, week_on), queries.signature_of(area, week_on)
    context = {
        "area": area, "full_name": areas.full_name(area), "week": week_on, "week_text": words.week_text(week_on),
        "proposal": proposal, "signature": signature, "why": why(proposal),
        "history": queries.history_of(area)[:HISTORY],
        "may_sign": access.may(request.posting, Permission.SIGN_LEVEL), "at": clock.now(),
        "may_enter": access.may(request.posting, Permission.ENTER_FIGURES),
        "override_form": forms.get("override") or OverrideForm(auto_id="override_%s"),
        "withdraw_form": forms.get("withdraw") or WithdrawForm(auto_id="withdraw_%s"),
        "public": pieces.public_url(area, week_on),
    }  # fmt: skip
    return render(request, "riskmap/unit.html", context, status=status)


@door(Permission.SIGN_LEVEL)
@require_POST
@answering
def sign(request: DeskRequest, number: int) -> HttpResponse:
    """POST week=: sign the level as proposed."""
    area, week_on = _asked(request, number)
    proposal = queries.proposal_of(area, week_on)
    if proposal is None or str(proposal.pk) != request.POST.get("proposal", str(proposal.pk)):
        refusal = commands.CannotSign(
            "level-changed", _("The figures have changed since. Look again before you sign.")
        )
        return refused(request, refusal, "unit", number)
    try:
        commands.sign_level(proposal=proposal, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "unit", number)
    return done(request, _("The level is signed and published."), "unit", number, query=f"?week={week_on}")


@door(Permission.SIGN_LEVEL)
@require_POST
@answering
def override(request: DeskRequest, number: int) -> HttpResponse:
    """POST week=&level=&reason=: sign another level."""
    area, week_on = _asked(request, number)
    form = OverrideForm(request.POST, auto_id="override_%s")
    if not form.is_valid():
        return unit_page(request, area, week_on, status=422, override=form)
    given = form.cleaned_data
    try:
        commands.override_level(
            area=area, week_on=week_on, decided=given["level"], reason=given["reason"], actor=request.actor,
            at=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        form.refuse(refusal)
        return unit_page(request, area, week_on, status=refusal.status, override=form)
    return done(request, _("The level is signed and published."), "unit", number, query=f"?week={week_on}")


@door(Permission.SIGN_LEVEL)
@require_POST
@answering
def withdraw(request: DeskRequest, number: int) -> HttpResponse:
    """POST week=&reason=: what was signed for the week does not hold."""
    area, week_on = _asked(request, number)
    form, signature = WithdrawForm(request.POST, auto_id="withdraw_%s"), queries.signature_of(area, week_on)
    if signature is None:
        raise AreaNotVisible
    if not form.is_valid():
        return unit_page(request, area, week_on, status=422, withdraw=form)
    try:
        commands.withdraw_level(
            signature=signature, reason=form.cleaned_data["reason"], actor=request.actor, at=clock.now()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return unit_page(request, area, week_on, status=refusal.status, withdraw=form)
    return done(request, _("The signature is withdrawn."), "unit", number, query=f"?week={week_on}")


@door(Permission.ENTER_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def figures(request: DeskRequest, number: int) -> HttpResponse:
    """The figures of the week; saved, the levels of the unit and of those above are judged anew."""
    area, week_on = _asked(request, number)
    try:
        rules = queries.rules_of(week_on)
    except queries.NoLevelsThen as refusal:
        return refused(request, refusal, "unit", number)
    form = FiguresForm(rules, queries.figures_of(area, week_on), request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _saved(request, area, week_on, form)
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
    context = {
        "form": form, "area": area, "full_name": areas.full_name(area), "week": week_on, "basis": rules.basis,
        "week_text": words.week_text(week_on),
    }  # fmt: skip
    return render(request, "riskmap/figures.html", context, status=status)


def _saved(request: DeskRequest, area: Area, week_on: date, form: FiguresForm) -> HttpResponse:
    at = clock.now()
    recorded = commands.record_inputs(
        given=list(form.given(area.pk)), week_on=week_on, source=Source.ENTERED, actor=request.actor, at=at
    )
    commands.propose_levels(root=areas.province_of(area), week_on=week_on, actor=request.actor, at=at)
    sentence = _("Figures written down: %(n)d. The level was judged anew.") % {"n": recorded}
    return done(request, sentence, "unit", area.pk, query=f"?week={week_on}")
