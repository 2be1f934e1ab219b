"""The form 4355: four conclusions, the gravest counts, nothing is concluded from gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.policy import load
from lachan.systems.vaccination.rules.screening import (
    GRAVEST_FIRST,
    Incomplete,
    Screening,
    Sex,
    Signs,
    conclude,
    questions_for,
)

POLICY = load("vn/covid19").at(date(2021, 9, 10)).vaccination
assert POLICY is not None
CODES = [question.code for question in POLICY.questions]
WELL = Signs(temperature=36.8, pulse=72)


def screened(*yes: str, signs: Signs = WELL, age: int = 40, sex: Sex = "female") -> Screening | Incomplete:
    assert POLICY is not None
    answers = {q.code: q.code in yes for q in questions_for(POLICY, age=age, sex=sex)}
    return conclude(answers, signs, age=age, sex=sex, policy=POLICY)


def outcome(*yes: str, signs: Signs = WELL) -> str:
    found = screened(*yes, signs=signs)
    assert isinstance(found, Screening)
    return found.outcome


@pytest.mark.parametrize(
    ("yes", "conclusion"),
    [
        ((), "eligible"),
        (("1",), "contraindicated"),
        (("2",), "defer"),
        (("3",), "defer"),
        (("4a",), "defer"),
        (("4b",), "hospital"),
        (("5",), "hospital"),
        (("6",), "hospital"),
        (("7",), "careful"),
        (("8",), "careful"),
        (("9",), "careful"),
        (("7", "3"), "defer"),
        (("7", "3", "1"), "contraindicated"),
        (("5", "2"), "defer"),
        (("9", "6"), "hospital"),
    ],
)
def test_each_question_leads_to_its_conclusion(yes: tuple[str, ...], conclusion: str) -> None:
    assert outcome(*yes) == conclusion


def test_the_reasons_are_those_of_the_conclusion() -> None:
    assert screened("7", "2", "3") == Screening(outcome="defer", because=("2", "3"))


@pytest.mark.parametrize(
    ("sign", "normal", "abnormal"),
    [
        ("temperature", [35.5, 37.5], [35.4, 37.6]),
        ("pulse", [60, 100], [59, 101]),
        ("systolic", [90, 140], [89, 141]),
        ("diastolic", [60, 90], [59, 91]),
        ("breaths", [25, 12], [26]),
    ],
)
def test_a_sign_outside_its_limits_asks_for_care(sign: str, normal: list[Any], abnormal: list[Any]) -> None:
    for value in normal:
        assert outcome(signs=replace(WELL, **{sign: value})) == "eligible"
    for value in abnormal:
        found = screened(signs=replace(WELL, **{sign: value}))
        assert found == Screening(outcome="careful", because=(sign,))


def test_a_pressure_far_above_the_usual_one_is_abnormal() -> None:
    assert outcome(signs=replace(WELL, systolic=130, diastolic=80, usual_systolic=100)) == "eligible"
    assert outcome(signs=replace(WELL, systolic=131, diastolic=80, usual_systolic=100)) == "careful"


def test_men_are_not_asked_about_pregnancy() -> None:
    assert POLICY is not None
    asked = {
        sex: {q.code for q in questions_for(POLICY, age=40, sex=sex)} for sex in ("male", "female", "unknown")
    }
    assert asked["female"] - asked["male"] == {"4a", "4b"}
    assert asked["unknown"] == asked["female"]


def test_blood_pressure_is_measured_where_it_matters() -> None:
    assert screened(age=65, sex="male") == Screening(outcome="eligible")
    assert screened(age=66, sex="male") == Incomplete(missing=("systolic", "diastolic"))
    measured = replace(WELL, systolic=120, diastolic=80)
    assert screened(age=66, sex="male", signs=measured) == Screening(outcome="eligible")


@given(st.sets(st.sampled_from(CODES)), st.sets(st.sampled_from(["temperature", "pulse"])))
def test_nothing_is_concluded_from_gaps(unanswered: set[str], unmeasured: set[str]) -> None:
    assert POLICY is not None
    answers = {code: True for code in CODES if code not in unanswered}
    signs = replace(WELL, **dict.fromkeys(unmeasured, None))
    found = conclude(answers, signs, age=30, sex="female", policy=POLICY)
    missing = set(found.missing) if isinstance(found, Incomplete) else set()
    assert missing == unanswered | unmeasured


@given(st.sets(st.sampled_from(CODES)), st.sampled_from(CODES))
def test_one_more_yes_never_makes_the_conclusion_milder(yes: set[str], more: str) -> None:
    ranks = {name: rank for rank, name in enumerate((*GRAVEST_FIRST, "eligible"))}
    assert ranks[outcome(*yes, more)] <= ranks[outcome(*yes)]
