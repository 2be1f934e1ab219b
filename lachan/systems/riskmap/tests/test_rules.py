"""Levels by the decisions of 2021 and 2022: each seen cell, missing figures, falling, and laws that always hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.policy import RiskPolicy, load
from lachan.systems.riskmap.rules.findings import FINDINGS, assess_commune, assess_wider
from lachan.systems.riskmap.rules.matrix import Capacity, Figures, Share, assess


def rules(on: date) -> RiskPolicy:
    policy = load("vn/covid19").at(on).riskmap
    assert policy is not None
    return policy


OF_2686, OF_4800, OF_218 = (rules(day) for day in (date(2021, 7, 1), date(2021, 12, 1), date(2022, 3, 1)))


def of_4800(cases: int, *, adults: float = 0.9, aged: float = 0.9, plan: bool = True) -> Figures:
    coverage = {"adults_one_dose": Share(people=round(adults * 1000), of=1000),
                "aged_full": Share(people=round(aged * 1000), of=1000)}  # fmt: skip
    return Figures(population=100_000, counts={"cases": cases}, coverage=coverage, capacity_plan=plan)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cases", "adults", "level"),
    [
        (0, 0.7, 1), (19, 0.7, 1), (20, 0.7, 1), (49, 0.7, 1), (50, 0.7, 2), (149, 0.7, 2), (150, 0.7, 3),
        (900, 0.9, 3), (19, 0.69, 1), (20, 0.69, 2), (50, 0.69, 3), (150, 0.69, 4),
    ],
)  # fmt: skip
def test_4800_has_a_level_for_each_rate_and_coverage(cases: int, adults: float, level: int) -> None:
    assert assess(of_4800(cases, adults=adults), OF_4800).level == level


def test_two_published_assessments_come_out_as_published() -> None:
    """Ho Chi Minh City: 35.5 cases was level 1 on 8 January 2022, 73.5 was level 2 (vietnam.md 2.2)."""
    assert assess(replace(of_4800(355), population=1_000_000), OF_4800).level == 1
    assert assess(replace(of_4800(735), population=1_000_000), OF_4800).level == 2


def test_too_few_vaccinated_older_people_raise_the_level_by_one() -> None:
    assert assess(of_4800(60, aged=0.79), OF_4800).level == 3
    assert assess(of_4800(200, adults=0.5, aged=0.79), OF_4800).level == 4
    assert assess(of_4800(0, aged=0.79), OF_4800).level == 1


def test_unseen_cells_say_so() -> None:
    assert assess(of_4800(60), OF_4800).verified is False


@pytest.mark.parametrize("gone", ["population", "cases", "coverage", "plan"])
def test_missing_figures_are_never_green(gone: str) -> None:
    figures = of_4800(0)
    spoiled = {
        "population": replace(figures, population=None),
        "cases": replace(figures, counts={}),
        "coverage": replace(figures, coverage={}),
        "plan": replace(figures, capacity_plan=None),
    }[gone]
    found = assess(spoiled, OF_4800)
    assert found.level is None
    assert found.missing


def test_without_a_plan_a_level_does_not_fall() -> None:
    found = assess(replace(of_4800(0, plan=False), previous=3, lower_for_days=30), OF_4800)
    assert (found.level, found.steps[-1].code) == (3, "plan-missing")


def test_a_level_falls_only_after_a_full_period() -> None:
    waiting = replace(of_4800(0), previous=3)
    assert assess(replace(waiting, lower_for_days=6), OF_4800).level == 3
    assert assess(replace(waiting, lower_for_days=7), OF_4800).level == 1
    assert assess(replace(of_4800(900), previous=1), OF_4800).level == 3


def of_218(
    cases: int, deaths: int = 0, *, capacity: Capacity = "high", full: float = 0.8, risk: float = 0.95
) -> Figures:
    coverage = {"population_full": Share(people=round(full * 1000), of=1000),
                "high_risk_full": Share(people=round(risk * 1000), of=1000)}  # fmt: skip
    counts = {"cases": cases, "deaths": deaths}
    return Figures(population=100_000, counts=counts, coverage=coverage, capacity=capacity)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cases", "deaths", "capacity", "level"),
    [
        (0, 0, "high", 1),
        (90, 0, "high", 1),
        (450, 0, "high", 2),
        (600, 0, "high", 3),
        (0, 6, "high", 3),
        (90, 0, "medium", 2),
    ],
)
def test_218_reads_the_gravest_indicator_in_the_row_of_capacity(
    cases: int, deaths: int, capacity: Capacity, level: int
) -> None:
    assert assess(of_218(cases, deaths, capacity=capacity), OF_218).level == level


@pytest.mark.parametrize(
    ("population", "cases", "deaths", "transmission"),
    [(16_666, 0, 1, 2), (16_666, 0, 0, 1), (16_667, 0, 1, 3), (10_000, 60, 2, 4), (10_000, 9, 1, 3)],
)
def test_218_lets_a_death_raise_a_small_commune_by_one(
    population: int, cases: int, deaths: int, transmission: int
) -> None:
    """One death in fewer than 16,667 people is more than 6 in 100,000 (vietnam.md 2.3)."""
    found = assess(replace(of_218(cases, deaths), population=population), OF_218)
    assert found.transmission == transmission


def test_218_counts_one_more_for_each_missed_coverage() -> None:
    assert assess(of_218(90, full=0.74), OF_218).transmission == 3
    assert assess(of_218(90, full=0.74, risk=0.89), OF_218).transmission == 4


def nothing_found() -> dict[str, bool]:
    return dict.fromkeys(FINDINGS, False)


@pytest.mark.parametrize(("finding", "level"), FINDINGS.items())
def test_each_finding_of_2686_has_its_level(finding: str, level: int) -> None:
    assert assess_commune(nothing_found() | {finding: True}).level == level


def test_a_commune_is_green_only_when_everything_was_asked() -> None:
    assert assess_commune(nothing_found()).level == 1
    for finding in FINDINGS:
        answered = nothing_found()
        del answered[finding]
        assert assess_commune(answered).level is None
    assert assess_commune({"untraced-cluster": True}).level == 4


@pytest.mark.parametrize(
    ("levels", "level"),
    [
        ([1] * 10, 1), ([2] + [1] * 9, 2), ([2] * 5 + [1] * 5, 3), ([3] * 3 + [1] * 7, 3), ([3] * 2 + [1] * 8, 2),
        ([4] + [1] * 9, 3), ([4] * 2 + [1] * 8, 3), ([4] * 3 + [1] * 7, 4),
        ([None, *[4] * 5], 4), ([None, *[1] * 9], None), ([], None),
    ],
)  # fmt: skip
def test_a_district_follows_from_its_communes(levels: list[int | None], level: int | None) -> None:
    assert assess_wider(levels, OF_2686).level == level


LEVELS = st.integers(1, 4)


@given(st.lists(LEVELS, min_size=1, max_size=30), st.data())
def test_a_worse_commune_never_makes_its_district_better(levels: list[int], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(levels) - 1))
    worse = [*levels[:index], min(levels[index] + 1, 4), *levels[index + 1 :]]
    before, after = assess_wider(levels, OF_2686).level, assess_wider(worse, OF_2686).level
    assert before is not None
    assert after is not None
    assert after >= before


@given(st.integers(0, 2000), st.integers(0, 2000), st.floats(0, 1), st.floats(0, 1))
def test_more_cases_never_lower_a_level(cases: int, more: int, adults: float, aged: float) -> None:
    before = assess(of_4800(cases, adults=adults, aged=aged), OF_4800).level
    after = assess(of_4800(cases + more, adults=adults, aged=aged), OF_4800).level
    assert before is not None
    assert after is not None
    assert after >= before


@given(st.integers(0, 2000), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_more_vaccinated_people_never_raise_a_level(
    cases: int, adults: float, aged: float, more: float
) -> None:
    before = assess(of_4800(cases, adults=adults, aged=aged), OF_4800).level
    better = of_4800(cases, adults=min(adults + more, 1), aged=min(aged + more, 1))
    after = assess(better, OF_4800).level
    assert before is not None
    assert after is not None
    assert after <= before
