"""What happens at venues, posts and gates."""

from dataclasses import dataclass

from lachan.core.events.envelope import Event


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
