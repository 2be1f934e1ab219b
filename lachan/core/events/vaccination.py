"""What happens to doses."""

from dataclasses import dataclass

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class DoseGiven(Event):
    """`dose_number` counts all doses of the person (3 of 2 is one after a course of two); `given_as`: primary,
    additional or booster. `source`: line, or where it was written down before."""

    vaccine: str
    dose_number: int
    primary_doses: int
    given_as: str = "primary"
    lot: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class LotReceived(Event):
    """Doses of a lot came from a maker or donor to the store `place_id`."""

    lot_id: int
    product: str
    doses: int


@dataclass(frozen=True, kw_only=True)
class StockSent(Event):
    """Doses left the store `place_id` for `to_place_id`; until received they are in transit."""

    transfer_id: int
    lot_id: int
    doses: int
    to_place_id: int


@dataclass(frozen=True, kw_only=True)
class StockReceived(Event):
    """`counted` of the `sent` doses were there on arrival."""

    transfer_id: int
    lot_id: int
    sent: int
    counted: int


@dataclass(frozen=True, kw_only=True)
class VialOpened(Event):
    vial_id: int
    lot_id: int
    doses: int


@dataclass(frozen=True, kw_only=True)
class DoseTakenBack(Event):
    """A dose was written down as of a vial from which it did not come."""

    vial_id: int
    lot_id: int


@dataclass(frozen=True, kw_only=True)
class DosesWasted(Event):
    lot_id: int
    doses: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class StockCounted(Event):
    """A count of closed vials found `difference` more (or fewer) doses than were written down."""

    lot_id: int
    difference: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class LotHeld(Event):
    """Nothing of the lot may be issued, opened or given until it is released."""

    lot_id: int
    product: str


@dataclass(frozen=True, kw_only=True)
class LotReleased(Event):
    lot_id: int


@dataclass(frozen=True, kw_only=True)
class LotRecalled(Event):
    """A second person turned the hold into a recall; `given` doses of it are in people."""

    lot_id: int
    product: str
    number: str
    given: int


@dataclass(frozen=True, kw_only=True)
class RecallRoundOpened(Event):
    """Everybody who has had a recalled lot is to be told."""

    lot_id: int
    product: str
    number: str


@dataclass(frozen=True, kw_only=True)
class RecallNoticeGiven(Event):
    """A person who has had a recalled lot is to know of it: by a text, or by a call where no number is known."""

    lot_id: int
    product: str
    number: str
    way: str
