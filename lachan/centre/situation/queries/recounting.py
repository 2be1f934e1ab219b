"""Counting again, from the event table alone."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lachan.centre.models import DayCount
from lachan.centre.situation.queries.stories import counted, of_reports, whereabouts
from lachan.centre.situation.queries.terms import terms
from lachan.centre.situation.rules.counting import COUNTED, OF_REPORTS, Cells, Known, change
from lachan.centre.situation.rules.measures import FLOWS
from lachan.core import clock, eventlog
from lachan.core.events import Event
from lachan.core.models import EventRow
from lachan.platform import jobs

SLACK = timedelta(days=1)
"""By so much the clock of a device may be ahead of ours."""
CHUNK = 2_000
HANDLER = "situation.count"

PERSONS = """
    SELECT DISTINCT coalesce(p.merged_into_id, p.id) FROM core_event e JOIN core_person p ON p.id = e.person_id
    WHERE e.kind = ANY(%s) AND e.recorded_at >= %s ORDER BY 1
"""
REFS = "SELECT DISTINCT ref FROM core_event WHERE kind = ANY(%s) AND recorded_at >= %s ORDER BY 1"
OF_NOBODY = """
    SELECT id FROM core_event WHERE kind = ANY(%s) AND recorded_at >= %s AND person_id IS NULL ORDER BY 1
"""
WAITING = "SELECT event_id FROM core_delivery WHERE handler = %s"


@dataclass(slots=True)
class Counting:
    """What the events of the days say (`cells`), and for which area those count that nobody has counted (`missed`)."""

    cells: Cells = field(default_factory=Counter)
    missed: dict[UUID, int] = field(default_factory=dict)
    events: int = 0


@contextmanager
def snapshot() -> Iterator[None]:
    """What is read within is of one instant, while workers count on; inside a transaction already, as it comes."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def recounted(from_on: date, to_on: date) -> Counting:
    """The days from `from_on` until (not including) `to_on`, counted from all that is told of whoever has an event
    recorded since then. Events that still wait for a worker are left out: they will be counted."""
    waiting = {row[0] for row in _rows(WAITING, [HANDLER])}
    found = Counting()
    for told in _told(clock.day_start(from_on) - SLACK):
        _count([[e for e in story if e.id not in waiting] for story in told], found)
        jobs.go_on()
    found.cells = Counter({cell: n for cell, n in found.cells.items() if from_on <= cell[1] < to_on and n})
    return found


def _told(since: datetime) -> Iterator[list[list[Event]]]:
    """Chunk by chunk the stories of persons, of citizens' reports, and of what happened to nobody."""
    others = [kind for kind in COUNTED if kind not in OF_REPORTS]
    for persons in _parts(_first(PERSONS, others, since)):
        yield list(eventlog.of_persons(persons, others).values())
    for refs in _parts(_first(REFS, OF_REPORTS, since)):
        yield of_reports(refs)
    for ids in _parts(_first(OF_NOBODY, others, since)):
        yield [[eventlog.from_row(row)] for row in EventRow.objects.filter(pk__in=ids)]


def _parts(keys: list[Any]) -> Iterator[list[Any]]:
    return (keys[i : i + CHUNK] for i in range(0, len(keys), CHUNK))


def _count(told: Sequence[Sequence[Event]], found: Counting) -> None:
    """As if nothing had been counted, but for the areas for which it was."""
    before, everything = counted(told), {e.id for story in told for e in story}
    made = change(told, Known(before, everything, whereabouts(told).of, terms(), afresh=True))
    found.cells.update(made.cells)
    found.missed.update(made.counted)
    found.events += len(everything)


def kept(from_on: date, to_on: date) -> Cells:
    """What the counters of these days say."""
    rows = DayCount.objects.filter(day__gte=from_on, day__lt=to_on).values_list("area_id", "day", *FLOWS)
    found = {
        (row[0], row[1], measure): n for row in rows for measure, n in zip(FLOWS, row[2:], strict=True) if n
    }
    return Counter(found)


def _first(sql: str, kinds: Sequence[type[Event]], since: datetime) -> list[Any]:
    return [row[0] for row in _rows(sql, [[kind.__name__ for kind in kinds], since])]


def _rows(sql: str, given: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
