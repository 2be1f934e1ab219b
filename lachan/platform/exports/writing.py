"""The job that writes a file. It may be killed at any moment and begun again, also while another still believes that
it writes: each beginning is an attempt, and only the last one's pieces are taken."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import F

from lachan.core import access, actors, clock
from lachan.core.errors import Refusal
from lachan.core.models import Posting
from lachan.platform import jobs
from lachan.platform.exports.sheets import sheet
from lachan.platform.exports.sources import Source, batches, source_of
from lachan.platform.models import Export, ExportPart

log = logging.getLogger(__name__)


class _Given(Exception):
    """The export was deleted, or another writer has it now."""


def write(number: UUID, *, at: datetime) -> None:
    """Write the export, whatever an earlier attempt left of it. One that is over or gone stays as it is.

    A fault of the list itself is written down, for its owner to see; a database that does not answer, and a worker
    that is asked to stop, are raised, for the job to be tried again.
    """
    export = _begin(number, at)
    if export is None:
        return
    try:
        _write(export, at)
    except _Given:
        return
    except (OperationalError, jobs.Interrupted):
        raise
    except Refusal as refusal:
        _fail(export, refusal.code)
    except Exception as error:
        log.error("export %s failed: %s", export.source, type(error).__name__)  # its text may carry a name
        _fail(export, "broken")


def _begin(number: UUID, at: datetime) -> Export | None:
    """This is the writer now; what another has written goes."""
    with transaction.atomic():
        waiting = Export.objects.filter(pk=number, ready_at=None, failed_at=None)
        taken = waiting.update(attempt=F("attempt") + 1, begun_at=at, moved_at=at, rows=0, size=0, expected=0)
        if not taken:
            return None
        ExportPart.objects.filter(export=number).delete()
        return Export.objects.select_related("posting__area", "posting__place__area", "posting__actor").get(
            pk=number
        )


def _write(export: Export, at: datetime) -> None:
    source = source_of(export.source)
    found = source.found(_posting(export, source, at), export.filters, at)
    _move(export, expected=found.count())
    writer = sheet(export.ending)
    _save(export, 0, writer.add([source.heading]), [], 0)
    last = 0
    with closing(batches(source, found, at)) as parts:
        for last, batch in enumerate(parts, start=1):
            _save(export, last, writer.add(batch.rows), batch.people, len(batch.rows))
    _finish(export, last + 1, writer.end())


def _posting(export: Export, source: Source, at: datetime) -> Posting:
    """As it stands now: who was relieved since, or lost the permission, gets nothing. Raises NotVisible."""
    held = {p.pk: p for p in actors.postings_of(export.posting.actor, at=at)}
    posting = held.get(export.posting_id)
    if posting is None or posting.actor.revoked_at or not access.may(posting, source.permission):
        raise Refusal("not-permitted", "")
    return posting


def _move(export: Export, **changes: object) -> None:
    """Note where the writing stands, unless it is somebody else's by now. Raises _Given."""
    mine = Export.objects.filter(pk=export.pk, attempt=export.attempt, ready_at=None, failed_at=None)
    if not mine.update(moved_at=clock.now(), **changes):
        raise _Given


def _save(export: Export, number: int, body: bytes, people: list[int], rows: int) -> None:
    jobs.go_on()
    with transaction.atomic():
        _move(export, rows=F("rows") + rows, size=F("size") + len(body))
        ExportPart.objects.create(export=export, number=number, body=body, people=people)


def _finish(export: Export, number: int, body: bytes) -> None:
    with transaction.atomic():
        _save(export, number, body, [], 0)
        _move(export, ready_at=clock.now())


def _fail(export: Export, code: str) -> None:
    mine = Export.objects.filter(pk=export.pk, attempt=export.attempt, ready_at=None, failed_at=None)
    with transaction.atomic():
        mine.update(failed_at=clock.now(), failure=code[:40])
        ExportPart.objects.filter(export=export.pk, export__failed_at__isnull=False).delete()
