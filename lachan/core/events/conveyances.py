"""Vessels that bring people to a gate, and travellers brought on to a quarantine site. `place_id` is the vessel's, or
the site's."""

from dataclasses import dataclass
from datetime import date

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class ConveyanceRegistered(Event):
    conveyance_id: int
    gate: str
    arrives_on: date


@dataclass(frozen=True, kw_only=True)
class ManifestTaken(Event):
    """Of the rows of a passenger list `taken` are aboard, `refused` were not read."""

    conveyance_id: int
    manifest_id: int
    taken: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class ConveyanceLanded(Event):
    """Everybody known to be aboard was there until now: their presences are written."""

    conveyance_id: int
    gate: str
    aboard: int


@dataclass(frozen=True, kw_only=True)
class TransferListed(Event):
    """So many travellers are to be brought to a quarantine site."""

    transfer_id: int
    gate: str
    listed: int


@dataclass(frozen=True, kw_only=True)
class TransferHandedOver(Event):
    """So many travellers left a gate for a quarantine site, with the list that names them."""

    transfer_id: int
    gate: str
    listed: int


@dataclass(frozen=True, kw_only=True)
class TransferReceived(Event):
    """The site says who of them came; whoever did not is explained on the list."""

    transfer_id: int
    gate: str
    listed: int
    came: int
