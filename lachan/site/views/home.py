"""The desk of a posting: its own work, what hurts most first."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lachan.core import clock
from lachan.core.desk import DeskItem
from lachan.core.doors import POSTING_KEY, SIGNED_IN, DeskRequest, door
from lachan.core.models import Posting
from lachan.systems.checkpoints import queries as checkpoints
from lachan.systems.quarantine import queries as quarantine
from lachan.systems.testing import queries as testing
from lachan.systems.tracing import queries as tracing

Desk = Callable[..., Sequence[DeskItem]]
DESKS: tuple[Desk, ...] = (tracing.desk, testing.desk, quarantine.desk, checkpoints.desk)


def work_of(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Everything that waits for this posting, most urgent first."""
    items = [item for desk in DESKS for item in desk(posting, at=at)]
    return sorted(items, key=lambda i: (i.count == 0, -i.urgency))


@door(SIGNED_IN)
@require_safe
def home(request: DeskRequest) -> HttpResponse:
    at = clock.now()
    return render(request, "site/home.html", {"items": work_of(request.posting, at=at), "at": at})


@door(SIGNED_IN)
@require_POST
def switch_posting(request: DeskRequest) -> HttpResponse:
    """Work in another of one's own postings; any other number changes nothing."""
    chosen = request.POST.get("posting", "")
    if chosen in {str(p.pk) for p in request.postings}:
        request.session[POSTING_KEY] = int(chosen)
    return redirect("home")
