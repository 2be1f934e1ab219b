"""Asking for a list as a file, and what becomes of the asking."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from lachan.core import access, clock
from lachan.core.errors import Refusal
from lachan.core.models import Posting
from lachan.platform import jobs, pages
from lachan.platform.exports.fetching import attachment
from lachan.platform.exports.sheets import sheet
from lachan.platform.exports.sources import Source, batch_of, source_of
from lachan.platform.models import Ending, Export

AT_ONCE = 1_000
"""Rows that are written while the officer waits (under half a second); more become a job."""
KEPT = timedelta(days=1)
MOST_KEPT = 20
STILL = timedelta(minutes=15)
"""Without a new row for so long, an export is taken for dead, and asking again begins it anew."""


class ExportNotVisible(Refusal):
    """The same answer for "no such file" and "not yours"."""

    status = 404

    def __init__(self) -> None:
        super().__init__("export-not-visible", _("There is no file here that your posting may fetch."))


class TooManyExports(Refusal):
    """A posting keeps 20 files."""

    def __init__(self) -> None:
        super().__init__("too-many-exports", _("Delete some of your files first: 20 are kept at a time."))


def answer(request: Any, source: Source) -> HttpResponse:
    """POST ending=csv|xlsx, to the address of the list with its filters: the file itself while it is short, else the
    page of exports, where it appears. Raises TooManyExports."""
    at, posting = clock.now(), request.posting
    ending = _ending(request, source)
    filters = source.filters(request.GET)
    few = list(source.found(posting, filters, at)[: AT_ONCE + 1])
    if len(few) <= AT_ONCE:
        return _at_once(posting, source, ending, few, at)
    ask(posting=posting, source=source, ending=ending, filters=filters, at=at)
    messages.info(request, now_("The list is long: it is being written, and can be fetched here once ready."))
    return pages.see_other(reverse("exports"))


def _ending(request: HttpRequest, source: Source) -> Ending:
    wanted = request.POST.get("ending")
    return next((e for e in source.endings if e.value == wanted), source.endings[0])


def _at_once(
    posting: Posting, source: Source, ending: Ending, few: Sequence[Any], at: datetime
) -> HttpResponse:
    batch, writer = batch_of(source, few, at), sheet(ending)
    access.note_reads(batch.people, posting, purpose=source.purpose, part=source.part, at=at)
    body = writer.add([source.heading]) + writer.add(batch.rows) + writer.end()
    return attachment(HttpResponse(body), source, ending, at)


def ask(*, posting: Posting, source: Source, ending: str, filters: Mapping[str, str], at: datetime) -> Export:
    """The export that will be written, or the one that already is. Raises TooManyExports."""
    with transaction.atomic():
        _in_turn(posting)
        mine = Export.objects.filter(posting=posting)
        mark = _mark(source.name, ending, filters)
        same = mine.filter(mark=mark, ready_at=None, failed_at=None).first()
        if same is not None and not is_still(same, at):
            return same
        if same is not None:
            same.delete()
        if mine.filter(asked_at__gt=at - KEPT).count() >= MOST_KEPT:
            raise TooManyExports
        made = Export.objects.create(
            posting=posting, source=source.name, ending=ending, filters=dict(filters), purpose=source.purpose.value,
            mark=mark, asked_at=at,
        )  # fmt: skip
        _defer(made.pk)
    return made


def _in_turn(posting: Posting) -> None:
    """Who asks twice at once asks one after the other."""
    Posting.objects.select_for_update().get(pk=posting.pk)


def _mark(source: str, ending: str, filters: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps([source, ending, sorted(filters.items())]).encode()).hexdigest()


def _defer(export: UUID) -> None:
    from lachan.platform.tasks import write_export

    jobs.defer(write_export, export=str(export))


def is_still(export: Export, at: datetime) -> bool:
    """Whether nothing has happened for so long that nothing will."""
    over = export.ready_at is not None or export.failed_at is not None
    return not over and (export.moved_at or export.asked_at) < at - STILL


def of_posting(posting: Posting, *, at: datetime) -> list[Export]:
    """What the posting asked for within the last day, newest first; at most 20."""
    found = Export.objects.filter(posting=posting, asked_at__gt=at - KEPT)
    return list(found.order_by("-asked_at", "pk")[:MOST_KEPT])


def own(posting: Posting, number: UUID, *, at: datetime) -> Export:
    """An export of this posting that it may still fetch. Raises ExportNotVisible."""
    found = Export.objects.filter(posting=posting, pk=number, asked_at__gt=at - KEPT).first()
    if found is None or not access.may(posting, source_of(found.source).permission):
        raise ExportNotVisible
    return found


def discard(*, export: Export) -> None:
    """Cancel it or delete it: a writer at work sees that its export is gone, and stops."""
    export.delete()


def again(*, export: Export, at: datetime) -> Export:
    """Begin anew one that failed or stands still."""
    source = source_of(export.source)
    with transaction.atomic():
        export.delete()
        return ask(posting=export.posting, source=source, ending=export.ending, filters=export.filters, at=at)
