"""Who was at the same place at the same time: one question, asked of presences and residences for many persons at
once. Knows no epidemic: windows, limits and kinds of places are the caller's.

Works in temporary tables of the transaction, step by step, each analysed, so that 500 persons cost less than 500
times one, and a busy place is read once and not once a visitor.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

LONGEST_STAY = timedelta(hours=24)
"""A presence that lasts longer belongs into `Residence`; co-presence looks back no further."""

TABLES = """
CREATE TEMP TABLE IF NOT EXISTS copresence_window (
    person_id bigint, from_at timestamptz, until_at timestamptz) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS copresence_stay (
    person_id bigint, place_id bigint, starts_at timestamptz, ends_at timestamptz, masked boolean,
    row_from smallint, row_to smallint, presence_id uuid, crowded boolean) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS copresence_span (
    place_id bigint, day timestamptz, since timestamptz) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS copresence_candidate (
    person_id bigint, place_id bigint, starts_at timestamptz, ends_at timestamptz, masked boolean,
    row_from smallint, row_to smallint, presence_id uuid) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS copresence_crowd (
    place_id bigint, from_at timestamptz, until_at timestamptz, people int) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS copresence_home (
    person_id bigint, place_id bigint, starts_at timestamptz, ends_at timestamptz) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS copresence_resident (
    person_id bigint, place_id bigint, starts_at timestamptz, ends_at timestamptz) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS copresence_full (
    place_id bigint, from_at timestamptz, until_at timestamptz, people int) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS copresence_meeting (
    person_id bigint, other_id bigint, place_id bigint, starts_at timestamptz, ends_at timestamptz,
    both_masked boolean, standing boolean, presence_id uuid, other_presence_id uuid) ON COMMIT DELETE ROWS;
TRUNCATE copresence_window, copresence_stay, copresence_span, copresence_candidate,
    copresence_crowd, copresence_home, copresence_resident, copresence_full, copresence_meeting;
"""

# Records merged into a person count as that person's.
WINDOWS = """
INSERT INTO copresence_window
SELECT p.id, w.from_at, w.until_at
FROM unnest(%(person_ids)s::bigint[], %(from_ats)s::timestamptz[], %(until_ats)s::timestamptz[])
     AS w(person_id, from_at, until_at)
JOIN core_person p ON p.id = w.person_id OR p.merged_into_id = w.person_id
WHERE w.from_at < w.until_at;
ANALYZE copresence_window
"""

STAYS = """
INSERT INTO copresence_stay
SELECT p.person_id, p.place_id, greatest(p.starts_at, w.from_at), least(p.ends_at, w.until_at), p.masked,
    p.row_from, p.row_to, p.id, false
FROM copresence_window w
JOIN core_presence p ON p.person_id = w.person_id
    AND p.starts_at > w.from_at - %(longest)s AND p.starts_at < w.until_at AND p.ends_at > w.from_at
JOIN core_place c ON c.id = p.place_id
WHERE p.starts_at > %(lowest)s AND p.starts_at < %(highest)s
    AND (%(place_kinds)s::text[] IS NULL OR c.kind = ANY(%(place_kinds)s));
ANALYZE copresence_stay
"""

# Every presence at the places of the stays, on their days, once: however many of the persons came there. The day is
# joined twice over: as a range for the index when places are few, as a value to hash by when they are many. Of the day
# before a stay (`since` is then the stay's own day) only who stayed overnight.
CANDIDATES = """
INSERT INTO copresence_span
SELECT s.place_id, d, min(date_bin('1 day', s.starts_at, 'epoch')) FROM copresence_stay s, generate_series(
    date_bin('1 day', s.starts_at - %(longest)s, 'epoch'), s.ends_at, interval '1 day') d GROUP BY s.place_id, d;
ANALYZE copresence_span;
INSERT INTO copresence_candidate
SELECT p.person_id, p.place_id, p.starts_at, p.ends_at, p.masked, p.row_from, p.row_to, p.id
FROM copresence_span span
JOIN core_presence p ON p.place_id = span.place_id AND date_bin('1 day', p.starts_at, 'epoch') = span.day
    AND p.starts_at >= span.day AND p.starts_at < span.day + interval '1 day' AND p.ends_at > span.since
