"""What happens to people who enter the country. Documents, addresses and certificates stand in no event."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class ArrivalDeclared(Event):
    """Before the journey, or at the counter; `amends_id` is the declaration that this one replaces."""

    arrival_id: int
    gate: str
    arrives_on: date
    amends_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ArrivalCleared(Event):
    """An officer at the gate decided; `place_id` is the gate. `test_by`: the day until which a test is due.
    `replaces_id`: the decision that this one corrects."""

    clearance_id: int
    gate: str
    duty: Literal["none", "test", "home", "facility"]
    reasons: tuple[str, ...]
    rule_id: str
    test_by: date | None = None
    replaces_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class DutyImposed(Event):
    """A traveller is to stay apart for `days` from `arrived_on`, with tests on `test_dates` of which the last
    `negatives_needed` must be negative, and to watch their health for `after_days` more. `home_allowed`: a facility
    order may be served in a fit home. `area_id`: where in the country they go."""

    clearance_id: int
    gate: str
    duty: Literal["home", "facility"]
    arrived_on: date
    days: int
    test_dates: tuple[date, ...]
    negatives_needed: int
    home_allowed: bool
    after_days: int
    immune: bool
    rule_id: str
    area_id: int


@dataclass(frozen=True, kw_only=True)
class DutyWithdrawn(Event):
    """A corrected decision asks for no staying apart any more."""

    clearance_id: int
    gate: str
