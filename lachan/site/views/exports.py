"""The lists that a posting saved as files: how far they are, fetching, deleting, trying again."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lachan.core import clock
from lachan.core.access import Purpose
from lachan.core.doors import SIGNED_IN, DeskRequest, door
from lachan.platform import exports, live, pages
from lachan.platform.models import Export
from lachan.platform.screen import Badge, Row, Tone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STATES: Final[Mapping[str, tuple["StrOrPromise", Tone]]] = {
    "waiting": (gettext_lazy("waits to be written"), ""),
    "writing": (gettext_lazy("being written"), "accent"),
    "ready": (gettext_lazy("ready"), "ok"),
    "failed": (gettext_lazy("failed"), "stop"),
    "still": (gettext_lazy("does not move"), "warn"),
}
SENTENCES: Final[Mapping[str, "StrOrPromise"]] = {
    "waiting": gettext_lazy("It begins as soon as a worker is free. You can leave this page."),
    "still": gettext_lazy("Nothing has happened for a quarter of an hour. Try again, or tell who runs this site."),
    "broken": gettext_lazy("Something went wrong while the list was being written. Nothing of it was kept. Try again."),
    "not-permitted": gettext_lazy("Your posting ended, or may no longer save this list."),
    "too-long": gettext_lazy("A worksheet holds 1,048,576 rows. Save the list as CSV, or narrow it."),
}  # fmt: skip


@door(SIGNED_IN)
@require_safe
def exports_page(request: DeskRequest) -> HttpResponse:
    """What the posting asked for within the last day, newest first; renews itself."""
    at = clock.now()
    lines = [_line(e, at) for e in exports.of_posting(request.posting, at=at)]
    rows = [_mark(line) for line in lines]
    if answer := live.unchanged(request, rows):
        return answer
    return render(request, "site/exports.html", {"lines": lines, "rows": rows, "at": at})


def _line(export: Export, at: datetime) -> dict[str, object]:
    state, source = _state(export, at), exports.source_of(export.source)
    return {
        "export": export, "state": state, "title": source.title, "badge": Badge(*STATES[state]),
        "sentence": SENTENCES.get(export.failure or state, SENTENCES["broken"] if export.failure else ""),
        "purpose": Purpose(export.purpose).label, "until": export.asked_at + exports.KEPT,
        "filters": source.words(export.filters),
    }  # fmt: skip


def _state(export: Export, at: datetime) -> str:
    """From what is written down about it."""
    if export.ready_at or export.failed_at:
        return "ready" if export.ready_at else "failed"
    if exports.is_still(export, at):
        return "still"
    return "writing" if export.begun_at else "waiting"


def _mark(line: Mapping[str, object]) -> Row:
    export = line["export"]
    assert isinstance(export, Export)  # noqa: S101 (for the type checker)
    return Row((line["state"], export.rows, export.expected), key=str(export.pk))


@door(SIGNED_IN)
@require_safe
def fetch(request: DeskRequest, number: UUID) -> HttpResponseBase:
    """The file, for the posting that asked for it."""
    at = clock.now()
    return exports.fetch(exports.own(request.posting, number, at=at), request.posting, at=at)


@door(SIGNED_IN)
@require_POST
def discard(request: DeskRequest, number: UUID) -> HttpResponse:
    """Cancel it while it is being written, delete it afterwards."""
    export = exports.own(request.posting, number, at=clock.now())
    exports.discard(export=export)
    messages.success(request, _("The file is deleted.") if export.ready_at else _("The export is cancelled."))
    return pages.see_other(reverse("exports"))


@door(SIGNED_IN)
@require_POST
def again(request: DeskRequest, number: UUID) -> HttpResponse:
    at = clock.now()
    exports.again(export=exports.own(request.posting, number, at=at), at=at)
    messages.success(request, _("The list is being written anew."))
    return pages.see_other(reverse("exports"))
