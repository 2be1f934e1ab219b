"""Levels by what was found in a commune, and by the shares of communes above it: 2686/QĐ-BCĐQG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from lachan.policy import RiskPolicy
from lachan.systems.riskmap.rules.assessment import HIGHEST, LOWEST, Assessment, Step, not_assessed

# What puts a commune at which level, the gravest first (2686, part II).
FINDINGS: Final[Mapping[str, int]] = {
    "untraced-cluster": 4,
    "sensitive-cluster": 4,
    "unknown-source": 3,
    "crowded-source": 3,
    "beside-red": 3,
    "known-source": 2,
    "contact-in-community": 2,
    "beside-orange": 2,
    "arrivals-or-facilities": 2,
}


def assess_commune(findings: Mapping[str, bool]) -> Assessment:
    """The level of the gravest finding; a question without an answer leaves the commune not assessed.

    Unless the answers given already put it at the highest level: nothing could change that.
    """
    found = [code for code in FINDINGS if findings.get(code)]
    level = max((FINDINGS[code] for code in found), default=LOWEST)
    unanswered = [code for code, at_most in FINDINGS.items() if code not in findings and at_most > level]
    if unanswered:
        return not_assessed(*unanswered)
    steps = tuple(Step(code=code, met=False) for code in found if FINDINGS[code] == level)
    return Assessment(level=level, steps=steps)


def assess_wider(levels: Sequence[int | None], policy: RiskPolicy) -> Assessment:
    """The level of a district from its communes, of a province from its districts.

    An area that is not assessed may have any level: where that could change the answer there is none.
    """
    if not levels:
        return not_assessed("parts")
    at_least = _by_shares([LOWEST if level is None else level for level in levels], policy)
    at_most = _by_shares([HIGHEST if level is None else level for level in levels], policy)
    return at_least if at_least.level == at_most.level else not_assessed("parts")


def _by_shares(levels: Sequence[int], policy: RiskPolicy) -> Assessment:
    very_high, high, at_risk = (_share(levels, level) for level in (4, 3, 2))
    if policy.very_high_share is not None and very_high > policy.very_high_share:
        return _wider(4, "share-very-high", very_high, policy.very_high_share, verified=False)
    if very_high:
        return _wider(3, "one-very-high", very_high, 0)
    if policy.high_share is not None and high >= policy.high_share:
        return _wider(3, "share-high", high, policy.high_share)
    if policy.at_risk_share is not None and at_risk >= policy.at_risk_share:
        return _wider(3, "share-at-risk", at_risk, policy.at_risk_share)
    if at_risk:
        return _wider(2, "one-at-risk", at_risk, 0, verified=False)
    return Assessment(level=LOWEST)


def _share(levels: Sequence[int], from_level: int) -> float:
    return sum(level >= from_level for level in levels) / len(levels)


def _wider(level: int, code: str, value: float, limit: float, *, verified: bool = True) -> Assessment:
    return Assessment(
        level=level, steps=(Step(code=code, value=value, limit=limit, met=False, verified=verified),)
    )
