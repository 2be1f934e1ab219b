"""What the situation hears: whatever is counted."""

from collections.abc import Sequence
from datetime import datetime

from lachan.centre.situation import commands
from lachan.core.events import Event


def count(events: Sequence[Event], at: datetime) -> None:
    """One handler for all kinds, so that a batch is one round of statements and counters are locked once."""
    commands.count_events(events=events, at=at)
