"""The numbers of provinces as curves, and week by week on the map."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lachan.centre.daily_counts import words
from lachan.centre.daily_counts.drawing import Small, chart, small
from lachan.centre.daily_counts.queries import standing
from lachan.centre.daily_counts.rules.curves import SHADES, by_week, mean_of_week, shade_of
from lachan.core import areas, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.models import Area
from lachan.platform.maps import Shade, country_map
from lachan.platform.pages import line

ONE_WEEK = timedelta(days=7)
YEARS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Period:
    """The years of which something is known, and the one that is shown (None: all of it)."""

    years: list[int]
    year: int | None

    def of(self, told: Mapping[date, int]) -> dict[date, int]:
        return {day: n for day, n in told.items() if self.year in (None, day.year)}


def _period(request: DeskRequest, days: Iterable[date]) -> Period:
    """GET ?year=2021, or all; of more than two years the last is shown first."""
    years = sorted({day.year for day in days})
    asked = line(request.GET.get("year"), 4)
    if asked == "all" or (not asked and len(years) <= YEARS_AT_ONCE):
        return Period(years, None)
    if asked.isascii() and asked.isdigit() and int(asked) in years:
        return Period(years, int(asked))
    return Period(years, years[-1] if years else None)


@door(Permission.VIEW_SITUATION)
@require_safe
def curves(request: DeskRequest) -> HttpResponse:
    """Every province that sent numbers, each on its own scale, the one with most cases first."""
    found = standing.provinces_with_counts()
    whole = standing.by_area(found)
    period = _period(request, (day for told in whole.values() for day in told))
    cases = {pk: period.of(told) for pk, told in whole.items()}
    days = [day for told in cases.values() for day in told]
    shown: list[tuple[Area, Small]] = []
    if days:
        first, last = _monday(min(days)), _monday(max(days))
        shown = [(area, small(cases[area.pk], first=first, last=last)) for area in found if cases[area.pk]]
    context = {
        "shown": sorted(shown, key=lambda pair: -pair[1].total), "at": clock.now(), "period": period,
        "first": min(days, default=None), "last": max(days, default=None),
        "waiting": standing.waiting_count(),
    }  # fmt: skip
    return render(request, "centre/curves.html", context)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@door(Permission.VIEW_SITUATION)
@require_safe
def curve(request: DeskRequest, number: int) -> HttpResponse:
    """New cases of one area by day, with the mean of seven days and the numbers beside it."""
    area = _area(number)
    whole = {day.day: day.cases for day in standing.series(area)}
    held = standing.held_days(area)
    period = _period(request, [*whole, *held])
    cases = period.of(whole)
    context = {
        "area": area, "where": areas.full_name(area), "chart": chart(cases, period.of(held)), "at": clock.now(),
        "weeks": sorted(by_week(cases).items(), reverse=True), "total": sum(cases.values()),
        "held": sorted(held.items()), "period": period,
        "highest": max(cases.items(), key=lambda pair: pair[1], default=None),
    }  # fmt: skip
    return render(request, "centre/curve.html", context)


@door(Permission.VIEW_SITUATION)
@require_safe
def curve_csv(request: DeskRequest, number: int) -> HttpResponse:
    """The days as a list."""
    area = _area(number)
    return _attached(_csv(area), "text/csv; charset=utf-8", f"daily-counts-{area.code}.csv")


@door(Permission.VIEW_SITUATION)
@require_safe
def curve_svg(request: DeskRequest, number: int) -> HttpResponse:
    """The drawing, for a report."""
    area = _area(number)
    cases = {day.day: day.cases for day in standing.series(area)}
    drawn = {"chart": chart(cases, standing.held_days(area)), "area": area, "alone": True}
    body = render_to_string("centre/_curve.svg", drawn, request)
    return _attached(body, "image/svg+xml", f"daily-counts-{area.code}.svg")


def _attached(body: str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv(area: Area) -> str:
    days = standing.series(area)
    means = mean_of_week({day.day: day.cases for day in days})
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(("date", "code", "province", "new_cases", "mean_of_7_days", "new_deaths"))
    for each in days:
        mean = means.get(each.day)
        rows.writerow(
            (each.day, area.code, area.name, each.cases, "" if mean is None else round(mean, 1),
             "" if each.deaths is None else each.deaths)
        )  # fmt: skip
    return "\ufeff" + out.getvalue()


def _area(number: int) -> Area:
    return get_object_or_404(Area.objects.select_related("parent"), pk=number, level=1)


@door(Permission.VIEW_SITUATION)
@require_safe
def wave(request: DeskRequest) -> HttpResponse:
    """GET ?week=2021-07-05: the cases of a week on the map of provinces, and in a table; a slider over the weeks."""
    found = standing.provinces_with_counts()
    weeks = {area.pk: by_week(told) for area, told in _told(found)}
    mondays = sorted({monday for told in weeks.values() for monday in told})
    chosen = _chosen(request, mondays)
    shown = sorted(
        ((area, weeks[area.pk][chosen]) for area in found if chosen in weeks[area.pk]), key=lambda pair: -pair[1]
    )  # fmt: skip
    context = {
        "mondays": mondays, "chosen": chosen, "index": mondays.index(chosen) if mondays else 0,
        "last_index": max(len(mondays) - 1, 0), "sunday": chosen + timedelta(days=6), "at": clock.now(),
        "before": chosen - ONE_WEEK if chosen - ONE_WEEK in mondays else None,
        "after": chosen + ONE_WEEK if chosen + ONE_WEEK in mondays else None,
        "shown": shown, "total": sum(n for _area, n in shown), "map": country_map(chosen, _shades(shown)),
        "legend": _legend(),
    }  # fmt: skip
    return render(request, "centre/wave.html", context)


def _told(found: list[Area]) -> list[tuple[Area, Mapping[date, int]]]:
    cases = standing.by_area(found)
    return [(area, cases[area.pk]) for area in found]


def _chosen(request: DeskRequest, mondays: list[date]) -> date:
    """The week asked for, by its day or its place in the row; else the last. Raises Http404 for a day that is none."""
    asked = line(request.GET.get("week"), 10)
    if asked:
        try:
            return _monday(date.fromisoformat(asked))
        except (ValueError, OverflowError) as error:
            raise Http404 from error
    place = line(request.GET.get("place"), 5)
    if mondays and place.isascii() and place.isdigit():
        return mondays[min(int(place), len(mondays) - 1)]
    return mondays[-1] if mondays else _monday(clock.local_date(clock.now()))


def _shades(shown: list[tuple[Area, int]]) -> dict[str, Shade]:
    return {
        area.code: Shade(
            f"shade-{shade_of(cases)}",
            _("{area}: {cases} cases").format(area=area.name, cases=words.grouped(cases)),
            reverse("centre:curve", args=[area.pk]),
        )
        for area, cases in shown
    }


def _legend() -> list[tuple[str, str]]:
    """Classes with their bounds."""
    bounds = [*SHADES, None]
    labels = []
    for number, least in enumerate(SHADES):
        above = bounds[number + 1]
        if above is None:
            labels.append(f"≥ {words.grouped(least)}")
        elif above - least == 1:
            labels.append(str(least))
        else:
            labels.append(f"{words.grouped(least)}–{words.grouped(above - 1)}")
    return [(f"shade-{number}", label) for number, label in enumerate(labels)]
