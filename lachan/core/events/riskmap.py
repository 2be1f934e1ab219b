"""What happens to the epidemic levels of areas."""

from dataclasses import dataclass
from datetime import date

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class RiskInputsRecorded(Event):
    """So many figures of areas were written down for the week that begins on `week_on`."""

    week_on: date
    inputs: int


@dataclass(frozen=True, kw_only=True)
class RiskLevelsProposed(Event):
    """The rules gave `changed` areas within `area_code` a level, or another than before."""

    area_code: str
    week_on: date
    changed: int


@dataclass(frozen=True, kw_only=True)
class RiskLevelSigned(Event):
    """The area has `risk_level` 1 to 4 from `from_on` until (not including) `to_on`, by the rules `rule`; `overridden`:
    another than the rules proposed."""

    signature_id: int
    area_id: int
    area_code: str
    risk_level: int
    from_on: date
    to_on: date
    rule: str
    overridden: bool


@dataclass(frozen=True, kw_only=True)
class RiskLevelWithdrawn(Event):
    """A signature that stands no more."""

    signature_id: int
    area_id: int
    area_code: str
    risk_level: int
    from_on: date
    to_on: date


@dataclass(frozen=True, kw_only=True)
class BoundariesImported(Event):
    """Outlines of so many areas were taken from a file."""

    areas: int
