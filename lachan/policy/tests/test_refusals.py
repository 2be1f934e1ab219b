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
    return _put_in("rows", index, field, value)


def _put_in(rows: str, index: int, field: str, value: object) -> Callable[[Table], None]:
    return lambda version: version[rows][index].update({field: value})


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
    ("checkpoints", lambda version: version["rows"].pop(2), "rows", "nobody has released"),
    ("checkpoints", _put_in_row(2, "where", ["venue"]), "rows", "nobody has released"),
    ("vaccination", _put_in("products", 0, "code", "janssen"), "products", "2 times"),
    ("vaccination", _put_in("groups", 0, "code", "2"), "groups", "2 times"),
    ("vaccination", _put_in("questions", 0, "code", "2"), "questions", "2 times"),
    (
        "vaccination",
        _put_in("products", 0, "least_days", [28, 28]),
        "products[0].least_days",
        "1 intervals, not 2",
    ),
    (
        "vaccination",
        _put_in("products", 0, "latest_days", [7]),
        "products[0].latest_days",
        "before the least",
    ),
    (
        "vaccination",
        _put_in("products", 0, "latest_days", [7, 9]),
        "products[0].latest_days",
        "another length",
    ),
    ("vaccination", _put_in("products", 0, "vial_most", 9), "products[0].vial_most", "less than vial_doses"),
    ("vaccination", _put_in("products", 0, "primary_doses", 0), "products[0].primary_doses", "is 0"),
    ("vaccination", _put_in("products", 0, "family", "dna"), "products[0].family", "not a known value"),
    ("vaccination", _put_in("ages", 0, "products", ["pfizer"]), "ages[0]", "no product here"),
    ("vaccination", _put_in("ages", 0, "to_age", 65), "ages", "last band ends"),
    ("vaccination", _put("observation_minutes", 0), "observation_minutes", "is 0"),
    ("feedback", _put("weekend", [1, 2, 3, 4, 5, 6, 7]), "weekend", "leaves no week"),
    ("feedback", _put("weekend", [8]), "weekend", "leaves no week"),
    ("feedback", _put("day_ends_hour", 24), "day_ends_hour", "no hour"),
    ("feedback", _put("least_published", 0), "least_published", "is 0"),
    ("feedback", _put("categories", []), "categories", "there is none"),
    ("feedback", _put_in("categories", 1, "code", "suspected"), "categories", "stands twice"),
    ("feedback", _put_in("categories", 0, "rung", "village"), "categories[0].rung", "not a known value"),
    ("feedback", _put_in("categories", 0, "unverified", ["who"]), "categories[0].unverified", "not a field"),
    ("feedback", _put_in("categories", 0, "step", {}), "categories[0].step", "no unit"),
    (
        "feedback",
        _put_in("categories", 0, "step", {"hours": 1, "working_days": 1}),
        "categories[0].step",
        "no unit or two",
    ),
    (
        "feedback",
        _put_in("categories", 0, "answer", {"hours": 1}),
        "categories[0].answer",
        "before the acknowledgement",
    ),
    ("feedback", _put_in("categories", 0, "answer", {"working_days": 1}), "categories[0].answer", "another"),
    (
        "feedback",
        _put_in("templates", 1, "categories", ["gossip"]),
        "templates[1].categories",
        "no categories",
    ),
    ("riskmap", _put("high_share", 30), "high_share", "no share"),
    ("riskmap", lambda version: version.pop("at_risk_share"), "at_risk_share", "no share"),
    ("riskmap", _put("scheme", "matrix"), "matrix", "its rows are none"),
    ("riskmap", _put("period_days", 0), "period_days", "is 0"),
    ("vaccination", lambda v: v["vital_signs"].update(pulse_low=100), "vital_signs.pulse_low", "not below"),
    ("arrivals", _put_in("gates", 1, "code", "HAN"), "gates[1].code", "stands twice"),
    ("arrivals", _put_in("gates", 0, "borders", "LAO"), "gates[0].borders", "does not fit"),
    ("arrivals", _put("rows", []), "rows", "not for everybody"),
    ("arrivals", _put_in("rows", 0, "below_age", 2), "rows", "not for everybody"),
    ("arrivals", _put_in("rows", 0, "within_hours", 24), "rows[0].within_hours", "does not fit"),
    ("arrivals", _put_in("rows", 0, "days", 0), "rows[0].days", "does not fit"),
    ("arrivals", _put_in("rows", 0, "test_days", [1, 15]), "rows[0].test_days", "after the end"),
    ("arrivals", _put_in("rows", 0, "test_days", [1]), "rows[0].test_days", "too few"),
    ("arrivals", _put_in("rows", 0, "origins", ["France"]), "rows[0].origins", "no country"),
    ("arrivals", _put_in("rows", 0, "unverified", ["who"]), "rows[0].unverified", "not a field"),
    ("arrivals", _put("declare_days", 0), "declare_days", "is 0"),
]


@pytest.mark.parametrize(
    ("part", "spoil", "field", "words"), SPOILED, ids=lambda value: "" if callable(value) else value[:30]
)
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


def test_a_gap_between_ages_is_refused() -> None:
    parsed = document("vaccination")
    parsed["version"][3]["ages"][0]["to_age"] = 16
    with pytest.raises(PolicyError, match="no band follows at 16"):
        timeline_of(CLASSES["vaccination"], parsed, "tonight.toml")


@pytest.mark.parametrize(
    ("spoil", "field", "words"),
    [
        (_put_in("matrix", 0, "row", "uncovered"), "matrix", "its rows are"),
        (_put_in("matrix", 0, "levels", [1, 2, 3]), "matrix[0].levels", "no row"),
        (_put_in("matrix", 0, "levels", [2, 1, 3, 4]), "matrix[0].levels", "lower level"),
        (_put_in("matrix", 0, "levels", [1, 2, 3, 5]), "matrix[0].levels", "no row"),
        (_put_in("matrix", 0, "unverified_at", [5]), "matrix[0].unverified_at", "no column"),
        (_put("indicators", []), "indicators", "there is none"),
        (_put_in("indicators", 0, "from_rates", [20, 20, 50]), "indicators[0].from_rates", "no three steps"),
        (_put_in("coverages", 0, "effect", "level_up"), "coverages", "none chooses the row"),
        (_put_in("coverages", 0, "share", 70), "coverages[0].share", "no share"),
    ],
)
def test_a_spoiled_matrix_is_refused_by_name(spoil: Callable[[Table], None], field: str, words: str) -> None:
    parsed = document("riskmap")
    spoil(parsed["version"][1])
    with pytest.raises(PolicyError) as refusal:
        timeline_of(CLASSES["riskmap"], parsed, "tonight.toml")
    assert refusal.value.spot.field == field
    assert words in refusal.value.problem


@pytest.mark.parametrize("extended", ["vn-covid19-tracing-2019", "vn/covid19/none", "vn/cholera/any", ""])
def test_a_version_that_extends_nothing_is_refused(extended: str) -> None:
    parsed = document("tracing")
    parsed["version"][1]["extends"] = extended
    with pytest.raises(PolicyError) as refusal:
        timeline_of(CLASSES["tracing"], parsed, "tracing.toml")
    assert refusal.value.spot.field == "extends"
    assert refusal.value.spot.version == "vn-covid19-tracing-2020-12"


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
