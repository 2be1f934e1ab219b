"""Tracing, testing and checkpoints by date, and who is immune."""

from datetime import date, timedelta

import pytest

from lachan.policy import is_immune, load


@pytest.mark.parametrize(
    ("day", "decision", "before_onset", "ends", "metres", "masked"),
    [
        (date(2020, 12, 3), "5053/QĐ-BYT", 3, "isolation", 2.0, 0),
        (date(2021, 7, 29), "5053/QĐ-BYT", 3, "isolation", 2.0, 0),
        (date(2021, 7, 30), "3638/QĐ-BYT", 3, "isolation", 2.0, 0),
        (date(2021, 12, 29), "11042/BYT-DP", 2, "negative_or_ct", 2.0, 15),
        (date(2022, 4, 15), "1909/BYT-DP", 2, "negative_or_ct", 1.0, 15),
    ],
)
def test_each_definition_of_a_contact_holds_from_its_day(
    day: date, decision: str, before_onset: int, ends: str, metres: float, masked: int
) -> None:
    policy = load("vn/covid19").at(day).tracing
    assert policy.basis.decision == decision
    assert (policy.days_before_onset, policy.window_ends) == (before_onset, ends)
    assert (policy.close_metres, policy.close_minutes_masked) == (metres, masked)


def test_ct_above_30_ends_the_window_from_december_2021() -> None:
    before, after = (load("vn/covid19").at(day) for day in (date(2021, 12, 28), date(2021, 12, 29)))
    assert before.tracing.infectious_ct_below is None
    assert after.tracing.infectious_ct_below == after.testing.infectious_ct_below == 30.0


def test_pools_hold_one_then_five_then_ten() -> None:
    days = (date(2020, 7, 31), date(2020, 8, 1), date(2021, 7, 1))
    assert [load().testing.at(day).max_pool_at_collection for day in days] == [1, 5, 10]


def test_a_positive_antigen_test_needs_a_pcr_until_december_2021() -> None:
    days = (date(2021, 12, 28), date(2021, 12, 29))
    assert [load().testing.at(day).confirm_antigen_by_pcr for day in days] == [True, False]


@pytest.mark.parametrize(
    ("met", "kind", "verdict", "reason"),
    [
        ({"active_case", "immune"}, "venue", "stop", "active-case"),
        ({"under_order", "recent_negative"}, "control_post", "stop", "under-order"),
        ({"order_end_unconfirmed", "recent_negative"}, "venue", "check", "order-end-unconfirmed"),
        ({"contact_uncleared", "immune"}, "venue", "check", "contact-uncleared"),
        ({"immune"}, "control_post", "pass", "immune"),
        ({"recent_negative"}, "control_post", "pass", "recent-negative"),
        (set(), "control_post", "check", "no-evidence"),
        (set(), "venue", "pass", "nothing-against"),
    ],
)
def test_the_first_row_that_applies_decides(met: set[str], kind: str, verdict: str, reason: str) -> None:
    row = load("vn/covid19").at(date(2021, 11, 1)).checkpoints.row_for(met, kind)
    assert (row.verdict, row.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("days_since_dose", "immune"), [(-1, False), (13, False), (14, True), (180, True), (181, False)]
)
def test_two_doses_count_from_day_14_to_six_months(days_since_dose: int, *, immune: bool) -> None:
    limits, on = load().quarantine.at(date(2021, 12, 16)), date(2021, 12, 20)
    dose_on = on - timedelta(days=days_since_dose)
    assert is_immune(limits, doses=2, last_dose_on=dose_on, recovered_on=None, on=on) is immune
    assert not is_immune(limits, doses=1, last_dose_on=dose_on, recovered_on=None, on=on)


@pytest.mark.parametrize(("days_since", "immune"), [(-1, False), (0, True), (90, True), (91, False)])
def test_recovery_counts_for_three_months(days_since: int, *, immune: bool) -> None:
    limits, on = load().checkpoints.at(date(2022, 3, 1)), date(2022, 3, 1)
    limits_of_order = load().quarantine.at(on)
    recovered_on = on - timedelta(days=days_since)
    assert is_immune(limits_of_order, doses=0, last_dose_on=None, recovered_on=recovered_on, on=on) is immune
    assert limits.recovered_max_days == 180


def test_no_number_of_doses_counts_where_no_vaccine_does() -> None:
    limits, on = load("kr/mers").quarantine.at(date(2015, 6, 1)), date(2015, 6, 1)
    assert not is_immune(limits, doses=9, last_dose_on=date(2015, 1, 1), recovered_on=None, on=on)
