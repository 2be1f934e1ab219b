"""What an assessment says: a level or what is missing, and each step with its figure and its limit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from lachan.policy import RiskPolicy

LOWEST, HIGHEST = 1, 4
ZONES: Final = {1: "green", 2: "yellow", 3: "orange", 4: "red"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One reason, in the order in which it was applied. `met`: the criterion was fulfilled.

    Codes: cases, deaths, oxygen (value: rate; limit: where its level begins), a Coverage's `covered` (shares),
    small-deaths (count; population below which it applies), no-level-up-without-cases, plan-missing, falls-later, a
    finding, share-high, share-at-risk, share-very-high.
    """

    code: str
    value: float | None = None
    limit: float | None = None
    met: bool = True
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """`level` None: not assessed, because of `missing`. `verified`: every rule that decided was seen in a source."""

    level: int | None
    transmission: int | None = None
    steps: tuple[Step, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        return all(step.verified for step in self.steps)


def not_assessed(*missing: str) -> Assessment:
    """No level: these figures are missing. It is never green for want of figures."""
    return Assessment(level=None, missing=missing)


def held(
    found: Assessment, policy: RiskPolicy, *, previous: int | None, lower_for_days: int, plan: bool
) -> Assessment:
    """A level falls neither without the plan that the policy asks for nor before a full period below it."""
    if found.level is None or previous is None or found.level >= previous:
        return found
    if policy.capacity_plan_needed and not plan:
        return replace(found, level=previous, steps=(*found.steps, Step(code="plan-missing", met=False)))
    if lower_for_days < policy.fall_after_days:
        limit = policy.fall_after_days
        step = Step(code="falls-later", value=lower_for_days, limit=limit, met=False, verified=False)
        return replace(found, level=previous, steps=(*found.steps, step))
    return found
