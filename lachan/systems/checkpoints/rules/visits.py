"""The visits of one person to one place, computed from the whole set of scans.

A pure function of the set: in whatever order scans arrive, however often a device sends them, the same visits come out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

Direction = Literal["in", "out"]

LONGEST = timedelta(hours=16)  # an exit later than this belongs to an entry that nobody scanned
SHORTEST = timedelta(seconds=1)  # periods are half-open and not empty


@dataclass(frozen=True, slots=True)
class Passage:
    """One scan of the person. `nonce` decides between scans of the same instant, whatever order they came in."""

    id: UUID
    direction: str
    at: datetime
    nonce: str

    @property
    def order(self) -> tuple[datetime, str, str]:
        return (self.at, self.direction, self.nonce)  # "in" sorts before "out"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a stay without an exit lasts, and within what time the same scan again says nothing new."""

    stay: timedelta
    duplicate: timedelta


@dataclass(frozen=True, slots=True)
class Visit:
    """[starts_at, ends_at), named by its entry; `exit_id` where somebody scanned the exit."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    exit_id: UUID | None = None


@dataclass(slots=True)
class Walk:
    """What the scans add up to: the visits, scans that say nothing new, exits without an entry."""

    visits: list[Visit] = field(default_factory=list)
    duplicates: set[UUID] = field(default_factory=set)
    no_entry: set[UUID] = field(default_factory=set)


def walk(passages: Iterable[Passage], limits: Callable[[datetime], Limits]) -> Walk:
    """Pair entries with exits, in the order in which they happened.

    An entry without an exit lasts `limits.stay`, or until the next entry; an exit within LONGEST ends the visit,
    earlier or later than that.
    """
    found, last, inside = Walk(), None, None
    for passage in sorted(passages, key=lambda p: p.order):
        if last and _repeats(passage, last, limits):
            found.duplicates.add(passage.id)
            continue
        if passage.direction == "in":
            _end(found, inside, limits, no_later=passage.at)
            inside = passage
        elif inside and passage.at - inside.at <= LONGEST:
            ends = max(passage.at, inside.at + SHORTEST)
            found.visits.append(Visit(inside.id, inside.at, ends, passage.id))
            inside = None
        else:
            _end(found, inside, limits)
            found.no_entry.add(passage.id)
            inside = None
        last = passage
    _end(found, inside, limits)
    return found


def _repeats(passage: Passage, last: Passage, limits: Callable[[datetime], Limits]) -> bool:
    return passage.direction == last.direction and passage.at - last.at <= limits(passage.at).duplicate


def _end(
    found: Walk, entry: Passage | None, limits: Callable[[datetime], Limits], no_later: datetime | None = None
) -> None:
    """Let a visit without an exit run out."""
    if entry is None:
        return
    ends = entry.at + limits(entry.at).stay
    if no_later is not None:
        ends = max(min(ends, no_later), entry.at + SHORTEST)
    found.visits.append(Visit(entry.id, entry.at, ends))
