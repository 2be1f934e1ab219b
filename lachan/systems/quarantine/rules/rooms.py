"""Who may share a room: one sex unless one household; cases apart from contacts; contacts of one day only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

RoomRefusal = Literal["room-sex", "room-cohort"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """`household` is a place id; None where not known."""

    subject: str
    exposed_on: date
    sex: str
    household: int | None = None

    @property
    def infected(self) -> bool:
        return self.subject == "F0"


def company_of(guest: Guest) -> str:
    """The label of a room that this guest is the first to enter. Later guests take the label over, so that the
    database refuses two labels in one room at one time."""
    cohort = "F0" if guest.infected else guest.exposed_on.isoformat()
    return f"{cohort} {guest.sex or '?'} {guest.household or '-'}"


def refusal_to_share(there: Sequence[Guest], guest: Guest) -> RoomRefusal | None:
    """Why `guest` may not join those in the room; None if they may.

    One household stays together whatever the days of its contacts, but never cases with contacts.
    """
    if not there:
        return None
    if any(other.infected != guest.infected for other in there):
        return "room-cohort"
    if guest.household is not None and all(other.household == guest.household for other in there):
        return None
    if not guest.infected and any(other.exposed_on != guest.exposed_on for other in there):
        return "room-cohort"
    if guest.sex not in ("m", "f") or any(other.sex != guest.sex for other in there):
        return "room-sex"
    return None


@dataclass(slots=True)
class Room:
    """`there` grows as guests are placed."""

    id: int
    free: int
    there: list[Guest]


def fit(waiting: Mapping[int, Guest], rooms: Sequence[Room]) -> dict[int, int]:
    """A room for each of `waiting` (by order id) that finds one; best fit: the fullest room that takes the whole group.

    Households first, the largest before the smaller, then strangers of one cohort and sex. Mutates `rooms`.
    """
    placed: dict[int, int] = {}
    for group in _groups(waiting):
        for position, order in enumerate(group):
            guest, left = waiting[order], len(group) - position
            taking = [r for r in rooms if r.free and refusal_to_share(r.there, guest) is None]
            if not taking:
                continue
            room = min(
                taking,
                key=lambda r: (r.free < left, not r.there, r.free if r.free >= left else -r.free, r.id),
            )
            room.free -= 1
            room.there.append(guest)
            placed[order] = room.id
    return placed


def _groups(waiting: Mapping[int, Guest]) -> list[list[int]]:
    by_household: dict[object, list[int]] = defaultdict(list)
    for order, guest in waiting.items():
        if guest.household is not None:
            by_household[guest.household, guest.infected].append(order)
    families = [sorted(orders) for orders in by_household.values() if len(orders) > 1]
    together = {order for family in families for order in family}
    alone: dict[object, list[int]] = defaultdict(list)
    for order, guest in sorted(waiting.items()):
        if order not in together:
            alone[guest.infected, None if guest.infected else guest.exposed_on, guest.sex].append(order)
    return sorted(families, key=lambda f: (-len(f), f)) + sorted(alone.values(), key=lambda g: (-len(g), g))
