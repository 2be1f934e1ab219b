"""The built-in tables, parsed afresh so that a test may spoil them."""

from __future__ import annotations

import tomllib
from typing import Any

from lachan.policy.alarms import AlarmPolicy
from lachan.policy.arrivals import ArrivalPolicy
from lachan.policy.book import HOME
from lachan.policy.feedback import FeedbackPolicy
from lachan.policy.model import CheckpointPolicy, QuarantinePolicy, TestingPolicy, TracingPolicy
from lachan.policy.riskmap import RiskPolicy
from lachan.policy.signs import SignsPolicy
from lachan.policy.vaccination import VaccinationPolicy

CLASSES: dict[str, type[Any]] = {
    "tracing": TracingPolicy,
    "quarantine": QuarantinePolicy,
    "testing": TestingPolicy,
    "checkpoints": CheckpointPolicy,
    "vaccination": VaccinationPolicy,
    "riskmap": RiskPolicy,
    "feedback": FeedbackPolicy,
    "arrivals": ArrivalPolicy,
    "signs": SignsPolicy,
    "alarms": AlarmPolicy,
}


def document(part: str, profile: str = "vn/covid19") -> dict[str, Any]:
    return tomllib.loads((HOME / profile / f"{part}.toml").read_text(encoding="utf-8"))
