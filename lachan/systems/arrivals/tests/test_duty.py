"""The duty after entry: who, from where, with what, on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.policy import load
from lachan.policy.arrivals import ArrivalPolicy
from lachan.systems.arrivals.rules.duty import (
    Doses,
    Negative,
    Recovered,
    Source,
    Traveller,
    duty_of,
    immune,
    oldest_age,
    shown_only,
    valid_tests,
)

MARCH = date(2022, 3, 20)
NOON = datetime(2022, 3, 20, 5, tzinfo=UTC)
ADULT = Traveller(arrives_on=MARCH, arrives_at=NOON, origins=frozenset({"FRA"}), age=40)


def rules(day: date = MARCH, profile: str = "vn/covid19") -> ArrivalPolicy:
    policy = load(profile).at(day).arrivals
    assert policy is not None
    return policy


def shown(kind: str, hours: float, source: Source = "verified") -> Traveller:
    return replace(ADULT, negatives=(Negative(kind, NOON - timedelta(hours=hours), source),))


@pytest.mark.parametrize(
    ("kind", "hours", "duty"),
    [
        ("pcr", 0, "none"),
        ("pcr", 72, "none"),
        ("pcr", 72.1, "test"),
        ("antigen", 24, "none"),
        ("antigen", 24.1, "test"),
        ("pcr", -1, "test"),
    ],
)
def test_a_test_is_worth_its_hours_and_none_of_the_future_is(kind: str, hours: float, duty: str) -> None:
    assert duty_of(shown(kind, hours), rules()).kind == duty


@pytest.mark.parametrize(
    ("age", "duty"), [(0, "none"), (1, "none"), (2, "test"), (40, "test"), (None, "test")]
)
def test_below_two_years_nobody_is_tested(age: int | None, duty: str) -> None:
    assert duty_of(replace(ADULT, age=age), rules()).kind == duty


def test_without_a_test_one_is_due_within_24_hours_with_its_basis() -> None:
    duty = duty_of(ADULT, rules())
    assert (duty.within_hours, duty.after_days, duty.reasons) == (24, 10, ("no-test",))
    assert (duty.decision, duty.verified) == ("1265/BYT-DP", True)


AUGUST = Traveller(
    arrives_on=date(2021, 8, 10), arrives_at=datetime(2021, 8, 10, 5, tzinfo=UTC), origins=frozenset({"JPN"}), age=30
)  # fmt: skip


@pytest.mark.parametrize(
    ("count", "days_ago", "complete", "days"),
    [(2, 14, False, 7), (2, 13, False, 14), (2, 365, False, 7), (2, 366, False, 14), (1, 20, False, 14),
     (1, 20, True, 7)],
)  # fmt: skip
def test_from_august_2021_two_doses_of_14_days_shorten_it_to_7(
    count: int, days_ago: int, complete: bool, days: int
) -> None:
    doses = Doses(count, AUGUST.arrives_on - timedelta(days=days_ago), complete, "verified")
    duty = duty_of(replace(AUGUST, doses=(doses,)), rules(AUGUST.arrives_on))
    assert (duty.kind, duty.days) == ("facility", days)
    assert duty.immune is (days == 7)


def test_who_recovered_within_the_limit_is_immune() -> None:
    policy = rules(AUGUST.arrives_on)
    for days_ago, holds in ((0, True), (180, True), (181, False)):
        recovered = Recovered(AUGUST.arrives_on - timedelta(days=days_ago), "verified")
        assert immune(replace(AUGUST, recovered=(recovered,)), policy) is holds


def test_days_are_counted_from_arrival() -> None:
    duty = duty_of(AUGUST, rules(AUGUST.arrives_on))
    assert duty.test_dates == (date(2021, 8, 11), date(2021, 8, 17), date(2021, 8, 24))
    assert duty.ends_on(AUGUST.arrives_on) == date(2021, 8, 24)


def test_a_duty_that_rests_on_bare_claims_says_so() -> None:
    claimed = shown("pcr", 10, "claimed")
    assert duty_of(claimed, rules()).rests_on_claims
    assert duty_of(shown_only(claimed), rules()).kind == "test"
    assert not duty_of(shown("pcr", 10, "seen"), rules()).rests_on_claims


def test_a_claim_that_changes_nothing_is_not_mentioned() -> None:
    both = replace(ADULT, negatives=(*shown("pcr", 9).negatives, *shown("pcr", 9, "claimed").negatives))
    assert not duty_of(both, rules()).rests_on_claims
    assert not duty_of(replace(shown("pcr", 9, "claimed"), age=1), rules()).rests_on_claims


def test_from_the_country_of_a_variant_nothing_helps() -> None:
    best = replace(
        shown("pcr", 1), origins=frozenset({"FRA", "UTO"}), arrives_on=date(2026, 11, 20),
        doses=(Doses(3, date(2026, 9, 1), True, "verified"),),
    )  # fmt: skip
    policy = rules(date(2026, 11, 20), "vn/exercise")
    assert duty_of(best, policy).reasons[0] == "variant"
    assert duty_of(replace(best, origins=frozenset({"FRA"})), policy).kind != "facility"
    assert not duty_of(best, policy).verified


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ((2020, 3, 20), date(2022, 3, 19), 1),
        ((2020, 3, 20), date(2022, 3, 20), 2),
        ((2020, None, None), date(2022, 1, 1), 2),
        ((2020, 6, None), date(2022, 3, 1), 1),
        ((None, None, None), date(2022, 3, 1), None),
    ],
)
def test_an_age_is_never_taken_for_less_than_it_may_be(
    born: tuple[int | None, int | None, int | None], on: date, age: int | None
) -> None:
    assert oldest_age(*born, on) == age


SEVERITY = {"none": 0, "test": 1, "home": 2, "facility": 3}
sources = st.sampled_from(["verified", "seen", "claimed"])
days_ago = st.integers(0, 400)
travellers = st.builds(
    lambda doses, recovered, negatives, age, day: Traveller(
        arrives_on=day, arrives_at=datetime(day.year, day.month, day.day, 5, tzinfo=UTC), origins=frozenset({"FRA"}),
        age=age, doses=tuple(Doses(n, day - timedelta(days=d), c, s) for n, d, c, s in doses),
        recovered=tuple(Recovered(day - timedelta(days=d), s) for d, s in recovered),
        negatives=tuple(
            Negative(k, datetime(day.year, day.month, day.day, 5, tzinfo=UTC) - timedelta(hours=h), s)
            for k, h, s in negatives
        ),
    ),
    st.lists(st.tuples(st.integers(1, 4), days_ago, st.booleans(), sources), max_size=3),
    st.lists(st.tuples(days_ago, sources), max_size=2),
    st.lists(st.tuples(st.sampled_from(["pcr", "antigen"]), st.integers(0, 100), sources), max_size=3),
    st.none() | st.integers(0, 90),
    st.dates(date(2020, 3, 12), date(2023, 1, 1)),
)  # fmt: skip


@given(travellers)
def test_showing_less_never_leads_to_a_milder_duty(traveller: Traveller) -> None:
    policy = rules(traveller.arrives_on)
    by_all, by_shown = duty_of(traveller, policy), duty_of(shown_only(traveller), policy)
    assert (SEVERITY[by_all.kind], by_all.days) <= (SEVERITY[by_shown.kind], by_shown.days)
    assert by_all.rests_on_claims == ((by_all.kind, by_all.days) != (by_shown.kind, by_shown.days))


@given(travellers)
def test_every_traveller_has_one_duty_that_can_be_carried_out(traveller: Traveller) -> None:
    duty = duty_of(traveller, rules(traveller.arrives_on))
    assert (duty.kind == "test") == (duty.within_hours is not None)
    assert (duty.kind in ("home", "facility")) == (duty.days > 0)
    assert duty.negatives_needed <= len(duty.test_dates)
    assert all(traveller.arrives_on <= day <= duty.ends_on(traveller.arrives_on) for day in duty.test_dates)
    assert set(valid_tests(traveller, rules(traveller.arrives_on))) <= set(traveller.negatives)
