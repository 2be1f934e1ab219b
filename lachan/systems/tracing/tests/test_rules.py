"""What makes a case, when it infects, who is a contact: rules without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lachan.policy import Policy, load
from lachan.systems.tracing.rules import (
    Edge,
    Finding,
    assess,
    classify,
    cleared,
    eligible,
    infectious_window,
    levels,
    standing,
)

AT = datetime(2022, 1, 10, 2, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BOOK = load("vn/covid19")
POLICY = BOOK.at(date(2022, 1, 10))
OLD = BOOK.at(date(2021, 8, 1))


def finding(kind: Any, number: int = 1, *, at: datetime = AT, **more: Any) -> Finding:
    return Finding(id=number, kind=kind, at=at, **more)


SICK = finding("symptoms", 8, symptoms=("fever", "cough"))
LINK = finding("epi_link", 9)


@pytest.mark.parametrize(
    ("found", "by_pcr", "expected"),
    [
        ([], True, "withdrawn"),
        ([finding("pcr")], True, "confirmed"),
        ([finding("import")], True, "confirmed"),
        ([finding("antigen")], False, "confirmed"),
        ([finding("antigen")], True, "suspect"),
        ([finding("antigen"), LINK], True, "probable"),
        ([finding("antigen"), SICK], True, "probable"),
        ([finding("antigen"), LINK, SICK], True, "confirmed"),
        ([finding("antigen"), finding("antigen", 2, at=AT + 7 * HOUR), LINK], True, "confirmed"),
        ([finding("antigen"), finding("antigen", 2, at=AT + 9 * HOUR), LINK], True, "probable"),
        ([SICK], True, "suspect"),
        ([finding("symptoms", symptoms=("fever",))], True, "withdrawn"),
        ([LINK], True, "withdrawn"),
        ([finding("diagnosis")], True, "suspect"),
        ([finding("diagnosis"), LINK], True, "probable"),
    ],
)
def test_classification_follows_from_findings(found: list[Finding], by_pcr: bool, expected: str) -> None:
    assert classify(found, confirm_antigen_by_pcr=by_pcr) == expected


def test_voided_finding_counts_no_more() -> None:
    found = [finding("pcr", 1), finding("voided", 2, voids=1)]
    assert standing(found) == []
    assert classify(found, confirm_antigen_by_pcr=True) == "withdrawn"


def window(policy: Policy = POLICY, **more: Any) -> tuple[datetime, datetime]:
    more = {"onset_at": None, "isolated_at": None, "first_positive_at": AT} | more
    return infectious_window(**more, policy=policy.tracing)


def test_window_starts_two_days_before_the_sample_of_who_is_not_ill() -> None:
    assert window() == (AT - 2 * DAY, AT + 28 * DAY)


def test_window_starts_fourteen_days_before_the_sample_under_the_rule_of_2021() -> None:
    assert window(OLD)[0] == AT - 14 * DAY


def test_window_starts_before_onset_of_who_is_ill() -> None:
    assert window(onset_at=AT - 4 * DAY)[0] == AT - 6 * DAY


def test_sample_before_onset_still_lies_in_the_window() -> None:
    assert window(onset_at=AT + 5 * DAY)[0] == AT


def test_window_ends_with_isolation() -> None:
    assert window(isolated_at=AT + DAY)[1] == AT + DAY


def test_who_was_isolated_before_has_an_empty_window() -> None:
    assert window(isolated_at=AT - 5 * DAY) == (AT - 2 * DAY, AT - 2 * DAY)


def test_negative_sample_ends_the_window_only_where_policy_says_so() -> None:
    assert window(harmless_at=AT + 3 * DAY)[1] == AT + 3 * DAY
    assert window(OLD, harmless_at=AT + 3 * DAY)[1] == AT + 28 * DAY


@pytest.mark.parametrize(("ct", "ends"), [(31.0, AT + DAY), (30.0, AT + 28 * DAY), (None, AT + 28 * DAY)])
def test_sample_with_a_high_ct_ends_the_window(ct: float | None, ends: datetime) -> None:
    found = [finding("pcr", 1, ct=20.0), finding("pcr", 2, at=AT + DAY, ct=ct)]
    assert assess(found, POLICY, zone=UTC).infectious_until == ends


def test_assessment_takes_the_earliest_onset_and_isolation() -> None:
    found = [
        finding("pcr", 1), finding("symptoms", 2, onset_on=date(2022, 1, 9)),
        finding("symptoms", 3, onset_on=date(2022, 1, 8)), finding("isolated", 4, at=AT + DAY),
        finding("isolated", 5, at=AT + 2 * DAY),
    ]  # fmt: skip
    made = assess(found, POLICY, zone=UTC)
    assert (made.onset_on, made.isolated_at, made.infectious_until) == (date(2022, 1, 8), AT + DAY, AT + DAY)
    assert made.infectious_from == datetime(2022, 1, 6, tzinfo=UTC)


def test_suspect_case_has_no_window() -> None:
    assert assess([SICK], POLICY, zone=UTC).infectious_from is None


def edge(source: int, person: int, **more: Any) -> Edge:
    given: dict[str, Any] = {
        "starts_at": AT - DAY, "ends_at": AT - DAY + HOUR, "minutes": 60, "kind": "co-presence", "setting": "venue",
    }  # fmt: skip
    return Edge(source=source, person=person, **given | more)


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({}, True),
        ({"minutes": 14, "masked": True}, False),
        ({"minutes": 15, "masked": True}, True),
        ({"minutes": 1, "masked": False}, True),
        ({"minutes": 1, "masked": None}, True),
        ({"closed_space": False}, False),
        ({"closed_space": False, "kind": "interview"}, True),
        ({"minutes": 1, "masked": True, "kind": "residence"}, True),
        ({"minutes": 1, "masked": True, "kind": "import"}, True),
        ({"withdrawn": True, "kind": "import"}, False),
    ],
)
def test_exposure_counts_by_minutes_masks_and_space(more: dict[str, Any], counts: bool) -> None:
    assert eligible(edge(1, 2, **more), POLICY.tracing) is counts


CASES = {1: (AT - 2 * DAY, None)}


def found_levels(*edges: Edge, negatives: dict[int, list[datetime]] | None = None) -> dict[int, int]:
    found = levels(CASES, edges, negatives or {}, POLICY.tracing, AT + 3 * DAY)
    return {person: place.level for person, place in found.items()}


def later(source: int, person: int, days: int = 2) -> Edge:
    return edge(source, person, starts_at=AT + days * DAY, ends_at=AT + days * DAY + HOUR)


def test_level_is_the_shortest_way_from_a_case() -> None:
    assert found_levels(edge(1, 2), later(2, 3), later(3, 4)) == {2: 1, 3: 2}
    assert found_levels(edge(1, 2), later(2, 3), edge(1, 3)) == {2: 1, 3: 1}


def test_case_is_nobodys_contact() -> None:
    assert found_levels(edge(1, 2), later(2, 1)) == {2: 1}


def test_contact_infects_nobody_before_two_days_have_passed() -> None:
    assert found_levels(edge(1, 2), later(2, 3, days=0)) == {2: 1}


def test_exposure_outside_the_window_makes_no_contact() -> None:
    assert found_levels(edge(1, 2, starts_at=AT - 4 * DAY, ends_at=AT - 3 * DAY)) == {}


def test_negative_sample_of_an_f1_frees_the_f2() -> None:
    due = AT - DAY + HOUR + 2 * DAY
    assert found_levels(edge(1, 2), later(2, 3), negatives={2: [due]}) == {2: 1}
    assert found_levels(edge(1, 2), later(2, 3), negatives={2: [due - HOUR]}) == {2: 1, 3: 2}
    assert cleared(AT, [AT + 2 * DAY], POLICY.tracing)


def test_follow_up_ends() -> None:
    policy, last = POLICY.tracing, AT - DAY + HOUR
    assert levels(CASES, [edge(1, 2)], {}, policy, last + 14 * DAY - HOUR) != {}
    assert levels(CASES, [edge(1, 2)], {}, policy, last + 14 * DAY) == {}


def test_settings_of_the_policy_limit_the_search_for_f2() -> None:
    policy = replace(POLICY.tracing, secondary_settings=("household",))
    edges = [edge(1, 2), later(2, 3), replace(later(2, 4), setting="household")]
    assert set(levels(CASES, edges, {}, policy, AT + 3 * DAY)) == {2, 4}


def test_last_exposure_and_its_source_are_kept() -> None:
    cases = CASES | {5: (AT - 2 * DAY, None)}
    found = levels(cases, [edge(1, 2), edge(5, 2, ends_at=AT)], {}, POLICY.tracing, AT)[2]
    assert (found.source, found.exposed_at, found.first_exposed_at) == (5, AT, AT - DAY)
