"""Levels by rates, coverage and capacity: 4800/QĐ-BYT and 218/QĐ-BYT."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from lachan.policy import RiskPolicy
from lachan.policy.riskmap import Coverage, Covered, Indicator, MatrixRow, Measure
from lachan.systems.riskmap.rules.assessment import HIGHEST, Assessment, Step, held, not_assessed

Capacity = Literal["high", "medium", "low"]
PER = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many people."""

    people: int
    of: int

    @property
    def value(self) -> float:
        return self.people / self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of one area and one period. `counts`: community cases, deaths, patients on oxygen; absent: not known.

    `previous`: the level in force; `lower_for_days`: how long the figures have asked for a lower one.
    """

    population: int | None
    counts: Mapping[Measure, int] = field(default_factory=dict)
    coverage: Mapping[Covered, Share] = field(default_factory=dict)
    capacity: Capacity | None = None
    capacity_plan: bool | None = None
    previous: int | None = None
    lower_for_days: int = 0


def assess(figures: Figures, policy: RiskPolicy) -> Assessment:
    """The level by the policy's matrix, or what is missing to say it."""
    missing = _missing(figures, policy)
    if missing or not figures.population:
        return not_assessed(*missing)
    steps: list[Step] = []
    transmission = _by_rates(figures, figures.population, policy, steps)
    transmission = _raised(transmission, "transmission_up", figures, policy, steps)
    row = _row(figures, policy, steps)
    level = row.levels[transmission - 1]
    if transmission in row.unverified_at:
        steps.append(Step(code=row.row, verified=False))
    level = _raised(level, "level_up", figures, policy, steps)
    found = Assessment(level=level, transmission=transmission, steps=tuple(steps))
    return held(
        found, policy, previous=figures.previous, lower_for_days=figures.lower_for_days,
        plan=bool(figures.capacity_plan),
    )  # fmt: skip


def _missing(figures: Figures, policy: RiskPolicy) -> list[str]:
    missing = [] if figures.population else ["population"]
    missing += [i.measure for i in policy.indicators if i.measure not in figures.counts]
    missing += [c.covered for c in policy.coverages if not _known(figures.coverage.get(c.covered))]
    if _by_capacity(policy) and figures.capacity is None:
        missing.append("capacity")
    if policy.capacity_plan_needed and figures.capacity_plan is None:
        missing.append("capacity_plan")
    return missing


def _known(share: Share | None) -> bool:
    return share is not None and share.of > 0


def _by_capacity(policy: RiskPolicy) -> bool:
    return any(row.row == "capacity_high" for row in policy.matrix)


def _by_rates(figures: Figures, population: int, policy: RiskPolicy, steps: list[Step]) -> int:
    """The highest level that a rate reaches; a rate that means nothing in so small an area raises it by one."""
    small = [i for i in policy.indicators if i.small_below is not None and population < i.small_below]
    reached = max(
        (_transmission(i, figures, population, steps) for i in policy.indicators if i not in small), default=1
    )
    for indicator in small:
        count = figures.counts[indicator.measure]
        if count:
            limit = indicator.small_below
            steps.append(Step(code=f"small-{indicator.measure}", value=count, limit=limit, met=False))
            reached = min(reached + 1, HIGHEST)
    return reached


def _transmission(indicator: Indicator, figures: Figures, population: int, steps: list[Step]) -> int:
    rate = figures.counts[indicator.measure] * PER / population
    reached = [limit for limit in indicator.from_rates if rate >= limit]
    limit = reached[-1] if reached else indicator.from_rates[0]
    seen = indicator.verified and not indicator.unverified
    steps.append(Step(code=indicator.measure, value=rate, limit=limit, met=not reached, verified=seen))
    return len(reached) + 1


def _row(figures: Figures, policy: RiskPolicy, steps: list[Step]) -> MatrixRow:
    if _by_capacity(policy):
        return next(row for row in policy.matrix if row.row == f"capacity_{figures.capacity}")
    chooses = next(c for c in policy.coverages if c.effect == "row")
    return policy.row("covered" if _covered(chooses, figures, steps) else "uncovered")


def _covered(coverage: Coverage, figures: Figures, steps: list[Step]) -> bool:
    share = figures.coverage[coverage.covered].value
    met = share >= coverage.share
    seen = coverage.verified and not coverage.unverified
    steps.append(Step(code=coverage.covered, value=share, limit=coverage.share, met=met, verified=seen))
    return met


def _raised(
    level: int,
    effect: Literal["level_up", "transmission_up"],
    figures: Figures,
    policy: RiskPolicy,
    steps: list[Step],
) -> int:
    """One up for each coverage of this effect that is missed; an area without cases keeps its level (4800)."""
    for coverage in policy.coverages:
        if coverage.effect != effect or _covered(coverage, figures, steps):
            continue
        if effect == "level_up" and not figures.counts.get("cases"):
            steps.append(Step(code="no-level-up-without-cases"))
            continue
        level = min(level + 1, HIGHEST)
    return level
