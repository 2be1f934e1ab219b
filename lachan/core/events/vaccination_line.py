"""What happens in the line of a vaccination site: received, screened, injected, observed."""

from dataclasses import dataclass
from uuid import UUID

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class VisitOpened(Event):
    """A person was received at the session under way at `place_id`; `number` is called out."""

    session_id: int
    number: int
    walk_in: bool


@dataclass(frozen=True, kw_only=True)
class VisitScreened(Event):
    """`outcome`: eligible, contraindicated, defer, hospital or careful."""

    session_id: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class DoseWithdrawn(Event):
    """The dose that the event `given_id` told of does not hold: written down by mistake, or corrected."""

    dose_id: int
    given_id: UUID


@dataclass(frozen=True, kw_only=True)
class ObservationEnded(Event):
    """The watch after an injection is over; not `well`: something was noticed."""

    dose_id: int
    well: bool


@dataclass(frozen=True, kw_only=True)
class VisitEnded(Event):
    """`ending`: done, sent_away or left."""

    session_id: int
    ending: str


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Event):
    """Every dose drawn at the session was given or written off; `given` people were vaccinated."""

    session_id: int
    given: int
