"""Clocks, ladders, states, likeness, and what may be published."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.core import small_counts
from lachan.policy import load
from lachan.policy.feedback import FeedbackPolicy, Within
from lachan.systems.feedback.rules import clocks, likeness, state
from lachan.systems.feedback.rules.state import ENDS, STEPS, Evidence

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MOMENTS = st.datetimes(datetime(2021, 1, 1), datetime(2026, 11, 1)).map(  # noqa: DTZ001
    lambda m: m.replace(tzinfo=ZONE)
)


def policy() -> FeedbackPolicy:
    found = load().at(date(2021, 8, 1)).feedback
    assert found is not None
    return found


RULES = policy()
LIMITS = st.one_of(
    st.integers(1, 100).map(lambda n: Within(hours=n)),
    st.integers(1, 9).map(lambda n: Within(working_days=n)),
)


def here(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def due(start: datetime, **within: int) -> datetime:
    return clocks.due_at(start, Within(**within), RULES, ZONE)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (here(2021, 8, 2), 3, here(2021, 8, 5, 17)),  # Monday
        (here(2021, 8, 6), 3, here(2021, 8, 11, 17)),  # Friday, over a week-end
        (here(2021, 8, 7), 3, here(2021, 8, 11, 17)),  # Saturday
        (here(2021, 8, 2, 23, 59), 1, here(2021, 8, 3, 17)),
        (here(2021, 8, 3, 0, 0), 1, here(2021, 8, 4, 17)),  # a minute later, a day later
        (here(2021, 9, 1), 3, here(2021, 9, 8, 17)),  # 2 and 3 September are holidays
        (here(2022, 1, 28), 3, here(2022, 2, 9, 17)),  # over Tết
    ],
)
def test_working_days_leave_out_week_ends_and_holidays(start: datetime, days: int, end: datetime) -> None:
    assert due(start, working_days=days) == end


def test_days_are_those_of_viet_nam() -> None:
    """18:30 of Monday in London is Tuesday in Ho Chi Minh City."""
    assert due(datetime(2021, 8, 2, 18, 30, tzinfo=UTC), working_days=1) == here(2021, 8, 4, 17)


def test_hours_run_at_night_and_on_holidays() -> None:
    assert due(here(2022, 1, 31, 23), hours=2) == here(2022, 2, 1, 1)


@given(MOMENTS, MOMENTS, LIMITS)
def test_who_files_earlier_is_never_answered_later(one: datetime, other: datetime, within: Within) -> None:
    early, late = sorted((one, other))
    assert clocks.due_at(early, within, RULES, ZONE) <= clocks.due_at(late, within, RULES, ZONE)


@given(MOMENTS, st.integers(1, 9))
def test_a_due_day_is_a_working_day_with_so_many_before_it(start: datetime, days: int) -> None:
    end = due(start, working_days=days)
    between = (start.date() + timedelta(days=n) for n in range(1, (end.date() - start.date()).days + 1))
    assert sum(clocks.is_working_day(day, RULES) for day in between) == days
    assert clocks.is_working_day(end.date(), RULES)
    assert end > start


@given(MOMENTS, st.integers(1, 8))
def test_a_longer_limit_ends_later(start: datetime, days: int) -> None:
    assert due(start, working_days=days) < due(start, working_days=days + 1)


@pytest.mark.parametrize(
    ("levels", "rung", "expected"),
    [
        ([0, 1, 2, 3], "commune", [3, 2, 1, 0]),
        ([0, 1, 2, 3], "district", [2, 1, 0]),
        ([0, 1, 3], "district", [1, 0]),  # 2025: no districts
        ([0, 1], "commune", [1, 0]),
        ([0], "province", [0]),
        ([0, 1, 2, 3], "centre", [0]),
    ],
)
def test_the_ladder_leaves_out_what_is_below_and_what_is_not_there(
    levels: list[int], rung: str, expected: list[int]
) -> None:
    assert clocks.ladder(levels, rung) == expected  # type: ignore[arg-type]


def climbs(code: str, start: datetime, at: datetime, *, step: int = 0, top: int = 3) -> list[clocks.Climb]:
    category = RULES.category(code)
    assert category is not None
    first = clocks.due_at(start, category.acknowledge, RULES, ZONE)
    return clocks.climbs(step, first, top=top, category=category, policy=RULES, zone=ZONE, at=at)


def test_a_report_climbs_to_the_centre_and_stays_there() -> None:
    start = here(2021, 8, 2, 8)
    assert climbs("suspected", start, start + timedelta(hours=2) - timedelta(seconds=1)) == []
    assert [c.step for c in climbs("suspected", start, start + timedelta(hours=2))] == [1]
    whole = climbs("suspected", start, start + timedelta(days=30))
    assert [(c.step, c.at) for c in whole] == [
        (1, here(2021, 8, 2, 10)), (2, here(2021, 8, 2, 22)), (3, here(2021, 8, 3, 10)),
    ]  # fmt: skip


@given(MOMENTS, st.sampled_from([c.code for c in RULES.categories]), st.integers(0, 900), st.integers(0, 900))
def test_looking_late_finds_the_same_rungs(start: datetime, code: str, hours: int, more: int) -> None:
    """A job that slept has the ladder that a job of each minute has."""
    early = climbs(code, start, start + timedelta(hours=hours))
    late = climbs(code, start, start + timedelta(hours=hours + more))
    assert late[: len(early)] == early
    assert all(a.due_at == b.at for a, b in pairwise(late))


@pytest.mark.parametrize("category", RULES.categories, ids=lambda c: c.code)
def test_every_category_has_names_and_a_doubt(category: object) -> None:
    """No decision that sets the limits was seen, and the screen says so."""
    assert category.name_vi  # type: ignore[attr-defined]
    assert category.name_en  # type: ignore[attr-defined]
    assert {"acknowledge", "answer", "step"} <= set(category.unverified)  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", ["suspected", "contact", "entry", "crowd", "other"])
def test_the_categories_of_the_site_of_2021_are_there(code: str) -> None:
    category = RULES.category(code)
    assert category is not None
    assert category.verified


def told(*kinds: state.StepKind) -> list[Evidence]:
    return [Evidence(kind, here(2021, 8, 2) + timedelta(hours=n)) for n, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ((), "received"),
        (("acknowledged",), "acknowledged"),
        (("acknowledged", "handed-on"), "handed-on"),
        (("acknowledged", "answered"), "answered"),
        (("answered", "reopened"), "reopened"),
        (("answered", "reopened", "answered", "closed"), "closed"),
        (("not-ours",), "not-ours"),
    ],
)
def test_the_last_step_says_the_state(kinds: tuple[state.StepKind, ...], expected: str) -> None:
    assert state.state(told(*kinds)) == expected
    assert state.state(reversed(told(*kinds))) == expected
    assert state.state(told(*kinds), joined=True) == "joined"


@given(st.lists(st.sampled_from(STEPS), max_size=8))
def test_what_ended_goes_on_only_by_reopening_or_closing(kinds: list[state.StepKind]) -> None:
    now = state.state(told(*kinds))
    following = {step for step in STEPS if state.may_follow(now, step)}
    if now in ENDS:
        assert following <= {"reopened", "closed"}
    else:
        assert following >= {"answered", "not-ours", "handed-on"}
        assert "reopened" not in following


def test_a_report_may_be_reopened_for_so_many_days() -> None:
    ended = here(2021, 8, 2)
    for now, days, expected in (
        ("answered", 29, True),
        ("answered", 30, False),
        ("closed", 1, False),
        ("received", 1, False),
    ):
        assert state.may_be_reopened(now, ended, days=30, at=ended + timedelta(days=days)) is expected  # type: ignore[arg-type]


WORDS = st.text("abcdeghiklmnopqrstuvxy ", max_size=80)


@given(WORDS, WORDS)
def test_likeness_is_the_same_from_either_side(one: str, other: str) -> None:
    assert likeness.likeness(one, other) == likeness.likeness(other, one)
    assert 0 <= likeness.likeness(one, other) <= 1
    assert likeness.likeness(one, one) == (1 if one.split() else 0)


def test_the_same_gathering_told_twice_is_alike_and_another_is_not() -> None:
    first = "quan nhau so 12 ngo 5 tu tap dong nguoi khong deo khau trang"
    again = "tu tap dong nguoi o quan nhau so 12 ngo 5, khong khau trang"
    other = "gia dinh toi het gao va mi tom, xin duoc ho tro"
    assert [number for number, _ in likeness.alike(first, [(1, again), (2, other)], percent=45)] == [1]


COUNTS = st.dictionaries(st.integers(0, 30), st.integers(0, 40), max_size=12)


@given(COUNTS, st.integers(2, 8))
def test_no_small_count_is_told_nor_follows_from_the_total(counts: dict[int, int], least: int) -> None:
    shown = small_counts.published(counts, least=least)
    assert shown.keys() == counts.keys()
    assert all(value == counts[key] for key, value in shown.items() if value is not None)
    assert all(value is None or value == 0 or value >= least for value in shown.values())
    hidden = [key for key, value in shown.items() if value is None]
    assert len(hidden) != 1 or sum(1 for count in counts.values() if count) == 1
