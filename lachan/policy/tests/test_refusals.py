"""Each way to get a table wrong is refused, with file, version, field and remedy."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lachan.policy import NoPolicyInForce, PolicyError, load
from lachan.policy.book import timeline_of
from lachan.policy.tests.documents import CLASSES, document

Table = dict[str, Any]


def _put(field: str, value: object) -> Callable[[Table], None]:
    return lambda version: version.update({field: value})


def _put_in_row(index: int, field: str, value: object) -> Callable[[Table], None]:
    return lambda version: version["rows"][index].update({field: value})


# part, what is spoiled in the first version, the field that the refusal names, words of the refusal
SPOILED: list[tuple[str, Callable[[Table], None], str, str]] = [
    ("tracing", _put("days_before_onsett", 2), "days_before_onsett", "not known"),
    ("tracing", lambda version: version.pop("crowd_limit"), "crowd_limit", "missing"),
    ("tracing", lambda version: version.pop("decision"), "decision", "missing"),
    ("tracing", _put("decision", " "), "decision", "empty"),
    ("tracing", _put("crowd_limit", "100"), "crowd_limit", "whole number"),
    ("tracing", _put("crowd_limit", True), "crowd_limit", "whole number"),
    ("tracing", _put("crowd_limit", 2.5), "crowd_limit", "whole number"),
    ("tracing", _put("crowd_limit", -1), "crowd_limit", "whole number"),
    ("tracing", _put("crowd_limit", 0), "crowd_limit", "is 0"),
    ("tracing", _put("max_window_days", 10**12), "max_window_days", "whole number"),
    ("tracing", _put("close_metres", float("nan")), "close_metres", "number"),
    ("tracing", _put("verified", "yes"), "verified", "true or false"),
    ("tracing", _put("valid_from", "2020-03-12"), "valid_from", "date"),
    ("tracing", _put("valid_from", datetime(2020, 3, 12, tzinfo=UTC)), "valid_from", "date"),
    ("tracing", _put("window_ends", "never"), "window_ends", "not a known value"),
    ("tracing", _put("window_ends", "negative_or_ct"), "infectious_ct_below", "missing"),
    ("tracing", _put("close_minutes_unmasked", 1), "close_minutes_unmasked", "longer than with masks"),
    ("tracing", _put("secondary_settings", "household"), "secondary_settings", "not a list"),
    ("tracing", _put("secondary_settings", ["houshold"]), "secondary_settings[0]", "not a known value"),
    ("tracing", _put("unverified", ["crowds"]), "unverified", "not a field"),
    ("tracing", _put("valid_to", date(2020, 3, 12)), "valid_to", "not after"),
    ("tracing", _put("valid_to", date(2021, 1, 1)), "valid_to", "overlaps"),
    ("tracing", _put("valid_to", date(2020, 12, 2)), "valid_to", "no rule holds"),
    ("tracing", _put("valid_from", date(2020, 12, 3)), "valid_from", "begin on this day"),
    ("tracing", _put("id", "vn-covid19-tracing-2020-12"), "id", "have this id"),
    ("testing", _put("max_pool_in_lab", 0), "max_pool_in_lab", "is 0"),
    ("quarantine", _put_in_row(1, "test_days", [7, 1]), "rows[1].test_days", "do not ascend"),
    ("quarantine", _put_in_row(1, "test_days", [1, 1]), "rows[1].test_days", "do not ascend"),
    ("quarantine", _put_in_row(1, "test_days", [1, 15]), "rows[1].test_days", "after the last day"),
    ("quarantine", _put_in_row(1, "negatives_needed", 3), "rows[1].negatives_needed", "only 2 tests"),
    ("quarantine", _put_in_row(1, "subject", "F9"), "rows[1].subject", "not a known value"),
    ("quarantine", _put_in_row(1, "immunity", "immune"), "rows", "F1 is not covered"),
    ("quarantine", _put_in_row(1, "subject", "F2"), "rows", "F1 is not covered"),
    ("quarantine", _put_in_row(1, "kind", "none"), "rows[1].days", "but days is 14"),
    ("quarantine", _put_in_row(1, "at_most_days", 13), "rows[1].at_most_days", "before the last day"),
    ("quarantine", _put_in_row(1, "unverified", ["day"]), "rows[1].unverified", "not a field"),
    ("quarantine", _put_in_row(1, "beds", 2), "rows[1].beds", "not known"),
    ("quarantine", _put("rows", []), "rows", "not covered"),
    ("quarantine", _put("rows", [1]), "rows[0]", "not a table"),
    ("checkpoints", _put("rows", []), "rows", "does not apply to everybody"),
    ("checkpoints", lambda version: version["rows"].pop(), "rows", "does not apply to everybody"),
    ("checkpoints", _put_in_row(0, "condition", "under_order"), "rows[1]", "already decides"),
    ("checkpoints", _put_in_row(0, "condition", "none"), "rows[1]", "already decides"),
    ("checkpoints", _put_in_row(0, "verdict", "perhaps"), "rows[0].verdict", "not a known value"),
    ("checkpoints", _put_in_row(0, "reason", "Đang cách ly"), "rows[0].reason", "not a code"),
    ("checkpoints", _put_in_row(-1, "where", ["venue"]), "rows", "does not apply to everybody"),
]


@pytest.mark.parametrize(("part", "spoil", "field", "words"), SPOILED, ids=lambda value: str(value)[:30])
def test_a_spoiled_table_is_refused_by_name(
    part: str, spoil: Callable[[Table], None], field: str, words: str
) -> None:
    parsed = document(part)
    spoil(parsed["version"][0])
    with pytest.raises(PolicyError) as refusal:
        timeline_of(CLASSES[part], parsed, "tonight.toml")
    spot = refusal.value.spot
    assert (spot.file, spot.field) == ("tonight.toml", field)
    assert spot.version.startswith(("vn-covid19", "number 1"))
    assert words in refusal.value.problem
    assert refusal.value.remedy
    assert str(refusal.value).startswith("tonight.toml, version ")


@pytest.mark.parametrize("parsed", [{}, {"version": []}, {"version": 3}, {"version": [3]}, {"versions": []}])
def test_a_file_without_versions_is_refused(parsed: Table) -> None:
    with pytest.raises(PolicyError):
        timeline_of(CLASSES["tracing"], parsed, "tonight.toml")


def test_a_day_before_the_first_version_has_no_policy() -> None:
    with pytest.raises(NoPolicyInForce, match="2020-03-11"):
        load("vn/covid19").at(date(2020, 3, 11))
    assert load("vn/covid19").at(date(2020, 3, 12)).tracing.days_before_onset == 3


def test_a_version_no_longer_holds_on_its_valid_to() -> None:
    parsed = document("tracing", "vn/exercise")
    parsed["version"][0]["valid_to"] = date(2026, 12, 1)
    timeline = timeline_of(CLASSES["tracing"], parsed, "tonight.toml")
    assert timeline.at(date(2026, 11, 30)).max_level == 2
    with pytest.raises(NoPolicyInForce, match="2026-12-01"):
        timeline.at(date(2026, 12, 1))


def test_an_unknown_profile_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PolicyError, match="vn/covid19"):
        load("../../etc")
