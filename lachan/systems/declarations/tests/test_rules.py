"""Questionnaires, answers and triage."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.policy import load
from lachan.policy.errors import PolicyError
from lachan.systems.declarations.rules import questionnaire as forms
from lachan.systems.declarations.rules.answers import BadAnswers, checked, facts, has_contact, symptoms
from lachan.systems.declarations.rules.triage import days_silent, reports_due, triage

SIGNS = load("vn/covid19").at(date(2022, 3, 1)).signs
GENERAL = forms.version("general", "2022-03")
DIARY = forms.version("diary", "2021-08")
NOTHING = {"travelled": False, "contact_case": False, "contact_abroad": False, "contact_ill": False}
FORMS = st.sampled_from([GENERAL, DIARY])


def outcome(form: forms.Questionnaire, **given: Any) -> tuple[str, str]:
    base = NOTHING if form is GENERAL else {}
    found = triage(form, facts(form, checked(form, base | given), SIGNS))
    return found.outcome, found.rule_code


@pytest.mark.parametrize(
    ("form", "given", "expected"),
    [
        (GENERAL, {}, ("none", "")),
        (GENERAL, {"travelled": True, "places": "Hà Nội"}, ("none", "")),
        (GENERAL, {"symptoms": ["fever"]}, ("test", "symptom")),
        (GENERAL, {"symptoms": ["fatigue"]}, ("test", "symptom")),
        (GENERAL, {"symptoms": ["pneumonia"]}, ("call", "pneumonia")),
        (GENERAL, {"symptoms": ["dyspnoea"]}, ("emergency", "breathing")),
        (GENERAL, {"contact_case": True}, ("call", "contact-with-case")),
        (GENERAL, {"contact_ill": True}, ("watch", "other-contact")),
        (GENERAL, {"contact_ill": True, "symptoms": ["cough"]}, ("call", "contact-and-ill")),
        (GENERAL, {"contact_case": True, "symptoms": ["dyspnoea"]}, ("emergency", "breathing")),
        (DIARY, {}, ("none", "")),
        (DIARY, {"temperature": 37.5}, ("none", "")),
        (DIARY, {"temperature": 37.6}, ("test", "symptom")),
        (DIARY, {"symptoms": ["cough", "fatigue"]}, ("test", "symptom")),
        (DIARY, {"symptoms": ["cough", "fatigue"], "temperature": 38.2}, ("call", "several-symptoms")),
        (DIARY, {"symptoms": ["cyanosis"]}, ("emergency", "danger-sign")),
    ],
)
def test_each_answer_has_its_advice_and_names_the_rule(
    form: forms.Questionnaire, given: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert outcome(form, **given) == expected


@given(FORMS.flatmap(lambda f: st.tuples(st.just(f), st.sets(st.sampled_from(sorted(f.facts()))),
                                         st.sampled_from(sorted(f.facts())))))  # fmt: skip
def test_one_more_symptom_never_makes_the_advice_milder(
    drawn: tuple[forms.Questionnaire, set[str], str],
) -> None:
    form, told, more = drawn
    assert triage(form, frozenset(told | {more})).rank >= triage(form, frozenset(told)).rank


@given(FORMS.flatmap(lambda f: st.tuples(st.just(f), st.sets(st.sampled_from(sorted(f.facts()))))))
def test_every_answer_set_gets_exactly_one_triage(drawn: tuple[forms.Questionnaire, set[str]]) -> None:
    form, told = drawn
    found = triage(form, frozenset(told))
    assert (found.outcome == "none") == (found.rule is None)
    assert triage(form, frozenset(told)) == found


@given(FORMS.flatmap(lambda f: st.tuples(st.just(f), st.sets(st.sampled_from(sorted(f.facts()))))))
def test_whatever_is_told_as_a_symptom_asks_for_a_test(drawn: tuple[forms.Questionnaire, set[str]]) -> None:
    """Testing orders a test for any symptom that it hears of; the advice says the same."""
    form, told = drawn
    found = frozenset(told)
    assert not symptoms(form, found) or triage(form, found).tests


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"travelled": None}, {"travelled": "missing"}),
        ({"travelled": "yes"}, {"travelled": "kind"}),
        ({"symptoms": ["plague"]}, {"symptoms": "unknown-option"}),
        ({"symptoms": "fever"}, {"symptoms": "kind"}),
        ({"symptoms": [["fever"]]}, {"symptoms": "kind"}),
        ({"places": "x" * 301}, {"places": "length"}),
        ({"places": "a\0b"}, {"places": "kind"}),
        ({"shoe_size": 42}, {"shoe_size": "unknown-question"}),
    ],
)
def test_what_is_no_answer_is_named(given: dict[str, object], problem: dict[str, str]) -> None:
    with pytest.raises(BadAnswers) as error:
        checked(GENERAL, NOTHING | given)
    assert error.value.problems == problem


@pytest.mark.parametrize(
    ("value", "problem"),
    [(29.9, "range"), (45.1, "range"), (float("nan"), "range"), (True, "kind"), ("38", "kind")],
)
def test_no_temperature_is_taken_that_nobody_has(value: object, problem: str) -> None:
    with pytest.raises(BadAnswers) as error:
        checked(DIARY, {"temperature": value})
    assert error.value.problems == {"temperature": problem}


def test_answers_are_kept_in_the_order_of_the_form_and_told_once() -> None:
    taken = checked(GENERAL, NOTHING | {"symptoms": ["fatigue", "pneumonia", "dyspnoea"]})
    assert taken["symptoms"] == ["dyspnoea", "pneumonia", "fatigue"]
    assert symptoms(GENERAL, facts(GENERAL, taken, SIGNS)) == ("dyspnoea", "fatigue")
    assert not has_contact(GENERAL, facts(GENERAL, taken, SIGNS))


def test_the_marks_are_those_of_the_form_but_for_what_is_waived() -> None:
    marked = {f.code for f in GENERAL.fields if f.required}
    assert marked == {"name", "birth", "sex", "nation", "area", "address", "phone"}
    assert {f for f in marked if GENERAL.must(f)} == {"name", "birth", "sex", "area", "address"}


def test_a_form_holds_from_its_first_day_and_the_first_one_before() -> None:
    assert forms.on("general", date(2022, 3, 1)) is forms.on("general", date(2021, 1, 1)) is GENERAL
    with pytest.raises(KeyError):
        forms.on("palm-reading", date(2022, 3, 1))
    with pytest.raises(KeyError):
        forms.version("general", "1999")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('any_of = ["symptoms.dyspnoea"]', 'any_of = ["symptoms.gout"]', "which no answer can tell"),
        ('code = "places"', 'code = "travelled"', "is there twice"),
        ('outcome = "test"', 'outcome = "watch"', "no rule says that a test follows"),
        ('outcome = "test"', 'outcome = "prayer"', "not a known value"),
        ('outcome = "test"', 'outcome = "test"\nat_least = 9', "can never fire"),
        ('code = "general"', 'code = "general', "no TOML"),
        ("verified = true", "verified = true\ncolour = 3", "not known"),
    ],
)
def test_the_checker_names_what_is_wrong(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = (forms.FOLDER / "general-2022-03.toml").read_text(encoding="utf-8")
    spoilt = tmp_path / "general.toml"
    spoilt.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PolicyError, match=problem):
        forms.read(spoilt)


def test_a_diary_is_due_from_the_first_day_of_the_order_to_its_last() -> None:
    first, end = date(2022, 1, 10), date(2022, 1, 17)
    assert [reports_due(first, end, date(2022, 1, day)) for day in (9, 10, 16, 17)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert days_silent(first, None, date(2022, 1, 12)) == 3
    assert days_silent(first, date(2022, 1, 11), date(2022, 1, 12)) == 1
    assert days_silent(first, date(2022, 1, 12), date(2022, 1, 12)) == 0
