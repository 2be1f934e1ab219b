"""What types cannot say: rules that hold inside one version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from lachan.policy.alarms import AlarmPolicy
from lachan.policy.arrivals import ArrivalPolicy
from lachan.policy.basis import RuleSet
from lachan.policy.checks.arrivals import check_arrivals
from lachan.policy.checks.centre import check_alarms, check_signs
from lachan.policy.checks.feedback import check_feedback
from lachan.policy.checks.general import basis_fields, check_basis
from lachan.policy.checks.loop import check_checkpoints, check_quarantine, check_testing, check_tracing
from lachan.policy.checks.riskmap import check_riskmap
from lachan.policy.checks.vaccination import check_vaccination
from lachan.policy.errors import Spot
from lachan.policy.feedback import FeedbackPolicy
from lachan.policy.model import CheckpointPolicy, QuarantinePolicy, TestingPolicy, TracingPolicy
from lachan.policy.riskmap import RiskPolicy
from lachan.policy.signs import SignsPolicy
from lachan.policy.vaccination import VaccinationPolicy

__all__ = ["basis_fields", "check"]

_CHECKS: Final[dict[type[RuleSet], Callable[[Any, Spot], None]]] = {
    TracingPolicy: check_tracing,
    QuarantinePolicy: check_quarantine,
    TestingPolicy: check_testing,
    CheckpointPolicy: check_checkpoints,
    VaccinationPolicy: check_vaccination,
    RiskPolicy: check_riskmap,
    FeedbackPolicy: check_feedback,
    ArrivalPolicy: check_arrivals,
    SignsPolicy: check_signs,
    AlarmPolicy: check_alarms,
}


def check(policy: RuleSet, spot: Spot) -> None:
    """Raise PolicyError for the first inconsistency within `policy`."""
    check_basis(policy, spot)
    _CHECKS[type(policy)](policy, spot)
