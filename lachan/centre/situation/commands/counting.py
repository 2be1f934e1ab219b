"""Moving the counters."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from lachan.centre.models import Counted
from lachan.centre.situation.queries.stories import counted, stories, whereabouts
from lachan.centre.situation.queries.terms import terms
from lachan.centre.situation.rules.counting import Cells, Known, change
from lachan.centre.situation.rules.measures import FLOWS
from lachan.core.events import Event

# In one order everywhere, so that two workers who count for the same areas wait for each other and do not lock up.
ADD = f"""
    INSERT INTO centre_day_count AS c (area_id, day, {", ".join(FLOWS)})
    SELECT * FROM unnest(%s::bigint[], %s::date[], {", ".join("%s::bigint[]" for _ in FLOWS)}) ORDER BY 1, 2
    ON CONFLICT (day, area_id) DO UPDATE SET {", ".join(f"{m} = c.{m} + excluded.{m}" for m in FLOWS)}
"""  # noqa: S608 - our own names


@transaction.atomic
def count_events(*, events: Sequence[Event], at: datetime) -> int:
    """Add what these events change to the counters of their areas and days; how many were new.

    An event that was counted before changes nothing: it is remembered in the same transaction.
    """
    told = stories(events)
    known = Known(counted(told), {e.id for e in events}, whereabouts(told).of, terms())
    made = change(told, known)
    add(made.cells)
    remember(made.counted, at=at)
    return len(made.counted)


def add(cells: Cells) -> None:
    """Add to the counters; one statement."""
    rows = sorted({(area, day) for (area, day, _), n in cells.items() if n})
    if not rows:
        return
    columns = [[cells[area, day, measure] for area, day in rows] for measure in FLOWS]
    with connection.cursor() as cursor:
        cursor.execute(ADD, [[area for area, _ in rows], [day for _, day in rows], *columns])


def remember(events: dict[UUID, int], *, at: datetime) -> None:
    Counted.objects.bulk_create(
        [Counted(event_id=event, area_id=area, counted_at=at) for event, area in events.items()],
        ignore_conflicts=True, batch_size=5_000,
    )  # fmt: skip
