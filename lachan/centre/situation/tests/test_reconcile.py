"""Counters against a recount: the same whatever happened in whatever order, and set right when they are not."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lachan.centre.models import Counted, DayCount, Difference, Recount
from lachan.centre.situation.commands import reconcile
from lachan.centre.situation.handlers import count
from lachan.centre.situation.queries.recounting import kept, recounted
from lachan.centre.situation.tests.conftest import (
    NINE,
    TODAY,
    commune,
    confirmed,
    counts,
    later,
    person,
    result,
    told,
)
from lachan.centre.situation.tests.test_order_free import HAPPENING
from lachan.core import actors
from lachan.core.events import Event
from lachan.core.models import Delivery, EventRow, Person

pytestmark = pytest.mark.django_db
HERE = "Phường Bến Nghé"
EXAMPLES = 6  # each takes a hundred statements; the law itself is tested without a database
FIRST, END = TODAY - timedelta(days=7), TODAY + timedelta(days=1)


def night(**change: Any) -> Recount:
    return reconcile(from_on=FIRST, to_on=END, actor=actors.system(at=NINE), at=NINE)


@settings(
    max_examples=EXAMPLES, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(HAPPENING, min_size=1, max_size=16), st.randoms(use_true_random=False))
def test_whatever_happens_in_whatever_order_counters_are_what_a_recount_says(
    happenings: list[Any], chance: random.Random
) -> None:
    with transaction.atomic():
        people = [person(), person(commune("Phường Đa Kao"))]
        events = told(*[make(people[who], n, later(hours=hours)) for who, make, n, hours in happenings])
        deliver_somehow(events, chance)
        assert +kept(FIRST, END) == recounted(FIRST, END).cells
        assert all(n >= 0 for n in kept(FIRST, END).values())
        assert not Difference.objects.filter(recount=night()).exists()
        transaction.set_rollback(True)


def deliver_somehow(events: list[Event], chance: random.Random) -> None:
    """Shuffled, in parts, some twice."""
    again = [*events, *chance.sample(events, len(events) // 2)]
    chance.shuffle(again)
    while again:
        size = chance.randint(1, 8)
        count(again[:size], NINE)
        del again[:size]


def test_a_counter_that_was_broken_is_noticed_told_and_set_right() -> None:
    count(told(confirmed(person()), result(person(), hours=0)), NINE)
    right = counts()
    DayCount.objects.update(cases=41, doses=3)
    recount = night()
    told_of = Difference.objects.filter(recount=recount).values_list(
        "area__name", "day", "measure", "counted", "recounted"
    )
    assert set(told_of) == {(HERE, TODAY, "cases", 41, 1), (HERE, TODAY, "doses", 3, 0)}
    assert counts() == right
    event = EventRow.objects.get(kind="CountersDiffered")
    assert event.facts["differences"] == 2
    assert not Difference.objects.filter(recount=night()).exists()


def test_an_event_that_nobody_counted_is_counted_by_the_recount_and_not_again() -> None:
    events = told(confirmed(person(), at=later(days=-1)))
    night()
    assert counts() == {(HERE, TODAY - timedelta(days=1), "cases"): 1}
    count(events, NINE)
    assert counts() == {(HERE, TODAY - timedelta(days=1), "cases"): 1}
    assert Counted.objects.count() == 1


def test_an_event_that_waits_for_a_worker_is_no_difference() -> None:
    [event] = told(confirmed(person()))
    Delivery.objects.create(event_id=event.id, subscriber="situation", handler="situation.count", lane=1)
    assert not Difference.objects.filter(recount=night()).exists()
    assert counts() == {}


def test_a_row_that_no_event_explains_is_emptied() -> None:
    DayCount.objects.create(area=commune(), day=TODAY, cases=2)
    night()
    assert counts() == {}


def test_days_outside_are_left_alone() -> None:
    DayCount.objects.create(area=commune(), day=FIRST - timedelta(days=1), cases=2)
    night()
    assert sum(counts().values()) == 2


def test_who_moved_since_is_no_difference() -> None:
    she: Person = person()
    count(told(confirmed(she)), NINE)
    Person.objects.filter(pk=she.pk).update(home_area=commune("Phường Đa Kao"))
    assert not Difference.objects.filter(recount=night()).exists()
