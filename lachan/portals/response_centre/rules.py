"""The order of calls back, and when to try again: pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

TRY_AGAIN_AFTER: Final = timedelta(minutes=15)
MOST_TRIES: Final = 5

State = Literal["waiting", "resting", "in-hand", "over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Somebody who wants to be called: since when, how urgent, and when it was tried without an answer."""

    number: int
    urgent: bool
    asked_at: datetime
    tried_at: tuple[datetime, ...] = ()
    in_hand: bool = False
    over: bool = False


def state(one: Waiting, *, at: datetime) -> State:
    """After a try without an answer the wish rests for a while, but loses nothing of its place."""
    if one.over or len(one.tried_at) >= MOST_TRIES:
        return "over"
    if one.in_hand:
        return "in-hand"
    if one.tried_at and at < max(one.tried_at) + TRY_AGAIN_AFTER:
        return "resting"
    return "waiting"


def in_order(queue: Iterable[Waiting], *, at: datetime) -> list[Waiting]:
    """Who is to be called now, the first first: urgent ones, then by the moment at which each was asked for."""
    now = [one for one in queue if state(one, at=at) == "waiting"]
    return sorted(now, key=lambda one: (not one.urgent, one.asked_at, one.number))
