"""A line of work on somebody's desk. Systems say what waits; the site sorts it and shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class DeskItem:
    """`count` things of one sort wait behind `url`. `urgency` 0 (calm) to 100 (hurts most if left)."""

    label: Any
    count: int
    url: str
    urgency: int
    oldest_at: datetime | None = None
