"""Typed, dated rules of the contact loop, and all rules of a day. Every set carries its Basis.

Days count from day 0 = last contact, arrival or (F0) the positive sample. Periods are half-open.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from lachan.policy.alarms import AlarmPolicy
from lachan.policy.arrivals import ArrivalPolicy
from lachan.policy.basis import RuleSet
from lachan.policy.feedback import FeedbackPolicy
from lachan.policy.riskmap import RiskPolicy
from lachan.policy.signs import SignsPolicy
from lachan.policy.vaccination import VaccinationPolicy

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
    "from_level_3",
    "from_level_4",
    "none",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TracingPolicy(RuleSet):
    """Who is a contact. Lengths in the unit that the name says; ct in cycles; distance in metres.

    The infectious window starts `days_before_onset` before onset (without symptoms: `days_before_sample`
    before the first positive sample) and ends as `window_ends` says, at the latest `max_window_days` after
    onset or sample. `infectious_ct_below`: a sample with a Ct above it ends the window. 0 minutes: any stay.
    A place with more than `crowd_limit` people at once gets a notice instead of a list. Where seats are known,
    who sits at most `seat_rows` rows away is near, and nobody else (decision 0013). A stay without a check-out
    lasts `default_stay_minutes`. An F1 may infect from `secondary_from_days` after the first exposure; F2 are
    sought on places of the kinds in `secondary_settings` (empty: everywhere).
    """

    days_before_onset: int
    days_before_sample: int
    window_ends: WindowEnd
    infectious_ct_below: float | None = None
    max_window_days: int
    close_metres: float
    close_minutes_masked: int
    close_minutes_unmasked: int
    crowd_limit: int
    seat_rows: int
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
class QuarantinePolicy(RuleSet):
    """The quarantine table of a period and who counts as immune (see `immunity.is_immune`)."""

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
class TestingPolicy(RuleSet):
    """Pool sizes, turn-around, how long a negative is worth something, when an antigen result needs a PCR."""

    __test__ = False  # so that pytest does not take the name for a test class

    max_pool_at_collection: int
    max_pool_in_lab: int
    turnaround_hours: int
    pcr_validity_hours: int
    antigen_validity_hours: int
    confirm_antigen_by_pcr: bool
    infectious_ct_below: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointRow:
    """If `condition` holds (and the place is of a kind in `where`; empty: any place) the verdict is this, `unless` one
    of those conditions holds too."""

    condition: Condition
    verdict: Verdict
    reason: str
    where: tuple[PlaceKind, ...] = ()
    unless: tuple[Condition, ...] = ()
    verified: bool = False

    def applies(self, met: Collection[str], place_kind: str = "") -> bool:
        """Whether the condition is among those met; "none" always is."""
        here = not self.where or place_kind in self.where
        excepted = any(condition in met for condition in self.unless)
        return here and not excepted and (self.condition == "none" or self.condition in met)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointPolicy(RuleSet):
    """Rows walked top-down: the first that applies decides; the last one always applies.

    "under_order" holds while the order's days run, "order_end_unconfirmed" after them until somebody released.
    A declaration of symptoms counts for `symptoms_hours`, an uncleared contact for `contact_days` after the
    last contact. A scan of the same person, place and direction within `duplicate_minutes` is a duplicate;
    received more than `late_hours` after it happened it is late; if it happened more than `early_minutes`
    after it was received it is early (the device's clock runs ahead). "from_level_3" and "from_level_4" hold for who
    lives in an area of that signed epidemic level or a higher one, or was scanned in one in the last `area_days`.
    """

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
    area_days: int = 0

    def asks_for_area(self, place_kind: str) -> bool:
        """Whether the level of where somebody is from may matter at a place of this kind."""
        return any(
            row.condition in ("from_level_3", "from_level_4") and (not row.where or place_kind in row.where)
            for row in self.rows
        )

    def row_for(self, met: Collection[str], place_kind: str = "") -> CheckpointRow:
        """The deciding row, given the conditions that evidence meets."""
        return next(row for row in self.rows if row.applies(met, place_kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All rules in force on one day; a profile without a part (no vaccine yet, say) has None there."""

    tracing: TracingPolicy
    quarantine: QuarantinePolicy
    testing: TestingPolicy
    checkpoints: CheckpointPolicy
    signs: SignsPolicy
    alarms: AlarmPolicy
    vaccination: VaccinationPolicy | None = None
    riskmap: RiskPolicy | None = None
    feedback: FeedbackPolicy | None = None
    arrivals: ArrivalPolicy | None = None
