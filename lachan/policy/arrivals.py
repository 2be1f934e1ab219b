"""Entry into the country: the border gates, and what each traveller has to do. Days count from arrival (day 0)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from lachan.policy.basis import RuleSet

GateKind = Literal["air", "sea", "land"]
Duty = Literal["none", "test", "home", "facility"]
Immune = Literal["any", "immune", "not_immune"]
TestShown = Literal["any", "valid", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """`province`: the code of the province (GSO, as of 2021); `borders`: on land, the other country (ISO 3166-1
    alpha-3)."""

    code: str
    name: str
    kind: GateKind
    province: str
    borders: str = ""
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """Whom this line is for, and what they have to do.

    `origins`: who was in one of these countries within the last `origin_days` (empty: whoever comes); `below_age`:
    only who is younger, in completed years (None: of any age). `within_hours`: until when a test is due.
    `days` apart with tests on `test_days`, of which the last `negatives_needed` must be negative; `home_allowed`: a
    facility order may be served in a home that meets the conditions. `after_days` of self-monitoring follow.
    """

    reason: str
    origins: tuple[str, ...] = ()
    below_age: int | None = None
    immunity: Immune = "any"
    test: TestShown = "any"
    duty: Duty
    within_hours: int | None = None
    days: int = 0
    test_days: tuple[int, ...] = ()
    negatives_needed: int = 0
    home_allowed: bool = False
    after_days: int = 0
    verified: bool
    unverified: tuple[str, ...] = ()

    def applies(self, *, origins: Collection[str], age: int | None, immune: bool, tested: bool) -> bool:
        """Whether the line is for a traveller of these countries; one of unknown age is never below any."""
        return (
            (not self.origins or not set(self.origins).isdisjoint(origins))
            and (self.below_age is None or (age is not None and age < self.below_age))
            and self.immunity in ("any", "immune" if immune else "not_immune")
            and self.test in ("any", "valid" if tested else "missing")
        )

    @property
    def for_everybody(self) -> bool:
        whoever = not self.origins and self.below_age is None
        return whoever and (self.immunity, self.test) == ("any", "any")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalPolicy(RuleSet):
    """Rows walked top-down: the first that applies decides; the last one is for everybody.

    Who is immune on the day of arrival, see `immunity.is_immune`. A negative test counts for so many hours after the
    sample. `declare_days`: how early before arrival one may declare.
    """

    gates: tuple[Gate, ...]
    rows: tuple[DutyRow, ...]
    immune_doses: int
    immune_after_days: int
    immune_max_days: int | None = None
    recovered_max_days: int
    pcr_validity_hours: int
    antigen_validity_hours: int
    origin_days: int
    declare_days: int

    def row_for(self, *, origins: Collection[str], age: int | None, immune: bool, tested: bool) -> DutyRow:
        """The deciding row; there always is one."""
        return next(
            row for row in self.rows if row.applies(origins=origins, age=age, immune=immune, tested=tested)
        )
