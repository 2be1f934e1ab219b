"""Choosing where something happened on a map: province, district, commune. Without script each is a page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lachan.core import areas, clock
from lachan.core.doors import PUBLIC, door
from lachan.core.models import Area
from lachan.platform.maps import Drawing, Shade, country_map, parts_map, parts_of_provinces
from lachan.systems.feedback.views.pieces import unit_of


@door(PUBLIC)
@require_safe
def place(request: HttpRequest) -> HttpResponse:
    """GET ?in=: the units of the country or of one unit, each leading a step nearer; the last one to the form."""
    today = clock.local_date(clock.now())
    wanted = request.GET.get("in", "")
    unit = unit_of(wanted)
    if wanted and unit is None:
        raise Http404
    below = areas.on(today).filter(parent=unit) if unit else areas.on(today).filter(level=1)
    parts = list(below.order_by("search_key", "pk"))
    split = set(areas.on(today).filter(parent__in=parts).values_list("parent", flat=True))
    lines = [(part, _next(part, further=part.pk in split)) for part in parts]
    context = {
        "unit": unit, "full_name": areas.full_name(unit) if unit else "", "lines": lines, "map": _map(unit, lines),
        "chosen": _next(unit, further=False) if unit else "",
    }  # fmt: skip
    return render(request, "feedback/place.html", context)


def _next(part: Area, *, further: bool) -> str:
    if further:
        return f"{reverse('feedback:place')}?in={part.pk}"
    return f"{reverse('feedback:file')}?area={part.pk}"


def _map(unit: Area | None, lines: list[tuple[Area, str]]) -> Drawing:
    today = clock.local_date(clock.now())
    shades = {part.code: Shade("shade-1", part.name, url) for part, url in lines}
    if unit is None:
        return country_map(today, shades)
    within = parts_of_provinces(today).get(areas.province_of(unit).code, ())
    return parts_map([part for part, _url in lines], shades, within=within)
