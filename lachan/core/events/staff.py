"""What happens to accounts and postings. No event names anybody: members are rows of actors."""

from dataclasses import dataclass

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class StaffEnrolled(Event):
    member_id: int


@dataclass(frozen=True, kw_only=True)
class AccountClosed(Event):
    member_id: int


@dataclass(frozen=True, kw_only=True)
class PostingAsked(Event):
    """A posting that takes two was asked for by the first."""

    request_id: int
    member_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class PostingGiven(Event):
    posting_id: int
    member_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class PostingRefused(Event):
    """The second administrator did not agree."""

    request_id: int


@dataclass(frozen=True, kw_only=True)
class PostingEnded(Event):
    posting_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True)
class PasswordLinkMade(Event):
    """Somebody was handed the way to a password of their own."""

    member_id: int


@dataclass(frozen=True, kw_only=True)
class PasswordSet(Event):
    member_id: int


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    """The actor of the event signed in."""


@dataclass(frozen=True, kw_only=True)
class SignInRefused(Event):
    """A password was wrong, or the limit reached. Whether anybody has the name typed is not told."""

    reason: str
