"""Each row of the published quarantine table, by date. Sources: the decision numbers beside the rows."""

from dataclasses import dataclass
from datetime import date
from typing import get_args

import pytest

from lachan.policy import load, profiles
from lachan.policy.model import Subject

# day, subject, immune, kind, days, test days, days after, decision
TABLE: list[tuple[date, Subject, bool, str, int, tuple[int, ...] | None, int | None, str | None]] = [
    (date(2020, 3, 12), "F1", False, "facility", 14, None, None, "878/QĐ-BYT, 879/QĐ-BYT"),
    (date(2020, 3, 12), "arrival", False, "facility", 14, None, None, "878/QĐ-BYT, 879/QĐ-BYT"),
    (
        date(2021, 5, 5),
        "F1",
        False,
        "facility",
        21,
        (1, 14, 20),
        14,
        "telegram of 5 May 2021 (number not seen)",
    ),
    (
        date(2021, 5, 5),
        "arrival",
        True,
        "facility",
        21,
        (1, 14, 20),
        14,
        "telegram of 5 May 2021 (number not seen)",
    ),
    (date(2021, 7, 14), "F1", True, "facility", 14, (1, 7, 14), 14, "5599/BYT-MT"),
    (date(2021, 7, 14), "arrival", False, "facility", 14, (1, 7, 14), 14, "5599/BYT-MT"),
    (date(2021, 8, 4), "arrival", True, "facility", 7, (1, 7), 7, "6288/BYT-MT"),
    (date(2021, 8, 4), "arrival", False, "facility", 14, (1, 7, 14), 14, "6288/BYT-MT"),
    (date(2021, 10, 31), "returnee", True, "home", 7, (1, 7), None, None),
    (date(2021, 10, 31), "returnee", False, "home", 14, (1, 7, 14), None, None),
    (date(2021, 12, 16), "F1", True, "home", 7, (1, 7), 7, "10696/BYT-MT"),
    (date(2021, 12, 16), "F1", False, "facility", 14, (1, 7, 14), 14, "10696/BYT-MT"),
    (date(2021, 12, 16), "arrival", True, "home", 3, None, None, "10696/BYT-MT"),
    (date(2022, 2, 21), "F1", True, "home", 5, (5,), 5, "762/BYT-DP"),
    (date(2022, 2, 21), "F1", False, "home", 7, (7,), 3, "762/BYT-DP"),
    (date(2022, 2, 21), "F0", True, "home", 7, (7,), None, "762/BYT-DP"),
    (date(2022, 2, 21), "F0", False, "home", 7, (7,), None, "762/BYT-DP"),
    (date(2022, 3, 15), "arrival", True, "monitoring", 10, (), 0, "1265/BYT-DP"),
    (date(2022, 4, 15), "F1", False, "monitoring", 10, (), 0, "1909/BYT-DP"),
    (date(2026, 11, 23), "F1", True, "monitoring", 10, (), 0, "1909/BYT-DP"),
]


@dataclass(frozen=True)
class Line:
    """One line of the table; None where the published text is silent."""

    day: date
    subject: Subject
    immune: bool
    kind: str
    days: int
    test_days: tuple[int, ...] | None
    after_days: int | None
    decision: str | None


@pytest.mark.parametrize(
    "line", [Line(*values) for values in TABLE], ids=lambda line: f"{line.day}-{line.subject}"
)
def test_each_row_of_the_table_holds_from_its_day(line: Line) -> None:
    policy = load("vn/covid19").quarantine.at(line.day)
    row = policy.row_for(line.subject, immune=line.immune)
    assert (row.kind, row.days) == (line.kind, line.days)
    assert line.test_days in (None, row.test_days)
    assert line.after_days in (None, row.after_days)
    assert line.decision in (None, policy.basis.decision)


def test_a_rule_holds_until_the_day_before_the_next() -> None:
    book = load("vn/covid19")
    assert book.quarantine.at(date(2021, 5, 4)).row_for("F1", immune=False).days == 14
    assert book.quarantine.at(date(2021, 5, 5)).row_for("F1", immune=False).days == 21
    assert book.quarantine.at(date(2021, 7, 13)).row_for("F1", immune=False).days == 21
    assert book.quarantine.at(date(2021, 7, 14)).row_for("F1", immune=False).days == 14


def test_a_case_at_home_without_a_negative_leaves_on_day_10_or_14() -> None:
    policy = load("vn/covid19").quarantine.at(date(2022, 2, 21))
    assert policy.row_for("F0", immune=True).at_most_days == 10
    assert policy.row_for("F0", immune=False).at_most_days == 14


def test_recovery_counts_six_months_and_from_february_2022_three() -> None:
    book = load("vn/covid19")
    assert book.quarantine.at(date(2021, 12, 16)).recovered_max_days == 180
    assert book.quarantine.at(date(2022, 2, 21)).recovered_max_days == 90


def test_temperature_is_read_twice_a_day() -> None:
    assert load("vn/covid19").quarantine.at(date(2021, 7, 14)).readings_per_day == 2


@pytest.mark.parametrize("subject", get_args(Subject))
@pytest.mark.parametrize("profile", profiles())
def test_every_subject_has_a_row_in_every_version(profile: str, subject: Subject) -> None:
    for span in load(profile).quarantine.spans:
        rows = [span.policy.row_for(subject, immune=immune) for immune in (True, False)]
        assert [row.subject for row in rows] == [subject, subject]


def test_the_exercise_quarantines_contacts_of_today() -> None:
    policy = load("vn/exercise").at(date(2026, 11, 23)).quarantine
    immune, other = (policy.row_for("F1", immune=value) for value in (True, False))
    assert (immune.kind, immune.days, immune.test_days) == ("home", 7, (1, 7))
    assert (other.kind, other.days, other.test_days, other.home_allowed) == ("facility", 14, (1, 7, 14), True)
    assert policy.row_for("F2", immune=False).ends == "source_cleared"
    assert not policy.basis.verified


def test_mers_contacts_stay_home_for_14_days() -> None:
    policy = load("kr/mers").at(date(2015, 6, 1))
    row = policy.quarantine.row_for("F1", immune=True)
    assert (row.kind, row.days) == ("home", 14)
    assert (policy.tracing.days_before_onset, policy.tracing.window_ends) == (0, "isolation")
