"""What happens to cases and contacts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class CaseReported(Event):
    """A suspect or probable case: to be looked at, not yet a source of contacts."""

    case_id: int
    classification: Literal["suspect", "probable"]


@dataclass(frozen=True, kw_only=True)
class CaseConfirmed(Event):
    case_id: int
    infectious_from: datetime
    infectious_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(Event):
    case_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ContactFound(Event):
    """`level` 1 is F1, 2 is F2; `exposed_at` the end of the last exposure that counts."""

    contact_id: int
    level: int
    exposed_at: datetime
    source_id: int


@dataclass(frozen=True, kw_only=True)
class ContactChanged(Event):
    """Came nearer, went further or was exposed again."""

    contact_id: int
    level: int
    previous_level: int
    exposed_at: datetime
    source_id: int


@dataclass(frozen=True, kw_only=True)
class ContactCleared(Event):
    contact_id: int
    level: int
    reason: Literal[
        "case-withdrawn", "source-cleared", "became-case", "merged", "follow-up-ended", "no-exposure"
    ]


@dataclass(frozen=True, kw_only=True)
class FindingRecorded(Event):
    """An officer wrote down evidence about a case, or took some back (`finding` "voided")."""

    case_id: int
    finding: str


@dataclass(frozen=True, kw_only=True)
class ExposuresRecorded(Event):
    """A case named whom they met, or a list from elsewhere did."""

    people: int
    by: Literal["interview", "import"]


@dataclass(frozen=True, kw_only=True)
class ExposureWithdrawn(Event):
    """A statement was taken back: of `person_id` having met `source_id`."""

    exposure_id: int
    source_id: int


@dataclass(frozen=True, kw_only=True)
class ContactTaken(Event):
    """A tracer took the contact on; None: gave it back."""

    contact_id: int
    tracer_id: int | None


@dataclass(frozen=True, kw_only=True)
class ContactCalled(Event):
    contact_id: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class CrowdExposed(Event):
    """More people at once than the policy names one by one: a public notice and a call for self-report."""

    notice_id: int
    from_at: datetime
    until_at: datetime
    people: int


@dataclass(frozen=True, kw_only=True)
class HandOverSent(Event):
    handover_id: int
    from_area_id: int
    to_area_id: int


@dataclass(frozen=True, kw_only=True)
class HandOverAcknowledged(Event):
    handover_id: int


@dataclass(frozen=True, kw_only=True)
class HandOverDecided(Event):
    handover_id: int
    accepted: bool