WHERE p.starts_at > %(lowest)s - %(longest)s AND p.starts_at < %(highest)s;
ANALYZE copresence_candidate (place_id)
"""

# When more people than the limit were at a place: running count over arrivals and departures (a departure at the
# same instant first: periods are half-open), then one row for each unbroken run above the limit.
RUNS = """
INSERT INTO <crowd>
WITH busy AS (
    SELECT place_id FROM <stay> GROUP BY place_id HAVING count(*) > %(crowd_limit)s
), change AS (
    SELECT place_id, at, sum(step)::int AS step FROM (
        SELECT place_id, starts_at AS at, 1 AS step FROM <stay> JOIN busy USING (place_id)
        UNION ALL
        SELECT place_id, ends_at, -1 FROM <stay> JOIN busy USING (place_id)
    ) moves GROUP BY place_id, at
), inside AS (
    SELECT place_id, at, sum(step) OVER so_far AS people, lead(at) OVER so_far AS until_at
    FROM change WINDOW so_far AS (PARTITION BY place_id ORDER BY at)
), runs AS (
    SELECT *, count(*) FILTER (WHERE people <= %(crowd_limit)s) OVER (PARTITION BY place_id ORDER BY at) AS run
    FROM inside
)
SELECT place_id, min(at), max(until_at), max(people) FROM runs
WHERE people > %(crowd_limit)s GROUP BY place_id, run;
ANALYZE <crowd>
"""
CROWDS = RUNS.replace("<crowd>", "copresence_crowd").replace("<stay>", "copresence_candidate")
FULL = RUNS.replace("<crowd>", "copresence_full").replace("<stay>", "copresence_resident")

# Who sits in a known row is told from a crowd by name; a notice is for those whose row nobody knows.
CROWDED = """
UPDATE copresence_stay s SET crowded = true FROM copresence_crowd c
WHERE c.place_id = s.place_id AND c.from_at < s.ends_at AND c.until_at > s.starts_at
"""

CROWDED_STAYS = """
SELECT s.person_id, s.place_id, s.starts_at, s.ends_at, max(c.people)
FROM copresence_stay s JOIN copresence_crowd c
    ON c.place_id = s.place_id AND c.from_at < s.ends_at AND c.until_at > s.starts_at
WHERE s.row_from IS NULL OR EXISTS (SELECT 1 FROM copresence_candidate o
    WHERE o.place_id = s.place_id AND o.row_from IS NULL AND o.starts_at < s.ends_at AND o.ends_at > s.starts_at)
GROUP BY s.person_id, s.place_id, s.starts_at, s.ends_at, s.presence_id
ORDER BY s.starts_at, s.person_id, s.place_id
"""

# Joined by place and hour, so that a hash join does it: each pair shares at least one hour, and is taken in the first.
# In known rows, two who sit meet over `rows_apart` rows; who works in several meets those in them.
MEETINGS = """
DELETE FROM copresence_stay WHERE crowded AND row_from IS NULL;
INSERT INTO copresence_meeting
SELECT s.person_id, c.person_id, s.place_id, greatest(s.starts_at, c.starts_at), least(s.ends_at, c.ends_at),
    CASE WHEN s.masked AND c.masked THEN true WHEN NOT s.masked OR NOT c.masked THEN false END, false,
    s.presence_id, c.presence_id
FROM (
    SELECT s.*, h AS hour FROM copresence_stay s,
        generate_series(date_bin('1 hour', s.starts_at, 'epoch'), s.ends_at, interval '1 hour') h
) s JOIN (
    SELECT c.*, h AS hour FROM copresence_candidate c,
        generate_series(date_bin('1 hour', c.starts_at, 'epoch'), c.ends_at, interval '1 hour') h
) c ON c.place_id = s.place_id AND c.hour = s.hour
WHERE c.person_id <> s.person_id AND NOT (s.crowded AND c.row_from IS NULL)
    AND (s.row_from IS NULL OR c.row_from IS NULL OR greatest(s.row_from - c.row_to, c.row_from - s.row_to)
        <= CASE WHEN s.row_from = s.row_to AND c.row_from = c.row_to THEN %(rows_apart)s::int ELSE 0 END)
    AND s.hour = date_bin('1 hour', greatest(s.starts_at, c.starts_at), 'epoch')
    AND least(s.ends_at, c.ends_at) - greatest(s.starts_at, c.starts_at) >= %(shortest)s
    AND greatest(s.starts_at, c.starts_at) < least(s.ends_at, c.ends_at)
"""

# Who lives there in the time asked for; whoever moved out before makes no place full.
RESIDENTS = """
INSERT INTO copresence_home
SELECT w.person_id, r.place_id, greatest(lower(r.period), w.from_at), least(upper(r.period), w.until_at)
FROM copresence_window w
JOIN core_residence r ON r.person_id = w.person_id AND r.period && tstzrange(w.from_at, w.until_at)
JOIN core_place c ON c.id = r.place_id
WHERE %(place_kinds)s::text[] IS NULL OR c.kind = ANY(%(place_kinds)s);
ANALYZE copresence_home;
INSERT INTO copresence_resident
SELECT r.person_id, r.place_id, greatest(lower(r.period), h.starts_at), least(upper(r.period), h.ends_at)
FROM (SELECT place_id, min(starts_at) AS starts_at, max(ends_at) AS ends_at FROM copresence_home GROUP BY place_id) h
JOIN core_residence r ON r.place_id = h.place_id AND r.period && tstzrange(h.starts_at, h.ends_at);
ANALYZE copresence_resident
"""

FULL_HOMES = """
SELECT h.person_id, h.place_id, h.starts_at, h.ends_at, max(f.people)
FROM copresence_home h JOIN copresence_full f
    ON f.place_id = h.place_id AND f.from_at < h.ends_at AND f.until_at > h.starts_at
