"""The situation page: figures of an area, compared, with what is below it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lachan.centre.models import Difference, Recount
from lachan.centre.situation import words
from lachan.centre.situation.queries import area_for, home_of
from lachan.centre.situation.summary import CURVE_DAYS, summary
from lachan.centre.situation.views import pieces
from lachan.core import areas, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.models import Area, Posting
from lachan.platform.pages import answering


@door(Permission.VIEW_SITUATION)
@require_safe
@answering
def situation(request: DeskRequest) -> HttpResponse:
    """The posting's own area."""
    return _page(request, home_of(request.posting))


@door(Permission.VIEW_SITUATION)
@require_safe
@answering
def area(request: DeskRequest, number: int) -> HttpResponse:
    """A unit on the ground of the posting; any other does not exist."""
    return _page(request, area_for(request.posting, number))


def _page(request: DeskRequest, where: Area) -> HttpResponse:
    at = clock.now()
    found = summary(where, at=at)
    context = {
        "area": where, "found": found, "at": at, "groups": list(pieces.groups(found)), "days": CURVE_DAYS,
        "above": _above(request.posting, where), "columns": pieces.below_columns(),
        "rows": pieces.below_rows(found.below), "width": pieces.WIDTH, "height": pieces.HEIGHT,
    }  # fmt: skip
    return render(request, "centre/situation.html", context)


def _above(posting: Posting, where: Area) -> list[Area]:
    """The units above that the posting may see, the largest first."""
    home, found = home_of(posting), list[Area]()
    at: Area | None = where
    while at and at.pk != home.pk:
        at = at.parent
        if at and areas.holds(home, at):
            found.append(at)
    return found[::-1]


@door(Permission.VIEW_SITUATION)
@require_safe
def measures(request: DeskRequest) -> HttpResponse:
    """What each figure counts."""
    meanings = [
        (title, [(m, words.MEANINGS[m]) for m in (*flows, *levels)]) for title, flows, levels in words.GROUPS
    ]
    return render(request, "centre/measures.html", {"groups": meanings, "at": clock.now()})


@door(Permission.VIEW_SITUATION)
@require_safe
@answering
def recounts(request: DeskRequest) -> HttpResponse:
    """The last recounts, and what differed on the ground of the posting."""
    home = home_of(request.posting)
    mine = Difference.objects.filter(areas.inside("area__", home)).select_related(
        "area__parent__parent", "recount"
    )
    context = {
        "recounts": Recount.objects.order_by("-made_at")[:14],
        "differences": [
            (d, words.label(d.measure)) for d in mine.order_by("-recount", "day", "area", "measure")[:200]
        ],
        "at": clock.now(),
    }
    return render(request, "centre/recounts.html", context)
