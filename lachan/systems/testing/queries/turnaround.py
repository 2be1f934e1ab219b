"""How long people wait: from the swab to the verified result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from lachan.core import areas, clock
from lachan.core.models import Place, Posting
from lachan.systems.testing.models import Batch
from lachan.systems.testing.queries import scope

MOST_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Turnaround:
    """Results that a laboratory verified on a local day. Hours from collection to verification; `within` is the
    share (0..1) that took no longer than the policy's hours."""

    laboratory_id: int
    laboratory: str
    day: date
    results: int
    median_hours: float
    p90_hours: float
    within: float


_SQL = """
    WITH waits AS (
        SELECT r.place_id, (r.verified_at AT TIME ZONE %(zone)s)::date AS day,
               extract(epoch FROM r.verified_at - t.collected_at)::float8 / 3600 AS hours
        FROM testing_result r
        JOIN testing_tube t ON t.id = r.tube_id
            OR t.id IN (SELECT tube_id FROM testing_pooltube WHERE pool_id = r.pool_id)
        WHERE r.verified_at >= %(start)s AND r.verified_at < %(end)s AND r.amends_id IS NULL
          AND r.place_id = ANY(%(places)s)
    )
    SELECT w.place_id, p.name, w.day, count(*),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY w.hours),
           percentile_cont(0.9) WITHIN GROUP (ORDER BY w.hours),
           avg((w.hours <= %(limit)s)::int)::float8
    FROM waits w JOIN core_place p ON p.id = w.place_id
    GROUP BY w.place_id, p.name, w.day ORDER BY w.day DESC, p.name, w.place_id LIMIT %(most)s
"""


def turnaround(posting: Posting, *, first: date, last: date, limit_hours: int) -> Sequence[Turnaround]:
    """One row a place and day (both days included), newest day first, at most MOST_LINES; a pool counts once for
    each of its tubes. Amendments do not count: nobody waited for them."""
    places = Place.objects.filter(_read_here(posting)).values_list("pk", flat=True)
    values: dict[str, Any] = {
        "zone": str(clock.zone()), "start": clock.day_start(first), "end": clock.day_bounds(last)[1],
        "most": MOST_LINES, "limit": limit_hours, "places": list(places),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        return [Turnaround(*row) for row in cursor.fetchall()]


def _read_here(posting: Posting) -> Q:
    """The posting's own place, every place of its area, and the laboratories that test for it."""
    sent_to = Batch.objects.filter(scope.at(posting, "from_place")).values("laboratory")
    own = Q(pk=posting.place_id) if posting.place_id else areas.inside("area__", scope.home_of(posting))
    return own | Q(pk__in=sent_to)
