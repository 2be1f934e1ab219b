"""The levels of a week at a desk: what waits to be signed, what is missing, what is signed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Area
from lachan.platform import paging
from lachan.platform.pages import numbers
from lachan.platform.screen import Column, Level, Row
from lachan.systems.riskmap import commands, queries, words
from lachan.systems.riskmap.forms import ListFilter
from lachan.systems.riskmap.models import Proposal
from lachan.systems.riskmap.rules.weekly import WEEK
from lachan.systems.riskmap.views import pieces
from lachan.systems.riskmap.views.pieces import done, refused

SHOWN = 100
STATES: Mapping[str, Q] = {
    "waiting": Q(signed__isnull=True, proposed__isnull=False),
    "missing": Q(signed__isnull=True, proposed__isnull=True),
    "signed": Q(signed__isnull=False),
}


@door(Permission.VIEW_LEVELS)
@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """GET ?week=&state=&unit=&cursor=: the units of the posting, provinces first."""
    at, form = clock.now(), ListFilter(request.GET)
    week_on = pieces.asked_week(request.GET.get("week"), queries.last_week(at), at)
    found = _narrowed(queries.with_levels(queries.units(request.posting, week_on), week_on), form)
    page = paging.page(found, key=("level", "search_key", "pk"), cursor=request.GET.get("cursor"), size=SHOWN)
    state = request.GET.get("state", "")
    signing = access.may(request.posting, Permission.SIGN_LEVEL)
    context = {
        "form": form, "page": page, "rows": [_row(area, week_on) for area in page.rows], "columns": _columns(),
        "at": at, "week": week_on, "week_text": words.week_text(week_on), "pick": signing and state == "waiting",
        "waiting": queries.to_sign(request.posting, week_on).count() if signing else 0, "before": week_on - WEEK,
        "may_enter": access.may(request.posting, Permission.ENTER_FIGURES), "basis": _basis(week_on),
        "judged": Proposal.objects.filter(week_on=week_on).exists(),
    }  # fmt: skip
    return render(request, "riskmap/home.html", context)


def _narrowed(found: QuerySet[Area], form: ListFilter) -> QuerySet[Area]:
    given = form.cleaned_data if form.is_valid() else {}
    if given.get("state"):
        found = found.filter(STATES[given["state"]])
    return found.filter(level=int(given["unit"])) if given.get("unit") else found


def _basis(week_on: date) -> object:
    try:
        return queries.rules_of(week_on).basis
    except queries.NoLevelsThen:
        return None


def _columns() -> list[Column]:
    return [
        Column(_("Area")),
        Column(_("Unit")),
        Column(_("Proposed")),
        Column(_("Missing")),
        Column(_("Signed")),
    ]


def _row(area: Area, week_on: date) -> Row:
    signed, proposed = getattr(area, "signed", None), getattr(area, "proposed", None)
    missing = words.missing_text(getattr(area, "missing", None))
    name = f"{area.name}, {area.parent.name}" if area.parent and area.level > 1 else area.name
    return Row(
        (name, pieces.level_name(area), Level(proposed), missing, Level(signed) if signed else ""),
        url=f"/riskmap/{area.pk}/?week={week_on}", key=str(getattr(area, "by_proposal", "") or ""), name=area.name,
    )  # fmt: skip


@door(Permission.SIGN_LEVEL)
@require_POST
def sign(request: DeskRequest) -> HttpResponse:
    """POST proposal=…&week=: sign the chosen levels as proposed, all or none."""
    at = clock.now()
    week_on = pieces.asked_week(request.POST.get("week"), queries.last_week(at), at)
    chosen = Proposal.objects.filter(
        pk__in=numbers(request.POST.getlist("proposal")), week_on=week_on,
        area__in=queries.units(request.posting, week_on).order_by(),
    )  # fmt: skip
    try:
        signed = commands.sign_levels(proposals=list(chosen), actor=request.actor, at=at)
    except Refusal as refusal:
        return refused(request, refusal, "home")
    sentence = ngettext("%(n)d level is signed.", "%(n)d levels are signed.", len(signed)) % {
        "n": len(signed)
    }
    return done(request, sentence, "home", query=f"?week={week_on}&state=waiting")


@door(Permission.ENTER_FIGURES)
@require_POST
def judge(request: DeskRequest) -> HttpResponse:
    """POST week=: count what the records know now, and propose levels for the units of the posting."""
    at: datetime = clock.now()
    week_on = pieces.asked_week(request.POST.get("week"), queries.last_week(at), at)
    if request.posting.area is None:
        return refused(request, queries.AreaNotVisible(), "home")
    given: dict[str, Any] = {
        "root": request.posting.area, "week_on": week_on, "actor": request.actor, "at": at,
    }  # fmt: skip
    try:
        commands.gather_inputs(**given)
        changed = commands.propose_levels(**given)
    except Refusal as refusal:
        return refused(request, refusal, "home")
    sentence = _("The week was judged with what is known now; answers that changed: %(n)d") % {"n": changed}
    return done(request, sentence, "home", query=f"?week={week_on}")
