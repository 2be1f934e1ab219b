"""Measured signs, and the limits of alarms: what a version must hold."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest

from lachan.policy import PolicyError, load, profiles
from lachan.policy.alarms import AlarmKind, AlarmPolicy
from lachan.policy.book import timeline_of
from lachan.policy.signs import SignsPolicy

HEAD = {"id": "x", "decision": "d", "valid_from": date(2021, 1, 1), "verified": False}
SIGNS = {"fever_above": 37.5, "spo2_below": 96, "pulse_low": 50, "pulse_high": 120, "breaths_above": 20}
LIMITS = [{"kind": kind, "hurts": 50} for kind in get_args(AlarmKind)]
ALARMS: dict[str, Any] = {
    "limits": LIMITS, "supply_days": 3, "pace_days": 28, "silent_days": 2, "habit_days": 12, "habit_of": 14,
    "acknowledge_hours": 2,
}  # fmt: skip


@pytest.mark.parametrize("profile", profiles())
def test_each_kind_of_alarm_has_its_limits_in_every_profile(profile: str) -> None:
    for span in load(profile).alarms.spans:
        assert [span.policy.limit(kind).kind for kind in get_args(AlarmKind)] == list(get_args(AlarmKind))


@pytest.mark.parametrize("profile", profiles())
def test_what_no_source_settles_says_so(profile: str) -> None:
    for part in ("signs", "alarms"):
        assert not any(span.policy.basis.verified for span in getattr(load(profile), part).spans)


@pytest.mark.parametrize(
    ("taken", "fever"), [(None, False), (36.9, False), (37.5, False), (37.6, True), (41.0, True)]
)
def test_a_fever_is_above_the_limit_everywhere(taken: float | None, fever: bool) -> None:
    assert load("vn/exercise").at(date(2026, 1, 1)).signs.is_fever(taken) is fever


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fever_above": 35.0}, "fever_above"), ({"fever_above": 99.5}, "fever_above"),
        ({"spo2_below": 101}, "spo2_below"), ({"spo2_below": 0}, "spo2_below"),
        ({"pulse_low": 120}, "pulse_low"), ({"breaths_above": 0}, "breaths_above"),
    ],
)  # fmt: skip
def test_limits_that_no_healthy_person_keeps_are_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(PolicyError, match=field):
        timeline_of(SignsPolicy, {"version": [HEAD | SIGNS | change]}, "signs.toml")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"limits": LIMITS[1:]}, "serious-reaction"), ({"limits": [*LIMITS, LIMITS[0]]}, "serious-reaction"),
        ({"limits": [{"kind": "gossip", "hurts": 1}]}, "kind"),
        ({"limits": [LIMITS[0] | {"hurts": 101}, *LIMITS[1:]]}, "hurts"),
        ({"limits": [LIMITS[0] | {"least": 0}, *LIMITS[1:]]}, "least"),
        ({"habit_days": 15}, "habit_days"), ({"acknowledge_hours": 0}, "acknowledge_hours"),
    ],
)  # fmt: skip
def test_limits_of_alarms_that_make_no_sense_are_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(PolicyError, match=field):
        timeline_of(AlarmPolicy, {"version": [HEAD | ALARMS | change]}, "alarms.toml")
