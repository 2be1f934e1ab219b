"""What happens in the national centre."""

from dataclasses import dataclass
from datetime import date

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class CountersDiffered(Event):
    """Counted again, so many figures were not what the events say; they were set right."""

    recount_id: int
    differences: int
    from_on: date
    to_on: date


@dataclass(frozen=True, kw_only=True)
class SituationReported(Event):
    """The situation of an area was printed, to be read again as it was."""

    report_id: int
    area_id: int
    language: str
