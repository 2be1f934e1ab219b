"""Which counts are held: tables of cases, and laws that hold for every list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.centre.daily_counts.rules.plausible import Count, Hold, Limits, implausible

FIRST = date(2021, 7, 1)


def days(*cases: int, start: int = 0) -> list[Count]:
    """One row a day, numbered as in a file (the heading is row 1)."""
    return [Count(number=i + 2, day=FIRST + timedelta(days=start + i), cases=n) for i, n in enumerate(cases)]


def held(
    rows: list[Count], *, people: int | None = None, before: list[Count] | None = None
) -> dict[int, Hold]:
    known = {row.day: row.cases for row in before or []}
    totals = {row.day: row.total for row in before or [] if row.total is not None}
    return implausible(rows, cases=known, totals=totals, people=people)


def test_a_slip_of_the_keyboard_in_a_quiet_fortnight_is_held() -> None:
    rows = days(40, 42, 38, 51, 151_919, 44, 39, 61)
    assert held(rows) == {6: Hold("spike", 51)}


def test_a_wave_that_doubles_every_second_day_is_taken_whole() -> None:
    wave = [round(5 * 2 ** (i / 2)) for i in range(28)]
    assert max(wave) > 50_000
    assert held(days(*wave, *reversed(wave))) == {}


def test_a_wave_is_taken_also_when_it_is_sent_day_by_day() -> None:
    wave = days(*[round(5 * 2 ** (i / 3)) for i in range(30)])
    for i, today in enumerate(wave):
        assert held([today], before=wave[:i]) == {}


def test_what_comes_again_the_next_day_is_no_slip() -> None:
    assert held(days(10, 12, 9, 11, 900, 850, 700)) == {}


def test_one_slip_hides_no_other() -> None:
    assert set(held(days(40, 42, 38, 51, 151_919, 44, 39, 49_170, 61))) == {6, 9}


def test_a_rise_from_nothing_below_the_least_is_taken() -> None:
    assert held(days(0, 0, 0, 1, 0, 299)) == {}
    assert held(days(0, 0, 0, 1, 0, 300)) == {7: Hold("spike", 0)}


def test_without_enough_days_around_it_nothing_is_a_spike() -> None:
    assert held(days(5, 6, 7, 4_000)) == {}
    assert set(held(days(5, 6, 7, 8, 4_000))) == {6}


def test_days_out_of_the_window_are_no_measure() -> None:
    far = days(4_000, 4_000, 4_000, 4_000, 4_000, start=-20)
    assert held(days(3_000), before=far) == {}
    near = days(3, 4, 3, 4, start=-4)
    assert set(held(days(3_000), before=[*far, *near])) == {2}


@pytest.mark.parametrize(
    ("cases", "people", "code"),
    [(49_170, 1_723_067, "too-many-people"), (8_695, 2_426_561, ""), (10_001, 1_000_000, "too-many-people"),
     (10_000, 1_000_000, ""), (900_000, None, "")],
)  # fmt: skip
def test_more_than_one_in_a_hundred_on_one_day_is_held(cases: int, people: int | None, code: str) -> None:
    assert [hold.code for hold in held(days(cases), people=people).values()] == ([code] if code else [])


@pytest.mark.parametrize(
    "row",
    [
        Count(number=2, day=FIRST, cases=-3),
        Count(number=2, day=FIRST, cases=3, deaths=-1),
        Count(number=2, day=FIRST, cases=3, total=-1),
    ],
)
def test_a_number_below_zero_is_held(row: Count) -> None:
    assert held([row]) == {2: Hold("negative")}


def totals(*numbers: int) -> list[Count]:
    return [
        Count(number=i + 2, day=FIRST + timedelta(days=i), cases=1, total=n) for i, n in enumerate(numbers)
    ]


def test_a_total_that_falls_is_held_and_is_no_measure() -> None:
    assert held(totals(10, 12, 7, 13, 13)) == {4: Hold("total-falls", 12)}


def test_a_total_below_one_that_is_known_is_held() -> None:
    later = [Count(number=2, day=FIRST + timedelta(days=4), cases=1, total=11)]
    assert held(later, before=totals(10, 12)) == {2: Hold("total-falls", 12)}


def test_of_two_rows_for_one_day_the_second_is_held_if_it_says_something_else() -> None:
    twice = [*days(5), Count(number=9, day=FIRST, cases=7)]
    assert held(twice) == {9: Hold("day-twice", 5)}
    assert held([*days(5), Count(number=9, day=FIRST, cases=5)]) == {}


COUNTS = st.lists(st.integers(-10, 200_000), max_size=25)


@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(cases: list[int], chance: object) -> None:
    rows = days(*cases)
    mixed = list(rows)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert held(mixed) == held(rows)


@given(st.lists(st.integers(0, 299), max_size=25))
def test_small_counts_are_never_held(cases: list[int]) -> None:
    assert held(days(*cases)) == {}


@given(st.lists(st.integers(0, 200_000), min_size=6, max_size=25))
def test_without_what_is_held_nothing_more_is_held(cases: list[int]) -> None:
    rows = days(*cases)
    rest = [row for row in rows if row.number not in held(rows)]
    assert held(rest) == {}


@given(st.integers(1, 400), st.floats(1.0, 1.6), st.integers(6, 30))
def test_no_steady_growth_is_ever_held(start: int, growth: float, length: int) -> None:
    """Up to 60 % more each day: two days on that is 2.6 times, far from 8."""
    wave = [min(round(start * growth**i), 10**9) for i in range(length)]
    assert implausible(days(*wave), cases={}, totals={}, people=None, limits=Limits(least=1)) == {}
