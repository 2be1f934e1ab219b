"""Moving the counters of coverage, and counting who lives where."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lachan.core import areas, clock
from lachan.core.events import DoseGiven, DoseWithdrawn
from lachan.core.models import Person
from lachan.systems.vaccination.rules.coverage import BANDS, UNKNOWN, band_of, steps_of

Cells = Counter[tuple[int, int, str]]
Counted = tuple[int, int, str]
"""Area, band, steps with spaces between them."""

# In one order everywhere, so that two workers who count for the same areas wait for each other and do not lock up.
ADD = """
    INSERT INTO vaccination_coverage AS c (area_id, from_age, step, people)
    SELECT * FROM unnest(%s::bigint[], %s::smallint[], %s::text[], %s::int[]) ORDER BY 1, 2, 3
    ON CONFLICT (area_id, from_age, step) DO UPDATE SET people = c.people + excluded.people
"""
TAKE = """
    INSERT INTO vaccination_covereddose (event_id, area_id, from_age, steps, back, counted_at)
    SELECT *, false, %s FROM unnest(%s::uuid[], %s::bigint[], %s::smallint[], %s::text[])
    ON CONFLICT (event_id) DO NOTHING RETURNING event_id
"""
GIVE_BACK = """
    UPDATE vaccination_covereddose SET back = true WHERE event_id = ANY(%s) AND NOT back
    RETURNING area_id, from_age, steps
"""
# Ages as rules.coverage.band_of has them: who gave no day or month has had the birthday.
RESIDENTS = """
    INSERT INTO vaccination_residents (area_id, from_age, people, counted_on)
    SELECT home_area_id, from_age, count(*), %(on)s FROM (
        SELECT home_area_id, CASE WHEN birth_year IS NULL OR birth_year > %(year)s THEN %(unknown)s ELSE
            (SELECT max(b) FROM unnest(%(bands)s::smallint[]) b WHERE b <= greatest(0, %(year)s - birth_year
                - ((coalesce(birth_month, 1), coalesce(birth_day, 1)) > (%(month)s, %(day)s))::int)) END AS from_age
        FROM core_person WHERE merged_into_id IS NULL AND home_area_id IS NOT NULL
    ) AS people GROUP BY 1, 2
"""


@transaction.atomic
def count_doses(*, events: Sequence[DoseGiven | DoseWithdrawn], at: datetime) -> int:
    """Count new doses where their people live, and take withdrawn ones back from where they were counted; how many
    there were of both. What was counted before changes nothing."""
    cells: Cells = Counter()
    given = _taken([e for e in events if isinstance(e, DoseGiven)], at)
    for area, band, steps in given:
        cells.update({(area, band, step): 1 for step in steps.split()})
    back = _given_back([e.given_id for e in events if isinstance(e, DoseWithdrawn)])
    for area, band, steps in back:
        cells.subtract({(area, band, step): 1 for step in steps.split()})
    _add(cells)
    return len(given) + len(back)


@transaction.atomic
def count_residents(*, at: datetime) -> int:
    """Count who lives where by age, the whole table anew in two statements; how many rows there are."""
    today = clock.local_date(at)
    given: dict[str, Any] = {
        "on": today, "year": today.year, "month": today.month, "day": today.day, "unknown": UNKNOWN,
        "bands": list(BANDS),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM vaccination_residents")
        cursor.execute(RESIDENTS, given)
        return int(cursor.rowcount)


def _taken(given: Sequence[DoseGiven], at: datetime) -> list[Counted]:
    """Of doses that bring their people a step, those that nobody had counted; they are noted as counted."""
    rows = dict(_steps(given))
    if not rows:
        return []
    columns = [list(column) for column in zip(*rows.values(), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [at, list(rows), *columns])
        return [rows[event] for (event,) in cursor.fetchall()]


def _steps(given: Iterable[DoseGiven]) -> Iterable[tuple[UUID, Counted]]:
    doses = {event.id: event for event in given if event.person_id}
    people = Person.objects.select_related("merged_into").in_bulk({e.person_id for e in doses.values()})
    everywhere = areas.country().pk
    for event in doses.values():
        person = people[event.person_id]
        root = person.merged_into or person
        steps = steps_of(event.given_as, event.dose_number, event.primary_doses)
        if steps:
            band = _band(root, clock.local_date(event.happened_at))
            yield event.id, (root.home_area_id or everywhere, band, " ".join(steps))


def _given_back(given: Sequence[UUID]) -> list[Counted]:
    if not given:
        return []
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, [list(given)])
        return [(area, band, steps) for area, band, steps in cursor.fetchall()]


def _band(person: Person, on: date) -> int:
    return band_of(person.birth_year, person.birth_month, person.birth_day, on)


def _add(cells: Cells) -> None:
    rows = sorted((key, n) for key, n in cells.items() if n)
    if not rows:
        return
    with connection.cursor() as cursor:
        keys = [list(column) for column in zip(*(key for key, _ in rows), strict=True)]
        cursor.execute(ADD, [*keys, [n for _, n in rows]])
