"""Daily numbers of places that send only numbers."""

from dataclasses import dataclass

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class DailyCountsReceived(Event):
    """A file of daily counts was taken: `received` = `taken` + `held` + `refused` rows."""

    upload_id: int
    received: int
    taken: int
    held: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class HeldCountReleased(Event):
    """A person let a count that was held back stand."""

    count_id: int


@dataclass(frozen=True, kw_only=True)
class HeldCountRejected(Event):
    """A person rejected a count that was held back."""

    count_id: int