GROUP BY h.person_id, h.place_id, h.starts_at, h.ends_at
ORDER BY h.starts_at, h.person_id, h.place_id
"""

LIVING_TOGETHER = """
INSERT INTO copresence_meeting
SELECT h.person_id, r.person_id, h.place_id, greatest(h.starts_at, r.starts_at),
    least(h.ends_at, r.ends_at), NULL, true, NULL, NULL
FROM copresence_home h
JOIN copresence_resident r ON r.place_id = h.place_id AND r.person_id <> h.person_id
    AND r.starts_at < h.ends_at AND r.ends_at > h.starts_at
WHERE NOT EXISTS (SELECT 1 FROM copresence_full f
    WHERE f.place_id = h.place_id AND f.from_at < h.ends_at AND f.until_at > h.starts_at);
ANALYZE copresence_meeting
"""


@dataclass(frozen=True, slots=True)
class Interval:
    """Whose company is sought, in [from_at, until_at)."""

    person_id: int
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Crowd:
    """A stay of `person_id` at a place when too many were there to name one by one; `people`: the most at once while
    it was so full."""

    person_id: int
    place_id: int
    from_at: datetime
    until_at: datetime
    people: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """`person_id` and `other_id` were both there in [starts_at, ends_at). `both_masked`: None where not known.

    `standing`: they live, work or learn there (a Residence), seen at no particular moment.
    """

    person_id: int
    other_id: int
    place_id: int
    starts_at: datetime
    ends_at: datetime
    both_masked: bool | None
    standing: bool
    presence_id: UUID | None
    other_presence_id: UUID | None


def gather(
    intervals: Sequence[Interval],
    *,
    crowd_limit: int,
    shortest: timedelta = timedelta(0),
    place_kinds: Sequence[str] | None = None,
    rows_apart: int = 0,
) -> list[Crowd]:
    """Fill the table `copresence_meeting` of this transaction (read it with `meetings`, or join it) and return
    the stays that were in a crowd, for which there are no meetings.

    More than `crowd_limit` presences at once at a place is a crowd; so is a standing place with more residents at
    once than that. Meetings shorter than `shortest` are left out; `place_kinds` (None: all) says where to look.
    Where both rows are known, they are at most `rows_apart` apart (decision 0013), however many are there.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("gather() belongs inside a transaction: its tables last no longer")
    run(TABLES)
    if not intervals:
        return []
    given = _given(intervals, crowd_limit, shortest, place_kinds) | {"rows_apart": rows_apart}
    for step in (WINDOWS, STAYS, CANDIDATES, CROWDS, CROWDED, RESIDENTS, FULL):
        run(step, given)
    crowds = _crowds(CROWDED_STAYS) + _crowds(FULL_HOMES)
    run(MEETINGS, given)
    run(LIVING_TOGETHER, given)
    return crowds


def _crowds(statement: str) -> list[Crowd]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [Crowd(*row) for row in cursor.fetchall()]


def _given(
    intervals: Sequence[Interval], crowd_limit: int, shortest: timedelta, place_kinds: Sequence[str] | None
) -> dict[str, Any]:
    return {
        "person_ids": [i.person_id for i in intervals],
        "from_ats": [i.from_at for i in intervals],
        "until_ats": [i.until_at for i in intervals],
        "lowest": min(i.from_at for i in intervals) - LONGEST_STAY,
        "highest": max(i.until_at for i in intervals),
        "longest": LONGEST_STAY,
        "shortest": shortest,
        "crowd_limit": crowd_limit,
        "place_kinds": list(place_kinds) if place_kinds else None,
    }


def run(script: str, given: dict[str, Any] | None = None) -> None:
    """Execute statements one after the other (a prepared statement can hold only one)."""
    with connection.cursor() as cursor:
        for statement in script.split(";"):
            if statement.strip():
                cursor.execute(statement, given)


def meetings() -> Iterator[Meeting]:
    """What `gather` found."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM copresence_meeting ORDER BY person_id, starts_at, other_id, place_id, ends_at"
        )
        for row in cursor:
            yield Meeting(*row)
