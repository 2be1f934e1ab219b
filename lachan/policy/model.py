"""Typed, dated rules. Every set carries its Basis: the decision, its period, and whether its text was seen.

Days count from day 0 = last contact, arrival or (F0) the positive sample. Periods are half-open.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

Subject = Literal["F0", "F1", "F2", "arrival", "returnee"]
Immunity = Literal["any", "immune", "not_immune"]
OrderKind = Literal["facility", "home", "monitoring", "none"]
OrderEnd = Literal["days", "source_cleared"]
WindowEnd = Literal["isolation", "negative_or_ct"]
Verdict = Literal["pass", "check", "stop"]
PlaceKind = Literal[
    "venue",
    "workplace",
    "school",
    "control_post",
    "border_gate",
    "conveyance",
    "laboratory",
    "health_station",
    "vaccination_site",
    "store",
    "quarantine_site",
    "room",
    "household",
]
Condition = Literal[
    "active_case",
    "under_order",
    "order_end_unconfirmed",
    "contact_uncleared",
    "symptoms_declared",
    "unknown_person",
    "recent_negative",
    "immune",
    "none",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a rule set rests on. `unverified` names the fields whose value was not seen in a source."""

    id: str
    decision: str
    valid_from: date
    valid_to: date | None = None
    verified: bool
    note: str = ""
    unverified: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The decision and its period, e.g. "11042/BYT-DP (2021-12-29 to 2022-04-15)"."""
        end = f"to {self.valid_to.isoformat()}" if self.valid_to else "onwards"
        doubt = "" if self.verified else ", unverified"
        return f"{self.decision} ({self.valid_from.isoformat()} {end}{doubt})"


@dataclass(frozen=True, slots=True, kw_only=True)
class TracingPolicy:
    """Who is a contact. Lengths in the unit that the name says; ct in cycles; distance in metres.

    The infectious window starts `days_before_onset` before onset (without symptoms: `days_before_sample`
    before the first positive sample) and ends as `window_ends` says, at the latest `max_window_days` after
    onset or sample. `infectious_ct_below`: a sample with a Ct above it ends the window. 0 minutes: any stay.
    A place with more than `crowd_limit` people at once gets a notice instead of a list. A stay without a
    check-out lasts `default_stay_minutes`. An F1 may infect from `secondary_from_days` after the first
    exposure; F2 are sought on places of the kinds in `secondary_settings` (empty: everywhere).
    """

    basis: Basis
    days_before_onset: int
    days_before_sample: int
    window_ends: WindowEnd
    infectious_ct_below: float | None = None
    max_window_days: int
    close_metres: float
    close_minutes_masked: int
    close_minutes_unmasked: int
    crowd_limit: int
    default_stay_minutes: int
    max_level: int
    secondary_from_days: int
    secondary_settings: tuple[PlaceKind, ...] = ()
    follow_up_days: int
    first_call_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineRow:
    """One line of the table: who, where, how long, tested when, and what ends it.

    `days` is the length of the order (with `ends = "source_cleared"`: its latest end); `after_days` of
    self-monitoring follow. So many of the tests on `test_days` as `negatives_needed` says must be negative,
    counted from the last. `at_most_days`: the order ends then even without a negative (None: it does not).
    `home_allowed`: a facility order may be served in a home that meets the conditions.
    """

    subject: Subject
    immunity: Immunity
    kind: OrderKind
    days: int
    test_days: tuple[int, ...] = ()
    after_days: int
    ends: OrderEnd = "days"
    negatives_needed: int
    at_most_days: int | None = None
    home_allowed: bool = False
    verified: bool
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinePolicy:
    """The quarantine table of a period and who counts as immune (see `immunity.is_immune`)."""

    basis: Basis
    rows: tuple[QuarantineRow, ...]
    immune_doses: int
    immune_after_days: int
    immune_max_days: int | None = None
    recovered_max_days: int
    reexposure_restarts: bool
    readings_per_day: int

    def row_for(self, subject: Subject, *, immune: bool) -> QuarantineRow:
        """The only row for this subject: the loader has checked that there is exactly one."""
        wanted = ("any", "immune" if immune else "not_immune")
        return next(row for row in self.rows if row.subject == subject and row.immunity in wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestingPolicy:
    """Pool sizes, turn-around, how long a negative is worth something, when an antigen result needs a PCR."""

    __test__ = False  # so that pytest does not take the name for a test class

    basis: Basis
    max_pool_at_collection: int
    max_pool_in_lab: int
    turnaround_hours: int
    pcr_validity_hours: int
    antigen_validity_hours: int
    confirm_antigen_by_pcr: bool
    infectious_ct_below: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointRow:
    """If `condition` holds (and the place is of a kind in `where`; empty: any place) the verdict is this."""

    condition: Condition
    verdict: Verdict
    reason: str
    where: tuple[PlaceKind, ...] = ()
    verified: bool = False

    def applies(self, met: Collection[str], place_kind: str = "") -> bool:
        """Whether the condition is among those met; "none" always is."""
        here = not self.where or place_kind in self.where
        return here and (self.condition == "none" or self.condition in met)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointPolicy:
    """Rows walked top-down: the first that applies decides; the last one always applies.

    "under_order" holds while the order's days run, "order_end_unconfirmed" after them until somebody released.
    A declaration of symptoms counts for `symptoms_hours`, an uncleared contact for `contact_days` after the
    last contact. A scan of the same person, place and direction within `duplicate_minutes` is a duplicate;
    received more than `late_hours` after it happened it is late; if it happened more than `early_minutes`
    after it was received it is early (the device's clock runs ahead).
    """

    basis: Basis
    rows: tuple[CheckpointRow, ...]
    pcr_validity_hours: int
    antigen_validity_hours: int
    immune_doses: int
    immune_after_days: int
    immune_max_days: int | None = None
    recovered_max_days: int
    symptoms_hours: int
    contact_days: int
    duplicate_minutes: int
    late_hours: int
    early_minutes: int

    def row_for(self, met: Collection[str], place_kind: str = "") -> CheckpointRow:
        """The deciding row, given the conditions that evidence meets."""
        return next(row for row in self.rows if row.applies(met, place_kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All rules in force on one day."""

    tracing: TracingPolicy
    quarantine: QuarantinePolicy
    testing: TestingPolicy
    checkpoints: CheckpointPolicy
