"""What the response centre hears: that somebody is to be called at once."""

from collections.abc import Sequence
from datetime import datetime

from lachan.core import actors
from lachan.core.events import ReactionReported, RecallNoticeGiven
from lachan.portals.response_centre import commands


def call_urgently(events: Sequence[ReactionReported], at: datetime) -> None:
    """Who told of an alarming reaction stands at the head of the queue of their province."""
    commands.call_urgently(events=events, actor=actors.system(at=at), at=at)


def call_recipients(events: Sequence[RecallNoticeGiven], at: datetime) -> None:
    """Who had a recalled lot and has no number waits in the queue of their province."""
    commands.call_recipients(events=events, actor=actors.system(at=at), at=at)
