"""When something is an alarm, how much it hurts, and what may follow on what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.centre.alarms.rules.causes import (
    KINDS,
    Cause,
    Kind,
    is_alarming,
    is_silent,
    runs_out,
    urgency,
)
from lachan.centre.alarms.rules.states import STEPS, Evidence, StepKind, may_follow, state
from lachan.policy import load

RULES = load("vn/exercise").at(date(2026, 1, 12)).alarms
NINE = datetime(2026, 1, 12, 2, tzinfo=UTC)
TODAY = date(2026, 1, 12)


def cause(kind: Kind = "overdue-tests", *, count: int = 3, hours: float = 48) -> Cause:
    return Cause(kind=kind, area_id=1, count=count, oldest_at=NINE - timedelta(hours=hours))


@pytest.mark.parametrize(
    ("kind", "count", "hours", "alarming"),
    [
        ("overdue-tests", 3, 24, True), ("overdue-tests", 2, 240, False), ("overdue-tests", 30, 23, False),
        ("overdue-reports", 1, 4, True), ("overdue-reports", 1, 3.9, False),
        ("serious-reaction", 1, 0, True), ("full-site", 1, 0, True), ("parked-events", 1, 0, True),
    ],
)  # fmt: skip
def test_there_must_be_enough_of_it_for_long_enough(
    kind: Kind, count: int, hours: float, alarming: bool
) -> None:
    assert is_alarming(cause(kind, count=count, hours=hours), RULES, at=NINE) is alarming


def test_a_cause_without_an_age_is_judged_by_its_number() -> None:
    assert is_alarming(Cause(kind="full-site", area_id=1, subject=4, count=1), RULES, at=NINE)


@pytest.mark.parametrize(
    ("count", "days", "expected"), [(1, 0, 60), (1, 3, 63), (1, 30, 68), (8, 0, 63), (10**6, 99, 75)]
)
def test_age_and_number_add_to_what_the_kind_weighs(count: int, days: int, expected: int) -> None:
    assert urgency(cause(count=count, hours=24 * days), RULES, at=NINE) == expected


@given(st.sampled_from(KINDS), st.integers(1, 10**9), st.integers(0, 10_000))
def test_urgency_stays_within_bounds_and_never_falls_with_age(kind: Kind, count: int, days: int) -> None:
    now = urgency(cause(kind, count=count, hours=24 * days), RULES, at=NINE)
    assert RULES.limit(kind).hurts <= now <= 100
    assert urgency(cause(kind, count=count, hours=24 * days + 24), RULES, at=NINE) >= now


def days_before(first: int, last: int) -> list[date]:
    return [TODAY - timedelta(days=n) for n in range(first, last + 1)]


@pytest.mark.parametrize(
    ("reported", "silent"),
    [
        (days_before(3, 20), True),
        (days_before(2, 20), False),  # one day is missing, and today has not ended
        (days_before(3, 13), False),  # eleven days: no habit yet
        ([d for d in days_before(3, 20) if d.day % 7], True),  # twelve of fourteen
        (days_before(40, 60), False),  # it stopped long ago: somebody has dealt with it
        ([], False),
    ],
)
def test_who_reported_every_day_and_stops_is_silent(reported: list[date], silent: bool) -> None:
    assert is_silent(reported, RULES, today=TODAY) is silent


@pytest.mark.parametrize(
    ("on_hand", "used", "out"),
    [(0, 28, True), (8, 84, True), (9, 84, False), (0, 0, False), (10**6, 1, False)],
)
def test_a_store_runs_out_when_three_days_are_not_on_the_shelf(on_hand: int, used: int, out: bool) -> None:
    assert runs_out(on_hand, RULES, used=used) is out


def after(*kinds: StepKind) -> str:
    return state(Evidence(kind, NINE, number) for number, kind in enumerate(kinds))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), "raised"),
        (("verified",), "verified"),
        (("verified", "assigned"), "assigned"),
        (("verified", "assigned", "escalated"), "assigned"),
        (("verified", "assigned", "acknowledged"), "acknowledged"),
        (("verified", "assigned", "acknowledged", "done"), "done"),
        (("verified", "assigned", "acknowledged", "done", "assigned"), "assigned"),
        (("closed",), "closed"),
        (("gone",), "closed"),
    ],
)
def test_the_last_step_says_the_state(steps: tuple[StepKind, ...], expected: str) -> None:
    assert after(*steps) == expected


FOLLOWS = {
    "raised": {"verified", "closed", "gone"},
    "verified": {"assigned", "closed"},
    "assigned": {"assigned", "escalated", "acknowledged", "closed"},
    "acknowledged": {"assigned", "done", "closed"},
    "done": {"assigned", "closed"},
    "closed": set(),
}


@pytest.mark.parametrize("now", FOLLOWS)
def test_what_may_follow(now: str) -> None:
    assert {step for step in STEPS if may_follow(now, step)} == FOLLOWS[now]  # type: ignore[arg-type]


@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_whatever_is_done_an_alarm_ends_at_most_once(wanted: list[StepKind]) -> None:
    done: list[StepKind] = []
    for step in wanted:
        if may_follow(after(*done), step):  # type: ignore[arg-type]
            done.append(step)
    assert sum(step in ("closed", "gone") for step in done) <= 1
    assert not done or done.count("verified") <= 1
