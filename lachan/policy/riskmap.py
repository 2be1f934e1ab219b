"""How the epidemic level of an area follows from its figures, by dated decisions. Level 1 is low, 4 is very high."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lachan.policy.basis import RuleSet

Scheme = Literal["matrix", "findings"]
Measure = Literal["cases", "oxygen", "deaths"]
Covered = Literal["adults_one_dose", "aged_full", "population_full", "high_risk_full"]
Effect = Literal["row", "level_up", "transmission_up"]
Row = Literal["covered", "uncovered", "capacity_high", "capacity_medium", "capacity_low"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A count of one week for 100,000 people; `from_rates` are where the transmission levels 2, 3 and 4 begin.

    In an area of fewer than `small_below` people one case more or less would jump over levels: there a count above 0
    raises the transmission that the other indicators give by one.
    """

    measure: Measure
    from_rates: tuple[float, ...]
    small_below: int | None = None
    verified: bool
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """At least `share` (0 to 1) of `covered` must be vaccinated.

    `effect`: it chooses the row of the matrix, or where it is missed the level or the transmission goes up by one.
    `from_age`: for `aged_full`, who counts.
    """

    covered: Covered
    share: float
    effect: Effect
    from_age: int | None = None
    verified: bool
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """The level for each transmission level 1 to 4; `unverified_at` names the columns (1 to 4) not seen."""

    row: Row
    levels: tuple[int, ...]
    unverified_at: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPolicy(RuleSet):
    """The scheme of a period.

    `matrix`: indicators give the transmission level (the highest counts), coverage or capacity the row. Without the
    plan that `capacity_plan_needed` asks for, a level may not fall. `findings`: what was found in a commune gives its
    level; a wider area is high from these shares of its communes, very high from `very_high_share`.
    A level may fall only after `fall_after_days` below it.
    """

    scheme: Scheme
    period_days: int
    fall_after_days: int
    indicators: tuple[Indicator, ...] = ()
    coverages: tuple[Coverage, ...] = ()
    matrix: tuple[MatrixRow, ...] = ()
    capacity_plan_needed: bool = False
    high_share: float | None = None
    at_risk_share: float | None = None
    very_high_share: float | None = None

    def row(self, name: Row) -> MatrixRow:
        """The row of this name: the loader has checked that those needed are there."""
        return next(row for row in self.matrix if row.row == name)
