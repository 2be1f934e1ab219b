"""Every row of the vaccination rules that was seen in a source, by date."""

from __future__ import annotations

from datetime import date

import pytest

from lachan.policy import Product, VaccinationPolicy, load


def on(year: int, month: int, day: int) -> VaccinationPolicy:
    policy = load("vn/covid19").at(date(year, month, day)).vaccination
    assert policy is not None
    return policy


def product(code: str) -> Product:
    found = on(2022, 7, 1).product(code)
    assert found is not None
    return found


def test_before_the_first_dose_no_rule_of_vaccination_is_in_force() -> None:
    assert load("vn/covid19").at(date(2021, 3, 7)).vaccination is None
    assert load("kr/mers").at(date(2015, 6, 1)).vaccination is None


@pytest.mark.parametrize(
    ("code", "approved_on", "doses", "certificate"),
    [
        ("vaxzevria", date(2021, 2, 1), 2, "EU/1/21/1529"),
        ("sputnik-v", date(2021, 3, 23), 2, "Sputnik-V"),
        ("vero-cell", date(2021, 6, 3), 2, "BBIBP-CorV"),
        ("comirnaty", date(2021, 6, 12), 2, "EU/1/20/1528"),
        ("spikevax", date(2021, 6, 28), 2, "EU/1/20/1507"),
        ("janssen", date(2021, 7, 15), 1, "EU/1/20/1525"),
        ("hayat-vax", date(2021, 9, 10), 2, "Hayat-Vax"),
        ("abdala", date(2021, 9, 17), 3, "Abdala"),
        ("covaxin", date(2021, 11, 10), 2, "Covaxin"),
    ],
)
def test_each_product_is_as_licensed(code: str, approved_on: date, doses: int, certificate: str) -> None:
    found = product(code)
    assert (found.approved_on, found.primary_doses, found.mp) == (approved_on, doses, certificate)


@pytest.mark.parametrize(
    ("code", "days"),
    [("vaxzevria", 28), ("sputnik-v", 21), ("comirnaty", 21), ("spikevax", 28), ("covaxin", 28)],
)
def test_the_least_interval_is_as_labelled(code: str, days: int) -> None:
    assert product(code).least_days == (days,)


@pytest.mark.parametrize(
    ("code", "least", "most"),
    [
        ("vaxzevria", 10, 12),
        ("vero-cell", 1, 2),
        ("comirnaty", 6, 7),
        ("spikevax", 10, 14),
        ("janssen", 5, 5),
    ],
)
def test_a_vial_holds_what_the_label_says_and_more_may_be_drawn(code: str, least: int, most: int) -> None:
    assert (product(code).vial_doses, product(code).vial_most) == (least, most)


def test_pfizer_is_kept_ultra_cold_and_used_within_six_hours_of_dilution() -> None:
    assert (product("comirnaty").storage, product("comirnaty").opened_hours) == ("ultra_cold", 6)
    assert (product("spikevax").storage, product("vaxzevria").storage) == ("frozen", "cold")


def mixes(policy: VaccinationPolicy) -> dict[str, tuple[str, ...]]:
    return {mix.after: mix.then for mix in policy.mixes}


def test_mixing_widens_in_august_and_september_2021() -> None:
    assert mixes(on(2021, 8, 9)) == {}
    assert mixes(on(2021, 9, 7)) == {"vaxzevria": ("comirnaty",)}
    assert mixes(on(2021, 9, 8)) == {
        "vaxzevria": ("comirnaty", "spikevax"),
        "comirnaty": ("spikevax",),
        "spikevax": ("comirnaty",),
    }


def test_pfizer_after_astrazeneca_waits_eight_weeks_and_needs_consent() -> None:
    (mix,) = on(2021, 8, 20).mixes
    assert (mix.least_days, mix.consent) == (56, True)


def test_the_additional_dose_comes_after_28_days_from_december_2021() -> None:
    assert on(2021, 11, 30).additional == ()
    rows = [(row.indication, row.after, row.least_days) for row in on(2021, 12, 1).additional]
    assert rows == [
        ("course", ("vero-cell",), 28), ("course", ("sputnik-v",), 28), ("immunocompromised", (), 28),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "days"), [(date(2021, 12, 1), 180), (date(2021, 12, 16), 180), (date(2021, 12, 17), 90)]
)
def test_the_booster_waits_six_months_then_three(day: date, days: int) -> None:
    policy = load("vn/covid19").at(day).vaccination
    assert policy is not None
    assert {row.least_days for row in policy.boosters} == {days}


def test_astrazeneca_boosts_an_mrna_course_from_march_2022() -> None:
    def allowed(policy: VaccinationPolicy) -> bool:
        return any("comirnaty" in row.after and "vaxzevria" in row.then for row in policy.boosters)

    assert not allowed(on(2022, 2, 28))
    assert allowed(on(2022, 3, 1))


def test_young_people_follow_adults_in_october_2021_and_children_in_june_2022() -> None:
    youngest = [on(*day).ages[0].from_age for day in ((2021, 10, 13), (2021, 10, 14), (2022, 6, 23))]
    assert youngest == [18, 12, 5]
    young = on(2021, 10, 14).ages[0]
    assert (young.products, young.guardian_consent, young.same_product) == (
        ("comirnaty", "spikevax"),
        True,
        True,
    )


def test_there_are_sixteen_groups_and_health_workers_come_first() -> None:
    groups = on(2021, 7, 8).groups
    assert [group.rank for group in groups] == list(range(1, 17))
    assert groups[0].name_en == "Health workers"


def test_the_form_4355_delays_for_its_three_questions_and_refuses_for_the_first() -> None:
    answers = {question.code: question.yes for question in on(2021, 9, 10).questions}
    assert {code for code, yes in answers.items() if yes == "defer"} == {"2", "3", "4a"}
    assert [code for code, yes in answers.items() if yes == "contraindicated"] == ["1"]
    assert len(answers) == 10


def test_vital_signs_are_judged_by_the_limits_of_the_form() -> None:
    signs = on(2021, 9, 10).vital_signs
    assert (signs.temperature_low, signs.temperature_high) == (35.5, 37.5)
    assert (signs.pulse_low, signs.pulse_high, signs.breaths_high) == (60, 100, 25)
    assert (signs.systolic_low, signs.systolic_high, signs.diastolic_low, signs.diastolic_high) == (
        90,
        140,
        60,
        90,
    )


def test_the_campaign_has_its_three_goals() -> None:
    goals = {goal.code: (goal.least, goal.by) for goal in on(2021, 9, 10).goals}
    assert goals == {
        "adults": (50, date(2021, 12, 31)), "everybody": (70, date(2022, 3, 31)), "doses": (150, None),
    }  # fmt: skip


def test_the_clocks_after_an_injection_are_those_of_the_decree() -> None:
    policy = on(2021, 9, 10)
    assert (policy.observation_minutes, policy.home_watch_hours, policy.follow_up_days) == (30, 24, 28)
    assert (policy.investigate_hours, policy.council_working_days) == (24, 5)


def test_the_exercise_has_the_last_rules_under_its_own_name() -> None:
    exercise = load("vn/exercise").at(date(2026, 6, 1)).vaccination
    last = on(2022, 7, 1)
    assert exercise is not None
    assert (exercise.products, exercise.boosters) == (last.products, last.boosters)
    assert not exercise.basis.verified
