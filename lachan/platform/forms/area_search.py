"""The suggestions under an area's search box: public names, so no sign-in is asked for."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from lachan.core import areas
from lachan.core.doors import PUBLIC, door
from lachan.platform.forms.areas import OFFERED, today
from lachan.platform.forms.text import LONGEST_LINE


@door(PUBLIC)
@require_safe
def area_search(request: HttpRequest) -> HttpResponse:
    """GET `/areas/search?q=ben nghe`: `<li role="option">` for each unit of today that fits."""
    text = request.GET.get("q", "")[:LONGEST_LINE].replace("\x00", "").replace(",", " ")
    found = [(area, areas.full_name(area)) for area in areas.search(text, day=today(), limit=OFFERED)]
    listed = request.GET.get("list", "")
    prefix = listed if listed.replace("_", "").replace("-", "").isalnum() and len(listed) <= 80 else "area"
    response = render(
        request, "components/area_options.html", {"found": found, "prefix": prefix, "text": text}
    )
    response["Cache-Control"] = "public, max-age=300"
    return response


@door(PUBLIC)
@require_POST
def area_nearest(request: HttpRequest) -> HttpResponse:
    """POST lat= lon= in degrees: `<li role="option">` for the three nearest communes. By POST, so that where somebody
    is stands in no address and no log; nothing of it is kept. What is no place has nothing near."""
    lat, lon = _degrees(request.POST.get("lat"), 90), _degrees(request.POST.get("lon"), 180)
    near = [] if lat is None or lon is None else areas.nearest(lat, lon, day=today())
    found = [(area, areas.full_name(area)) for area in near]
    context = {"found": found, "prefix": "near", "text": ""}
    return render(request, "components/area_options.html", context)


def _degrees(text: str | None, most: int) -> float | None:
    if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,8})?", text or "", re.ASCII):
        return None
    value = float(text or "")
    return value if abs(value) <= most else None
