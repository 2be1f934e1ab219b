"""What happens to doses."""

from dataclasses import dataclass

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class DoseGiven(Event):
    vaccine: str
    dose_number: int
    primary_doses: int
