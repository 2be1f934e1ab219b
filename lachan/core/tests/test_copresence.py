"""Who was with whom: the SQL against a plain search over the same stays."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lachan.core import areas, places, presences
from lachan.core.codes import new_code
from lachan.core.copresence import Crowd, Interval, Meeting, gather, meetings
from lachan.core.models import Person, Place, PlaceKind, Presence, PresenceSource, Residence
from lachan.core.presences import Stay

AT = datetime(2026, 1, 10, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PEOPLE, PLACES = 6, 2

stay = st.tuples(
    st.integers(0, PEOPLE - 1), st.integers(0, PLACES - 1), st.integers(0, 60 * 72), st.integers(1, 60 * 20),
    st.sampled_from((True, False, None)), st.none() | st.tuples(st.integers(0, 8), st.sampled_from((0, 0, 3))),
)  # fmt: skip
interval = st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 60 * 72), st.integers(-60, 60 * 48))


def make_people(n: int = PEOPLE) -> list[Person]:
    return Person.objects.bulk_create(
        Person(code=new_code(), name="A", search_key="a", registered_at=AT) for _ in range(n)
    )


def make_place(kind: PlaceKind = PlaceKind.VENUE) -> Place:
    return places.open_place(kind=kind, name="B", area=areas.country(), at=AT - 90 * DAY)


Rows = tuple[int, int] | None


def record(stays: Sequence[tuple[Person, Place, datetime, datetime, bool | None]], *rows: Rows) -> None:
    presences.record(
        [
            Stay(
                person_id=p.pk, place_id=x.pk, starts_at=a, ends_at=b, masked=m, rows=r, source=PresenceSource.SCAN
            )
            for (p, x, a, b, m), r in zip(stays, rows or [None] * len(stays), strict=True)
        ],
        at=AT,
    )  # fmt: skip


def both(one: bool | None, other: bool | None) -> bool | None:
    if one and other:
        return True
    return False if one is False or other is False else None


def near(one: Presence, other: Presence, rows_apart: int) -> bool:
    """Decision 0013, row by row."""
    if one.row_from is None or one.row_to is None or other.row_from is None or other.row_to is None:
        return True
    mine, theirs = range(one.row_from, one.row_to + 1), range(other.row_from, other.row_to + 1)
    reach = rows_apart if len(mine) == len(theirs) == 1 else 0
    return any(abs(a - b) <= reach for a in mine for b in theirs)


def plain(
    intervals: Sequence[Interval], crowd_limit: int, shortest: timedelta, rows_apart: int
) -> tuple[set[Any], set[Crowd]]:
    """The same answer, pair by pair and minute by minute of change."""
    stays = list(Presence.objects.all())
    met, crowds = set[Any](), set[Crowd]()
    for i in intervals:
        for mine in (s for s in stays if s.person_id == i.person_id):
            since, until = max(mine.starts_at, i.from_at), min(mine.ends_at, i.until_at)
            if since >= until:
                continue
            here = [s for s in stays if s.place_id == mine.place_id]
            people = _most_at_once(here, since, until)
            unknown = [s for s in here if s.row_from is None and s.starts_at < until and s.ends_at > since]
            if people > crowd_limit:
                if unknown:
                    crowds.add(Crowd(i.person_id, mine.place_id, since, until, people))
                here = [] if mine.row_from is None else [s for s in here if s.row_from is not None]
            for other in here:
                a, b = max(since, other.starts_at), min(until, other.ends_at)
                met_here = a < b and b - a >= shortest and near(mine, other, rows_apart)
                if other.person_id != i.person_id and met_here:
                    met.add((i.person_id, other.person_id, mine.place_id, a, b, both(mine.masked, other.masked),
                             mine.id, other.id))  # fmt: skip
    return met, crowds


def _most_at_once(here: Sequence[Presence], since: datetime, until: datetime) -> int:
    moments = [since, *(s.starts_at for s in here if since <= s.starts_at < until)]
    return max(sum(s.starts_at <= m < s.ends_at for s in here) for m in moments)


def found(intervals: Sequence[Interval], **how: Any) -> tuple[list[Meeting], list[Crowd]]:
    with transaction.atomic():
        crowds = gather(intervals, **how)
        return list(meetings()), crowds


class CoPresence(TestCase):
    @given(
        stays=st.lists(stay, max_size=25),
        wanted=st.lists(interval, min_size=1, max_size=3, unique_by=lambda i: i[0]),
        crowd_limit=st.integers(1, 5),
        shortest=st.sampled_from((0, 15)),
        rows_apart=st.integers(0, 3),
    )
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_meetings_and_crowds_are_those_of_the_plain_search(
        self, stays: list[Any], wanted: list[Any], crowd_limit: int, shortest: int, rows_apart: int
    ) -> None:
        who, where = make_people(), [make_place() for _ in range(PLACES)]
        record(
            [
                (who[p], where[x], AT + a * MINUTE, AT + (a + length) * MINUTE, masked)
                for p, x, a, length, masked, _rows in stays
            ],
            *(rows and (rows[0], sum(rows)) for *_stay, rows in stays),
        )
        intervals = [
            Interval(who[p].pk, AT + a * MINUTE, AT + (a + length) * MINUTE) for p, a, length in wanted
        ]
        met, crowds = found(
            intervals, crowd_limit=crowd_limit, shortest=shortest * MINUTE, rows_apart=rows_apart
        )
        shown = [
            (m.person_id, m.other_id, m.place_id, m.starts_at, m.ends_at, m.both_masked, m.presence_id,
             m.other_presence_id)
            for m in met
        ]  # fmt: skip
        expected, expected_crowds = plain(intervals, crowd_limit, shortest * MINUTE, rows_apart)
        assert set(shown) == expected
        assert len(shown) == len(expected)
        peaks = {(c.person_id, c.place_id, c.from_at, c.until_at): c.people for c in crowds}
        assert peaks.keys() == {(c.person_id, c.place_id, c.from_at, c.until_at) for c in expected_crowds}
        for c in expected_crowds:
            assert peaks[c.person_id, c.place_id, c.from_at, c.until_at] >= c.people


@pytest.mark.django_db
def test_in_a_full_plane_neighbours_and_the_crew_of_the_cabin_are_named_and_nobody_else() -> None:
    who, plane = make_people(62), make_place(PlaceKind.CONVEYANCE)
    rows = [*((n // 2, n // 2) for n in range(60)), (0, 9), (10, 29)]
    record([(p, plane, AT, AT + HOUR, None) for p in who], *rows)
    met, crowds = found([Interval(who[24].pk, AT, AT + HOUR)], crowd_limit=10, rows_apart=2)
    assert ({m.other_id for m in met}, crowds) == ({p.pk for p in [*who[20:24], *who[25:30], who[61]]}, [])


@pytest.mark.django_db
def test_people_of_one_household_meet_without_a_scan() -> None:
    a, b, moved_out = make_people(3)
    home = make_place(PlaceKind.HOUSEHOLD)
    for person, until in ((a, None), (b, None), (moved_out, AT - 5 * DAY)):
        Residence.objects.create(
            person=person, place=home, kind="household", period=(AT - 90 * DAY, until), recorded_at=AT
        )
    met, _ = found([Interval(a.pk, AT - 2 * DAY, AT)], crowd_limit=10)
    assert [(m.other_id, m.starts_at, m.ends_at, m.standing) for m in met] == [(b.pk, AT - 2 * DAY, AT, True)]


@pytest.mark.django_db
def test_standing_place_with_more_people_than_the_limit_is_a_crowd() -> None:
    who, school = make_people(4), make_place(PlaceKind.SCHOOL)
    for person in who:
        Residence.objects.create(
            person=person, place=school, kind="school", period=(AT - DAY, None), recorded_at=AT
        )
    crowd = Crowd(who[0].pk, school.pk, AT - DAY, AT, people=4)
    assert found([Interval(who[0].pk, AT - DAY, AT)], crowd_limit=3) == ([], [crowd])
    met, crowds = found([Interval(who[0].pk, AT - DAY, AT)], crowd_limit=4)
    assert (len(met), crowds) == (3, [])


@pytest.mark.django_db
def test_guests_one_after_the_other_are_no_crowd() -> None:
    host, *guests = make_people(5)
    room = make_place(PlaceKind.HOUSEHOLD)
    periods: list[tuple[Person, datetime, datetime | None]] = [(host, AT - 90 * DAY, None)]
    periods += [(guest, AT + n * DAY, AT + (n + 1) * DAY) for n, guest in enumerate(guests)]
    for person, since, until in periods:
        Residence.objects.create(
            person=person, place=room, kind="household", period=(since, until), recorded_at=AT
        )
    met, crowds = found([Interval(host.pk, AT + DAY, AT + 9 * DAY)], crowd_limit=2)
    assert [m.other_id for m in met] == [g.pk for g in guests[1:]]
    assert crowds == []


@pytest.mark.django_db
def test_presences_of_a_merged_record_count_as_the_persons() -> None:
    kept, merged, other = make_people(3)
    merged.merged_into = kept
    merged.save()
    cafe = make_place()
    record([(merged, cafe, AT, AT + HOUR, None), (other, cafe, AT, AT + HOUR, None)])
    met, _ = found([Interval(kept.pk, AT - DAY, AT + DAY)], crowd_limit=10)
    assert [(m.person_id, m.other_id) for m in met] == [(merged.pk, other.pk)]


@pytest.mark.django_db
def test_only_places_of_the_kinds_asked_for_are_looked_at() -> None:
    a, b = make_people(2)
    cafe, bus = make_place(), make_place(PlaceKind.CONVEYANCE)
    for place, since in ((cafe, AT), (bus, AT + 2 * HOUR)):
        record([(p, place, since, since + HOUR, None) for p in (a, b)])
    met, _ = found([Interval(a.pk, AT, AT + DAY)], crowd_limit=10, place_kinds=["conveyance"])
    assert [m.place_id for m in met] == [bus.pk]


@pytest.mark.django_db
def test_nobody_sought_is_nobody_found() -> None:
    assert found([], crowd_limit=10) == ([], [])


@pytest.mark.django_db
def test_stays_are_found_by_the_indexes_of_each_day() -> None:
    who, cafe = make_people(2), make_place()
    record([(p, cafe, AT + d * DAY, AT + d * DAY + HOUR, None) for d in range(5) for p in who])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in (
            "EXPLAIN SELECT * FROM core_presence WHERE person_id = 1 AND starts_at >= %s AND starts_at < %s",
            "EXPLAIN SELECT * FROM core_presence WHERE place_id = 1 AND starts_at >= %s AND starts_at < %s",
        ):
            cursor.execute(query, [AT, AT + DAY])
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "_id_starts_at_idx" in plan
            assert plan.count("Index Cond") <= 2
