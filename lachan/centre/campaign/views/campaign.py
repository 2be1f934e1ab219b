"""National support of the vaccination campaign: how far, how much is left, who is late."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lachan.centre.campaign import words
from lachan.centre.campaign.queries.progress import Progress, Unit, progress
from lachan.centre.campaign.rules.goals import Reach
from lachan.centre.situation.queries.scope import area_for, home_of
from lachan.core import areas, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.models import Area
from lachan.platform.screen import Badge, Column, Row, Tone
from lachan.systems.vaccination.queries.figures import LateSite
from lachan.systems.vaccination.words import figure

TONES: dict[str, Tone] = {"reached": "ok", "ahead": "ok", "behind": "warn", "missed": "stop", "unknown": ""}


@door(Permission.VIEW_SITUATION)
@require_safe
def campaign(request: DeskRequest) -> HttpResponse:
    """The posting's own area."""
    return _page(request, home_of(request.posting))


@door(Permission.VIEW_SITUATION)
@require_safe
def campaign_of(request: DeskRequest, number: int) -> HttpResponse:
    """A unit on the ground of the posting; any other does not exist."""
    return _page(request, area_for(request.posting, number))


def _page(request: DeskRequest, where: Area) -> HttpResponse:
    found = progress(where, at=clock.now())
    home = home_of(request.posting)
    context = {
        "found": found, "area": where, "at": found.as_of, "goals": [_goal(each) for each in found.goals],
        "above": where.parent if where.parent and areas.holds(home, where.parent) else None,
        "columns": _columns(), "rows": [_row(unit) for unit in found.below],
        "late_columns": _late_columns(), "late": _late(found),
    }  # fmt: skip
    return render(request, "centre/campaign.html", context)


def _goal(each: Reach) -> dict[str, object]:
    return {
        "reach": each,
        "label": words.GOAL[each.goal.code],
        "badge": Badge(words.STATE[each.state], TONES[each.state]),
        "seen": each.goal.verified and not each.goal.unverified,
    }


def _columns() -> list[Column]:
    return [
        Column(_("Unit")), Column(_("Adults with at least one dose"), numeric=True),
        Column(_("Everybody with a complete course"), numeric=True), Column(_("First doses"), numeric=True),
        Column(_("Residents"), numeric=True),
    ]  # fmt: skip


def _row(unit: Unit) -> Row:
    shares = [
        f"{number_format(s, 1)} %" if s is not None else "–"
        for s in (unit.first_of_adults, unit.complete_of_all)
    ]
    return Row(
        (unit.area.name, *shares, figure(unit.covered.had("first")), figure(unit.covered.living())),
        url=f"/centre/campaign/{unit.area.pk}/", key=str(unit.area.pk), name=unit.area.name,
    )  # fmt: skip


def _late_columns() -> list[Column]:
    return [
        Column(_("Vaccination site")),
        Column(_("Unit")),
        Column(_("Open since")),
        Column(_("Sessions"), numeric=True),
    ]


def _late(found: Progress) -> list[Row]:
    return [_late_row(late) for late in found.late]


def _late_row(late: LateSite) -> Row:
    since = f"{clock.local_date(late.since):%d/%m/%Y}"
    return Row((late.site.name, areas.full_name(late.site.area), since, late.open_sessions))
