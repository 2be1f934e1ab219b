"""One week of one area: from the figures that were recorded to a level, and whether it may fall already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lachan.policy import RiskPolicy
from lachan.policy.riskmap import Covered, Measure
from lachan.systems.riskmap.rules.assessment import Assessment, held
from lachan.systems.riskmap.rules.findings import FINDINGS, assess_commune
from lachan.systems.riskmap.rules.matrix import Capacity, Figures, Share, assess

WEEK: Final = timedelta(days=7)
MEASURES: Final[tuple[Measure, ...]] = ("cases", "deaths", "oxygen")
COVERED: Final[tuple[Covered, ...]] = ("adults_one_dose", "aged_full", "population_full", "high_risk_full")
CAPACITIES: Final[tuple[Capacity, ...]] = ("low", "medium", "high")
FIGURES: Final = ("population", *MEASURES, *COVERED, "capacity", "capacity_plan", *FINDINGS)
HIGHEST_AMOUNT: Final[Mapping[str, int]] = {
    "capacity": len(CAPACITIES) - 1,
    "capacity_plan": 1,
    **dict.fromkeys(FINDINGS, 1),
}

# How many weeks a figure stands until another is recorded; what is counted or found stands for its week alone.
KEPT_WEEKS: Final[Mapping[str, int]] = {
    "population": 104,
    "capacity": 4,
    "capacity_plan": 4,
    **{str(c): 4 for c in COVERED},
}


@dataclass(frozen=True, slots=True)
class Value:
    """A recorded figure: a count, so many `of` so many, a capacity (0 low to 2 high), yes (1) or no (0)."""

    amount: int
    of: int | None = None


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def last_day(week_on: date) -> date:
    """Its Sunday: units and decisions are those of this day."""
    return week_on + WEEK - timedelta(days=1)


def period_of(week_on: date) -> tuple[date, date]:
    """When a level that judges this week is in force: the week after, half-open."""
    return week_on + WEEK, week_on + 2 * WEEK


def still_stands(figure: str, recorded_for: date, week_on: date) -> bool:
    """Whether a figure recorded for one week counts in another."""
    return timedelta() <= week_on - recorded_for <= WEEK * KEPT_WEEKS.get(figure, 0)


def needed(policy: RiskPolicy) -> list[str]:
    """The figures that the decision asks for, in the order of the form."""
    if policy.scheme == "findings":
        return list(FINDINGS)
    figures = ["population", *(i.measure for i in policy.indicators), *(c.covered for c in policy.coverages)]
    if any(row.row == "capacity_high" for row in policy.matrix):
        figures.append("capacity")
    return [*figures, "capacity_plan"] if policy.capacity_plan_needed else figures


def by_figures(values: Mapping[str, Value], policy: RiskPolicy) -> Assessment:
    """What the figures of the week alone amount to."""
    if policy.scheme == "findings":
        return assess_commune({code: bool(values[code].amount) for code in FINDINGS if code in values})
    return assess(figures_of(values), policy)


def figures_of(values: Mapping[str, Value]) -> Figures:
    population, plan, capacity = (values.get(f) for f in ("population", "capacity_plan", "capacity"))
    return Figures(
        population=population.amount if population else None,
        counts={m: values[m].amount for m in MEASURES if m in values},
        coverage={c: Share(people=values[c].amount, of=values[c].of or 0) for c in COVERED if c in values},
        capacity=CAPACITIES[capacity.amount] if capacity else None,
        capacity_plan=bool(plan.amount) if plan else None,
    )


def in_force(
    found: Assessment, values: Mapping[str, Value], policy: RiskPolicy, *, previous: int | None, lower_for_days: int
) -> Assessment:  # fmt: skip
    """The level to propose: that of the figures, unless it would fall too soon."""
    plan = values.get("capacity_plan")
    return held(
        found, policy, previous=previous, lower_for_days=lower_for_days, plan=bool(plan and plan.amount)
    )


def lower_days(earlier: Iterable[int | None], previous: int | None, days_of_week: int) -> int:
    """For how long figures have asked for less than `previous`: levels by figures of the weeks before, the last first,
    and how many days of the week that is judged are over."""
    weeks = 0
    for level in earlier:
        if previous is None or level is None or level >= previous:
            break
        weeks += 1
    return 7 * weeks + max(0, min(days_of_week, 7))
