"""Means, weeks, ticks and places of curves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.centre.daily_counts.rules.curves import (
    Frame,
    by_week,
    mean_of_week,
    month_starts,
    round_above,
    shade_of,
    ticks,
)

MONDAY = date(2021, 7, 5)


def told(*cases: int | None) -> dict[date, int]:
    return {MONDAY + timedelta(days=i): n for i, n in enumerate(cases) if n is not None}


def test_the_mean_is_of_the_seven_days_that_end_with_the_day() -> None:
    means = mean_of_week(told(1, 2, 3, 4, 5, 6, 7, 8))
    assert means[MONDAY + timedelta(days=6)] == 4
    assert means[MONDAY + timedelta(days=7)] == 5


def test_a_mean_needs_four_days_that_were_told() -> None:
    means = mean_of_week(told(7, None, None, 7, 7, None, 14))
    assert means == {MONDAY + timedelta(days=6): 35 / 4}


def test_weeks_are_named_by_their_monday() -> None:
    assert by_week(told(1, 1, 1, 1, 1, 1, 1, 5)) == {MONDAY: 7, MONDAY + timedelta(days=7): 5}
    assert by_week({}) == {} == mean_of_week({})


@given(st.dictionaries(st.dates(date(2020, 1, 1), date(2022, 1, 1)), st.integers(0, 10**6), max_size=60))
def test_weeks_lose_no_case(cases: dict[date, int]) -> None:
    assert sum(by_week(cases).values()) == sum(cases.values())
    assert all(monday.weekday() == 0 for monday in by_week(cases))


@pytest.mark.parametrize(
    ("number", "above"), [(0, 1), (1, 1), (1.2, 2), (3, 5), (6, 10), (51, 100), (1000, 1000)]
)
def test_steps_are_round(number: float, above: int) -> None:
    assert round_above(number) == above


@given(st.floats(0, 1e9))
def test_ticks_reach_above_the_highest_and_stay_few(highest: float) -> None:
    found = ticks(highest)
    assert found[0] == 0
    assert found[-1] >= highest
    assert 2 <= len(found) <= 6


def frame(**change: float) -> Frame:
    given = {"top": 10.0, "left": 0.0, "right": 100.0, "upper": 0.0, "lower": 50.0} | change
    return Frame(first=MONDAY, days=10, **given)


def test_a_day_stands_in_the_middle_of_its_slot_and_a_number_at_its_height() -> None:
    assert frame().x(MONDAY) == 5
    assert frame().x(MONDAY + timedelta(days=9)) == 95
    assert [frame().y(n) for n in (0, 5, 10, -3)] == [50, 25, 0, 50]


def test_days_without_cases_have_no_bar_and_a_gap_breaks_the_line() -> None:
    assert frame().bars(told(0, 5)) == "M11.0 50V25h8.0V50z"
    assert frame().line(dict(told(0, 5, None, 10).items())) == "M5 50L15 25M35 0"


def test_months_are_told_at_equal_steps() -> None:
    assert month_starts(date(2021, 4, 27), date(2021, 7, 2)) == [
        date(2021, 5, 1), date(2021, 6, 1), date(2021, 7, 1)
    ]  # fmt: skip
    many = month_starts(date(2020, 3, 1), date(2022, 1, 22))
    assert len(many) <= 8
    assert many[0] == date(2020, 3, 1)


@pytest.mark.parametrize(
    ("cases", "shade"), [(-4, 0), (0, 0), (1, 1), (9, 1), (10, 2), (999, 3), (9_999, 4), (10**6, 5)]
)
def test_shades_are_ten_times_apart(cases: int, shade: int) -> None:
    assert shade_of(cases) == shade
