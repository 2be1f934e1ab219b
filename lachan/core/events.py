"""Everything that can happen, in the past tense: the product's table of contents.

An event carries ids and small facts, never names and never free text. Its envelope says whom, where,
when and *why* (`caused_by`, the event that led to it), so that any order can be walked back to a swab.
Adding a kind: one frozen dataclass here, one line in `lachan/site/subscriptions.py`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from lachan.core.ids import uuid7

Outcome = Literal["positive", "negative", "indeterminate", "invalid"]
Assay = Literal["pcr", "antigen"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """The envelope. `happened_at` is when it was so; `recorded_at` is filled by the log when it learns of it."""

    happened_at: datetime
    person_id: int | None = None
    place_id: int | None = None
    caused_by: UUID | None = None
    ref: str = ""
    id: UUID = field(default_factory=uuid7)
    actor_id: int | None = None
    recorded_at: datetime | None = None
    version: ClassVar[int] = 1

    @property
    def kind(self) -> str:
        return type(self).__name__

    @property
    def about(self) -> int:
        """The person of the event; for kinds that always have one."""
        if self.person_id is None:
            raise TypeError(f"{self.kind} has no person")
        return self.person_id


# Persons


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class IdentityVerified(Event):
    identifier: str


@dataclass(frozen=True, kw_only=True)
class PersonCorrected(Event):
    """Fields that changed, by name; the values stay in the row."""

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PersonsMerged(Event):
    """`person_id` was kept; `merged_id` now stands for the same person."""

    merged_id: int


@dataclass(frozen=True, kw_only=True)
class PersonsSplit(Event):
    """A merge was undone: `split_id` is somebody else again."""

    split_id: int


# Checkpoints


@dataclass(frozen=True, kw_only=True)
class VenueRegistered(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class DeviceRegistered(Event):
    device_id: int


@dataclass(frozen=True, kw_only=True)
class DeviceRevoked(Event):
    device_id: int


@dataclass(frozen=True, kw_only=True)
class ScanMatched(Event):
    """Somebody said whose an unknown code was."""

    scan_id: str


@dataclass(frozen=True, kw_only=True)
class OrderBreached(Event):
    """A person under an order was scanned somewhere else than where the order says."""

    order_id: int
    scan_id: str


# Testing


@dataclass(frozen=True, kw_only=True)
class TestOrdered(Event):
    order_id: int
    reason: str
    assay: Assay
    due_on: date
    __test__: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class TestCancelled(Event):
    order_id: int
    reason: str
    __test__: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class SampleCollected(Event):
    tube: str
    pooled: bool


@dataclass(frozen=True, kw_only=True)
class SampleRejected(Event):
    tube: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SamplesSent(Event):
    batch_id: int
    tubes: int


@dataclass(frozen=True, kw_only=True)
class SamplesReceived(Event):
    batch_id: int
    tubes: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class TubesPooled(Event):
    pool: str
    tubes: int


@dataclass(frozen=True, kw_only=True)
class ResultEntered(Event):
    """Somebody read a result; it says nothing about anybody until a second person verified it."""

    result_id: int


@dataclass(frozen=True, kw_only=True)
class ResultReturned(Event):
    """The verifier sent it back: to be entered again."""

    result_id: int


@dataclass(frozen=True, kw_only=True)
class PoolPositive(Event):
    """Nobody's result: each member awaits confirmation by a test of their own."""

    tube: str
    result_id: int


@dataclass(frozen=True, kw_only=True)
class ResultReported(Event):
    """A result of one person, verified by a second one."""

    result_id: int
    outcome: Outcome
    assay: Assay
    collected_at: datetime
    ct: float | None = None


@dataclass(frozen=True, kw_only=True)
class ResultAmended(Event):
    """`result_id` replaces `amends_id`; both stay readable."""

    result_id: int
    amends_id: int
    outcome: Outcome
    previous_outcome: Outcome
    assay: Assay
    collected_at: datetime
    ct: float | None = None


@dataclass(frozen=True, kw_only=True)
class SymptomsDeclared(Event):
    """Symptom codes, by the person or by who monitors them."""

    symptoms: tuple[str, ...]
    onset_on: date | None = None


# Tracing


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


# Quarantine


@dataclass(frozen=True, kw_only=True)
class OrderIssued(Event):
    """`subject` F0, F1, F2 or arrival; days are local dates; the order ends when `ends_on` begins (half-open)."""

    order_id: int
    subject: str
    order_kind: Literal["facility", "home", "monitoring"]
    starts_on: date
    ends_on: date
    test_dates: tuple[date, ...]
    policy_id: str


@dataclass(frozen=True, kw_only=True)
class OrderChanged(Event):
    """The clock was restarted, or the level changed: the dates that hold from now on."""

    order_id: int
    subject: str
    order_kind: Literal["facility", "home", "monitoring"]
    ends_on: date
    test_dates: tuple[date, ...]
    policy_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderLifted(Event):
    """What had caused it no longer holds."""

    order_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PersonReleased(Event):
    order_id: int
    early: bool


@dataclass(frozen=True, kw_only=True)
class BedAssigned(Event):
    stay_id: int
    order_id: int


@dataclass(frozen=True, kw_only=True)
class BedVacated(Event):
    stay_id: int
    order_id: int


@dataclass(frozen=True, kw_only=True)
class RoomOpened(Event):
    """A room of a quarantine site was given (more) beds; `place_id` is the room."""

    beds: int


@dataclass(frozen=True, kw_only=True)
class SentToSite(Event):
    """The person of a facility order is to go to `place_id`."""

    order_id: int


@dataclass(frozen=True, kw_only=True)
class ReadingTaken(Event):
    order_id: int
    reading_id: int


@dataclass(frozen=True, kw_only=True)
class EarlyReleaseProposed(Event):
    """A first person proposes to let go before the evidence says so; a second one has to agree."""

    order_id: int
    decision_id: int


@dataclass(frozen=True, kw_only=True)
class EarlyReleaseRefused(Event):
    order_id: int
    decision_id: int


# Vaccination


@dataclass(frozen=True, kw_only=True)
class DoseGiven(Event):
    vaccine: str
    dose_number: int
    primary_doses: int


def _kinds(base: type[Event]) -> dict[str, type[Event]]:
    return {cls.__name__: cls for cls in base.__subclasses__()}


KINDS: dict[str, type[Event]] = _kinds(Event)
