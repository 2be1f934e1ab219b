"""The law of counting, without a database: whatever comes late, twice or in any order, the counters are the same."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.centre.situation.rules.counting import Cells, Known, Terms, change
from lachan.centre.situation.tests.conftest import (
    amended,
    called,
    cleared,
    confirmed,
    dose,
    found,
    issued,
    later,
    moved,
    passed,
    released,
    result,
    taken_back,
    withdrawn,
)
from lachan.core.events import Event
from lachan.core.models import Person

Make = Callable[[Person, int, datetime], Event]
KINDS: list[Make] = [
    lambda who, n, at: confirmed(who, n, at=at),
    lambda who, n, at: withdrawn(who, n, at=at),
    lambda who, n, at: result(who, n, "positive", at=at),
    lambda who, n, at: result(who, n, "negative", at=at),
    lambda who, n, at: amended(who, 10 + n, n, "negative", "positive", at=at),
    lambda who, n, at: amended(who, 20 + n, 10 + n, "positive", "negative", at=at),
    lambda who, n, at: found(who, n, 1 + n % 2, at=at),
    lambda who, n, at: moved(who, n, 1, at=at),
    lambda who, n, at: cleared(who, n, "source-cleared", at=at),
    lambda who, n, at: called(who, n, at=at),
    lambda who, n, at: dose(who, n, at=at),
    lambda who, n, at: taken_back(dose(who, n), at=at),
    lambda who, n, at: issued(who, n, at=at),
    lambda who, n, at: released(who, n, at=at),
    lambda who, n, at: passed(who, n, "home", at=at),
    lambda who, n, at: passed(who, 10 + n, "none", of=n, at=at),
]
"""Every kind that has a story; used by the test on the database too."""
HAPPENING = st.tuples(st.integers(0, 1), st.sampled_from(KINDS), st.integers(1, 3), st.integers(-150, 0))
TERMS = Terms(local_date=lambda at: (at + timedelta(hours=7)).date(), call_hours=lambda _day: 24)


def events_of(happenings: list[Any]) -> list[Event]:
    people = [Person(pk=1), Person(pk=2)]
    return [make(people[who], n, later(hours=hours)) for who, make, n, hours in happenings]


def stories(log: list[Event], persons: set[int | None]) -> list[list[Event]]:
    return [[e for e in log if e.person_id == who] for who in sorted(persons, key=str)]


def known(before: dict[UUID, int], now: list[Event], *, afresh: bool = False) -> Known:
    return Known(before, {e.id for e in now}, lambda e: e.person_id, TERMS, afresh)


@settings(max_examples=300, deadline=None)
@given(st.lists(HAPPENING, min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_counters_are_what_counting_afresh_says(happenings: list[Any], chance: random.Random) -> None:
    log = events_of(happenings)
    deliveries = [*log, *chance.sample(log, len(log) // 2)]
    chance.shuffle(deliveries)
    counters: Cells = Counter()
    ledger: dict[UUID, int] = {}
    while deliveries:
        batch, deliveries = deliveries[:4], deliveries[4:]
        made = change(stories(log, {e.person_id for e in batch}), known(ledger, batch))
        counters.update(made.cells)
        ledger |= made.counted
        assert all(n >= 0 for n in counters.values())
    afresh = change(stories(log, {1, 2}), known({}, log, afresh=True))
    assert +counters == +afresh.cells
    assert set(ledger) == {e.id for e in log}
