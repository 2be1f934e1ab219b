"""Orders open, move and close diaries."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from lachan.core import persons
from lachan.core.codes import new_code
from lachan.core.events import OrderChanged, OrderIssued, OrderLifted, PersonReleased
from lachan.systems.declarations.models import Diary

MOVE = """
    UPDATE declarations_diary d SET ends_on = greatest(d.starts_on, given.ends_on)
    FROM unnest(%s::bigint[], %s::date[]) AS given (number, ends_on)
    WHERE d.order_number = given.number AND d.closed_at IS NULL
"""


def open_diaries(events: Sequence[OrderIssued], at: datetime) -> None:
    """A diary for each order; told twice, it is there once."""
    roots = persons.roots_locked(e.about for e in events)
    rows = [
        Diary(
            order_number=e.order_id, person_id=roots[e.about], code=new_code(), starts_on=e.starts_on,
            ends_on=max(e.starts_on, e.ends_on), opened_at=at,
        )
        for e in sorted(events, key=lambda e: e.order_id)
    ]  # fmt: skip
    Diary.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)


def move_diaries(events: Sequence[OrderChanged], at: datetime) -> None:
    """The last change of an order in the batch is what holds."""
    last = {e.order_id: e.ends_on for e in events}
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [list(last), list(last.values())])


def close_diaries(events: Sequence[OrderLifted | PersonReleased], at: datetime) -> None:
    numbers = [e.order_id for e in events]
    Diary.objects.filter(order_number__in=numbers, closed_at__isnull=True).update(closed_at=at)
