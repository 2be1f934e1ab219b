"""What every event says: whom, where, when, by whom and why."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from lachan.core.ids import uuid7

Outcome = Literal["positive", "negative", "indeterminate", "invalid"]
Assay = Literal["pcr", "antigen"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """The envelope. `happened_at` is when it was so; `recorded_at` is filled by the log when it learns of it."""

    happened_at: datetime
    person_id: int | None = None
    place_id: int | None = None
    caused_by: UUID | None = None
    ref: str = ""
    id: UUID = field(default_factory=uuid7)
    actor_id: int | None = None
    recorded_at: datetime | None = None
    version: ClassVar[int] = 1

    @property
    def kind(self) -> str:
        return type(self).__name__

    @property
    def about(self) -> int:
        """The person of the event; for kinds that always have one."""
        if self.person_id is None:
            raise TypeError(f"{self.kind} has no person")
        return self.person_id
