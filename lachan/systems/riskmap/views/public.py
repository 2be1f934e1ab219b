"""The map of signed levels for everybody: by week, by area, as files, with the reasons."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lachan.core import areas, clock
from lachan.core.doors import PUBLIC, door
from lachan.core.models import Area
from lachan.platform.exports.sheets import sheet
from lachan.platform.pages import answering
from lachan.systems.riskmap import queries, words
from lachan.systems.riskmap.forms import FindForm
from lachan.systems.riskmap.models import Input, Proposal, Signature
from lachan.systems.riskmap.rules.weekly import period_of
from lachan.systems.riskmap.views import pieces

HISTORY = 12
HEADING = ("week", "code", "unit", "name", "level", "from", "to", "overridden", "reason", "rules")


@door(PUBLIC)
@require_safe
def country(request: HttpRequest) -> HttpResponse:
    """GET ?week= or ?step=: the provinces of a week; ?area= finds a unit by name."""
    form = FindForm(request.GET if "area" in request.GET else None)
    at = clock.now()
    weeks, week_on = _weeks(request, at)
    if form.is_bound and form.is_valid():
        return HttpResponseRedirect(pieces.public_url(form.cleaned_data["area"], week_on))
    return render(request, "riskmap/map.html", _context(None, week_on, weeks, at) | {"form": form})


@door(PUBLIC)
@require_safe
@answering
def area(request: HttpRequest, code: str) -> HttpResponse:
    """GET ?week=: one unit, why its level is what it is, and its parts."""
    at = clock.now()
    weeks, week_on = _weeks(request, at)
    unit = queries.unit_of(code, week_on)
    signature = queries.signature_of(unit, week_on)
    context = _context(unit, week_on, weeks, at) | {
        "signature": signature, "why": why(signature.proposal if signature else None), "unit": pieces.level_name(unit),
        "history": queries.history_of(unit)[:HISTORY], "full_name": areas.full_name(unit),
    }  # fmt: skip
    return render(request, "riskmap/area.html", context)


def _weeks(request: HttpRequest, at: datetime) -> tuple[list[date], date]:
    """Weeks with signed levels, the last first, and the one that is asked for: the newest that has begun to hold."""
    weeks, today = pieces.weeks_of(at), clock.local_date(at)
    default = next((week for week in weeks if period_of(week)[0] <= today), weeks[0])
    step = request.GET.get("step", "")
    if step.isascii() and step.isdigit() and 0 < int(step[:3]) <= len(weeks):
        default = weeks[len(weeks) - int(step[:3])]
    return weeks, pieces.asked_week(request.GET.get("week"), default, at)


def _context(unit: Area | None, week_on: date, weeks: list[date], at: datetime) -> dict[str, Any]:
    parts = pieces.parts_of(unit, week_on)
    lines = pieces.table_of(parts, queries.signed_levels([p.pk for p in parts], week_on), week_on)
    from_on, to_on = period_of(week_on)
    counts = [(level, sum(line.level == level for line in lines)) for level in (1, 2, 3, 4, None)]
    return {
        "area": unit, "week": week_on, "week_text": words.week_text(week_on), "from_on": from_on, "to_on": to_on,
        "weeks": [(week, words.week_text(week), week == week_on) for week in weeks], "lines": lines, "counts": counts,
        "map": pieces.drawing_of(unit, lines, week_on), "at": at, "steps": len(weeks),
        "step": len(weeks) - weeks.index(week_on) if week_on in weeks else len(weeks),
    }  # fmt: skip


def why(proposal: Proposal | None) -> dict[str, Any]:
    """The figures and steps on which a level rests."""
    if proposal is None:
        return {}
    rows = {row.figure: row for row in Input.objects.filter(pk__in=proposal.inputs)}
    return {
        "proposal": proposal, "reasons": [words.reason(step) for step in proposal.steps],
        "figures": [
            (words.FIGURES[figure], words.figure_text(rows[figure]), rows[figure])
            for figure in words.FIGURES if figure in rows
        ],
        "missing": words.missing_text(proposal.missing), "basis": basis_of(proposal),
    }  # fmt: skip


def basis_of(proposal: Proposal) -> Any:
    """The decision of the week, as the policy knows it."""
    try:
        return queries.rules_of(proposal.week_on).basis
    except queries.NoLevelsThen:
        return None


@door(PUBLIC)
@require_safe
def levels(request: HttpRequest, ending: str) -> HttpResponse:
    """GET ?week=: every signed level of the week, as CSV or JSON."""
    _weeks_known, week_on = _weeks(request, clock.now())
    rows = queries.standing().filter(week_on=week_on).select_related("area").order_by("area__path")
    if ending == "json":
        lines = [dict(zip(HEADING, each, strict=True)) for each in _lines(rows)]
        answer = HttpResponse(json.dumps(lines, ensure_ascii=False), content_type="application/json")
    else:
        file = sheet("csv")
        body = file.add([HEADING, *_lines(rows)]) + file.end()
        answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="levels-{week_on}.{ending}"'
    return answer


def _lines(rows: Any) -> Iterator[list[object]]:
    row: Signature
    for row in rows:
        yield [
            row.week_on.isoformat(), row.area.code, row.area.level, row.area.name, row.level, row.from_on.isoformat(),
            row.to_on.isoformat(), row.overridden, row.reason, row.policy_id,
        ]  # fmt: skip
