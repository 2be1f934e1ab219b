"""The suggestions under an area's search box: public names, so no sign-in is asked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

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
