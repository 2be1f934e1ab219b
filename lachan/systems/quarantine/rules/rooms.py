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
    """A room for each of `waiting` (by order id; who waits longest comes first) that finds one. Mutates `rooms`.

    Households first, the largest before the smaller, each into the smallest room that takes all of it; then
    strangers of one cohort and sex, who fill up rooms that are begun, then rooms that they fill; what is left
    opens the rooms that remain.
    """
    placed: dict[int, int] = {}
    families, strangers = _groups(waiting)
    for family in families:
        _place(family, waiting, rooms, placed, together=True)
    for wasting in (False, True):
        for group in strangers:
            rest = [order for order in group if order not in placed]
            _place(rest, waiting, rooms, placed, wasting=wasting)
    return placed


def _place(
    group: Sequence[int],
    waiting: Mapping[int, Guest],
    rooms: Sequence[Room],
    placed: dict[int, int],
    *,
    together: bool = False,
    wasting: bool = True,
) -> None:
    for position, order in enumerate(group):
        guest, left = waiting[order], len(group) - position
        taking = [
            r
            for r in rooms
            if r.free and (wasting or r.there or r.free <= left) and refusal_to_share(r.there, guest) is None
        ]
        if taking:
            room = min(taking, key=lambda r: _rank(r, left, together=together))
            room.free -= 1
            room.there.append(guest)
            placed[order] = room.id  # fmt: skip


def _rank(room: Room, left: int, *, together: bool) -> tuple[bool, bool, int, int]:
    """The lowest takes the next guest of a group of which `left` have no bed yet."""
    waste = room.free - left
    size = waste if waste >= 0 else -room.free
    return (together and waste < 0, not room.there, size, room.id)


def _groups(waiting: Mapping[int, Guest]) -> tuple[list[list[int]], list[list[int]]]:
    """Households of more than one, and strangers by cohort and sex; the largest first."""
    households: dict[object, list[int]] = defaultdict(list)
    for order, guest in waiting.items():
        if guest.household is not None:
            households[guest.household, guest.infected].append(order)
    families = [orders for orders in households.values() if len(orders) > 1]
    together = {order for family in families for order in family}
    alone: dict[object, list[int]] = defaultdict(list)
    for order, guest in waiting.items():
        if order not in together:
            alone[guest.infected, None if guest.infected else guest.exposed_on, guest.sex].append(order)
    return sorted(families, key=len, reverse=True), sorted(alone.values(), key=len, reverse=True)
