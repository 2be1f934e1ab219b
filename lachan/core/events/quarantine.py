"""What happens to orders, beds and releases."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from lachan.core.events.envelope import Event


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
    """`subject` of the order that ended; self-monitoring is asked for until `monitor_until` begins (None: not)."""

    order_id: int
    early: bool
    subject: str = ""
    monitor_until: date | None = None


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
