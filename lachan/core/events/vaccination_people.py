"""What happens to people before the line: they register, are approved, are invited to sessions."""

from dataclasses import dataclass
from datetime import datetime

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class RegisteredForVaccination(Event):
    """`group` is a code of the policy's priority groups; `source`: citizen, commune or organisation."""

    registration_id: int
    group: str
    source: str


@dataclass(frozen=True, kw_only=True)
class RegistrationApproved(Event):
    """Allocated to the health centre of this area, which invites; again when it is allocated anew."""

    registration_id: int
    area_id: int


@dataclass(frozen=True, kw_only=True)
class RegistrationRejected(Event):
    registration_id: int


@dataclass(frozen=True, kw_only=True)
class RegistrationWithdrawn(Event):
    registration_id: int


@dataclass(frozen=True, kw_only=True)
class RegistrationJoined(Event):
    """Two records of the person were joined: this registration goes on as `joined_to`."""

    registration_id: int
    joined_to: int


@dataclass(frozen=True, kw_only=True)
class RegistrationReopened(Event):
    """The records parted again, and this registration counts by itself."""

    registration_id: int


@dataclass(frozen=True, kw_only=True)
class RegistrationListTaken(Event):
    """A list of an organisation was read to its end: taken + refused = read."""

    list_id: int
    taken: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class SessionPlanned(Event):
    session_id: int
    product: str
    places: int


@dataclass(frozen=True, kw_only=True)
class SessionCancelled(Event):
    """Nobody is vaccinated there; `invited` people go back into the queue."""

    session_id: int
    invited: int


@dataclass(frozen=True, kw_only=True)
class InvitedToSession(Event):
    """The person has a place in the session at `place_id`, from `slot_at`."""

    session_id: int
    invitation_id: int
    product: str
    slot_at: datetime


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(Event):
    session_id: int
    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class InvitationDeclined(Event):
    """The person cannot come; the place is free again."""

    session_id: int
    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class InvitationCancelled(Event):
    """`reason`: session-cancelled, withdrawn."""

    session_id: int
    invitation_id: int
    slot_at: datetime
    reason: str
