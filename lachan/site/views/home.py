"""The desk of a posting: its own work, what hurts most first."""

from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lachan.core import clock
from lachan.core.desk import DeskItem
from lachan.core.doors import POSTING_KEY, SIGNED_IN, DeskRequest, door
from lachan.core.models import Posting

Desk = Callable[..., Sequence[DeskItem]]


def _desks() -> list[Desk]:
    names = [
        n
        for n in ("tracing", "testing", "quarantine", "checkpoints")
        if find_spec(f"lachan.systems.{n}.urls")
    ]
    return [import_module(f"lachan.systems.{n}.queries").desk for n in names]


def work_of(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Everything that waits for this posting, most urgent first."""
    items = [item for desk in _desks() for item in desk(posting, at=at)]
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
