"""What vaccination hears: of its own doses, to count who has had which."""

from collections.abc import Sequence
from datetime import datetime

from lachan.core import actors
from lachan.core.events import DoseGiven, DoseWithdrawn, PersonsMerged, PersonsSplit
from lachan.systems.vaccination import commands


def count_doses(events: Sequence[DoseGiven | DoseWithdrawn], at: datetime) -> None:
    """One handler for both, so that a dose is never taken back before it was counted."""
    commands.count_doses(events=events, at=at)


def follow_persons(events: Sequence[PersonsMerged | PersonsSplit], at: datetime) -> None:
    """One handler for both, so that records never part before they were joined."""
    commands.follow_roots(told=events, actor=actors.system(at=at), at=at)
