"""Where everybody enters: what can be done here without signing in, and where a site is open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lachan.core import areas, clock
from lachan.core.doors import PUBLIC, door
from lachan.portals.public.forms import WhereForm
from lachan.systems.vaccination.queries.figures import open_sites

MOST = 50


@door(PUBLIC)
@require_safe
def entrance(request: HttpRequest) -> HttpResponse:
    """What everybody can do here."""
    return render(request, "public/entrance.html", {"at": clock.now()})


@door(PUBLIC)
@require_safe
def sites(request: HttpRequest) -> HttpResponse:
    """GET ?area=: sites with sessions in the next two weeks, the soonest first."""
    form, at = WhereForm(request.GET if "area" in request.GET else None), clock.now()
    context = {"form": form, "at": at, "sites": None}
    if form.is_bound and form.is_valid():
        area = form.cleaned_data["area"]
        found = list(open_sites(area, at=at)[: MOST + 1])
        context |= {"sites": found[:MOST], "cut": len(found) > MOST, "where": areas.full_name(area)}
    return render(request, "public/sites.html", context, status=422 if form.errors else 200)
