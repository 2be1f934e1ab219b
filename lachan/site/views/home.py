"""The desk of a posting: its own work, what hurts most first."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lachan.centre.alarms.queries.desk import desk as alarms
from lachan.core import clock
from lachan.core.desk import DeskItem
from lachan.core.doors import POSTING_KEY, SIGNED_IN, DeskRequest, door
from lachan.core.models import Posting
from lachan.issuer.queries import desk as certificates
from lachan.platform.screen import Tone
from lachan.platform.staff import queries as staff
from lachan.portals.health_book import queries as health_book
from lachan.portals.response_centre import queries as response_centre
from lachan.systems.arrivals import queries as arrivals
from lachan.systems.checkpoints import queries as checkpoints
from lachan.systems.declarations import queries as declarations
from lachan.systems.feedback import queries as feedback
from lachan.systems.quarantine import queries as quarantine
from lachan.systems.riskmap import queries as riskmap
from lachan.systems.testing import queries as testing
from lachan.systems.tracing import queries as tracing
from lachan.systems.vaccination import queries as vaccination

URGENT, TODAY = 70, 40
DESKS: Sequence[Callable[..., Sequence[DeskItem]]] = (
    tracing.desk, testing.desk, quarantine.desk, declarations.desk, checkpoints.desk, vaccination.desk, feedback.desk,
    riskmap.desk, arrivals.desk, certificates.desk, health_book.desk, response_centre.desk, staff.desk, alarms,
)  # fmt: skip


def work_of(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Everything that waits for this posting, most urgent first; what has nothing behind it stands last."""
    items = [item for desk in DESKS for item in desk(posting, at=at)]
    return sorted(items, key=lambda i: (i.count == 0, -i.urgency, i.oldest_at or at))


def tone_of(urgency: int) -> Tone:
    return "stop" if urgency >= URGENT else "warn" if urgency >= TODAY else ""


@door(SIGNED_IN)
@require_safe
@never_cache
def home(request: DeskRequest) -> HttpResponse:
    """The desk. Asked by htmx it gives the list alone, so that the page renews itself without moving the focus."""
    at = clock.now()
    work = work_of(request.posting, at=at)
    context = {
        "items": [_shown(i) for i in work if i.count],
        "idle": [i for i in work if not i.count],
        "at": at,
        "quick_search": True,
    }
    partial = bool(request.headers.get("HX-Request"))
    return render(request, "site/work.html" if partial else "site/home.html", context)


def _shown(item: DeskItem) -> dict[str, Any]:
    return asdict(item) | {"tone": tone_of(item.urgency)}


@door(SIGNED_IN)
@require_POST
def switch_posting(request: DeskRequest) -> HttpResponse:
    """Work in another of one's own postings; any other number changes nothing."""
    chosen = request.POST.get("posting", "")
    if chosen in {str(p.pk) for p in request.postings}:
        request.session[POSTING_KEY] = int(chosen)
    return HttpResponseRedirect(reverse("home"), status=303)
