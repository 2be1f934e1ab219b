"""Duties after entry by day, against the decisions as vietnam.md has them (3.2, 6.2), and the list of gates."""

from datetime import date, timedelta

import pytest

from lachan.policy import load
from lachan.policy.arrivals import ArrivalPolicy

DAYS = [date(2020, 3, 12) + timedelta(days=days) for days in range(0, 900, 3)]


def rules(day: date, profile: str = "vn/covid19") -> ArrivalPolicy:
    policy = load(profile).at(day).arrivals
    assert policy is not None
    return policy


@pytest.mark.parametrize(
    ("day", "immune", "tested", "duty", "days", "tests", "after", "decision"),
    [
        (date(2020, 3, 12), False, False, "facility", 14, (1, 14), 0, "878/QĐ-BYT, 879/QĐ-BYT"),
        (date(2021, 5, 4), True, True, "facility", 14, (1, 14), 0, "878/QĐ-BYT, 879/QĐ-BYT"),
        (date(2021, 5, 5), True, True, "facility", 21, (1, 14, 20), 14, "telegram of 5 May 2021 (number not seen)"),
        (date(2021, 7, 13), False, False, "facility", 21, (1, 14, 20), 14, "telegram of 5 May 2021 (number not seen)"),
        (date(2021, 7, 14), False, True, "facility", 14, (1, 7, 14), 14, "5599/BYT-MT"),
        (date(2021, 8, 3), True, False, "facility", 14, (1, 7, 14), 14, "5599/BYT-MT"),
        (date(2021, 8, 4), True, False, "facility", 7, (1, 7), 7, "6288/BYT-MT"),
        (date(2021, 8, 4), False, True, "facility", 14, (1, 7, 14), 14, "6288/BYT-MT"),
        (date(2021, 12, 16), True, False, "home", 3, (3,), 11, "10688/BYT-MT"),
        (date(2021, 12, 16), False, False, "home", 7, (3, 7), 7, "10688/BYT-MT"),
        (date(2022, 3, 15), False, True, "none", 0, (), 10, "1265/BYT-DP"),
        (date(2022, 3, 15), True, False, "test", 0, (), 10, "1265/BYT-DP"),
        (date(2022, 5, 14), False, False, "test", 0, (), 10, "1265/BYT-DP"),
        (date(2022, 5, 15), False, False, "none", 0, (), 10, "announcement of 15 May 2022 (number not seen)"),
    ],
)  # fmt: skip
def test_the_duty_of_an_arrival_holds_from_its_day(
    day: date, immune: bool, tested: bool, duty: str, days: int, tests: tuple[int, ...], after: int, decision: str
) -> None:  # fmt: skip
    policy = rules(day)
    row = policy.row_for(origins={"FRA"}, age=40, immune=immune, tested=tested)
    assert policy.basis.decision == decision
    assert (row.duty, row.days, row.test_days, row.after_days) == (duty, days, tests, after)


def test_the_letter_of_march_2022_knows_72_and_24_hours_and_children_below_2() -> None:
    policy = rules(date(2022, 3, 15))
    assert (policy.pcr_validity_hours, policy.antigen_validity_hours) == (72, 24)
    by_age = {
        age: policy.row_for(origins=(), age=age, immune=False, tested=False).duty for age in (0, 1, 2, None)
    }
    assert by_age == {0: "none", 1: "none", 2: "test", None: "test"}
    late = policy.row_for(origins=(), age=None, immune=False, tested=False)
    assert late.within_hours == 24


@pytest.mark.parametrize("immune", [True, False])
def test_both_tables_say_the_same_of_arrivals_who_stay_apart(immune: bool) -> None:
    """The quarantine table is what officers order by hand; the arrivals table is what the counter proposes."""
    compared = 0
    for day in DAYS:
        ordered = load().at(day).quarantine.row_for("arrival", immune=immune)
        duty = rules(day).row_for(origins={"FRA"}, age=40, immune=immune, tested=False)
        if duty.duty in ("home", "facility"):
            compared += 1
            told = (duty.duty, duty.days, duty.test_days, duty.after_days, duty.negatives_needed)
            assert told == (
                ordered.kind, ordered.days, ordered.test_days, ordered.after_days, ordered.negatives_needed,
            ), day  # fmt: skip
        else:
            assert ordered.kind == "monitoring", day
    assert compared > 200


def test_what_was_not_seen_is_not_called_verified() -> None:
    unseen = rules(date(2021, 12, 16))
    assert not unseen.basis.verified
    assert not any(row.verified for row in unseen.rows)
    assert not any(row.verified for row in rules(date(2026, 1, 1), "vn/exercise").rows)


def test_the_gates_of_the_starter_list_are_there_and_unverified() -> None:
    gates = rules(date(2022, 3, 15)).gates
    by_kind = {kind: [g for g in gates if g.kind == kind] for kind in ("air", "land", "sea")}
    assert {kind: len(found) for kind, found in by_kind.items()} == {"air": 12, "land": 25, "sea": 12}
    assert {g.borders for g in by_kind["land"]} == {"CHN", "LAO", "KHM"}
    assert not any(g.verified for g in gates)


def test_in_an_exercise_the_country_of_specimens_has_a_new_variant() -> None:
    policy = rules(date(2026, 11, 1), "vn/exercise")
    duties = {
        origin: policy.row_for(origins={origin}, age=1, immune=True, tested=True).duty
        for origin in ("UTO", "FRA")
    }
    assert duties == {"UTO": "facility", "FRA": "none"}
