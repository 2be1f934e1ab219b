"""The seats of a vessel as a table to look at: who is there, and who sits near somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lachan.systems.arrivals.models import Conveyance, Passenger
from lachan.systems.arrivals.rules.seats import Row


@dataclass(frozen=True, slots=True)
class Seat:
    """`state`: empty, taken, near or chosen."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class SeatRow:
    """`near`: within reach of the chosen seat, whether somebody sits there or not."""

    name: str
    blocks: list[list[Seat]]


def seat_map(
    conveyance: Conveyance, aboard: Iterable[Passenger], chosen: Passenger | None, near: Iterable[Passenger]
) -> list[SeatRow]:
    """Front to back; nothing while the layout is not known."""
    states = {p.seat: "taken" for p in aboard if p.seat} | {p.seat: "near" for p in near if p.seat}
    if chosen:
        states[chosen.seat] = "chosen"
    return [_row(row, states) for row in conveyance.seats.seat_map()]


def _row(row: Row, states: dict[str, str]) -> SeatRow:
    blocks = [[Seat(label, states.get(label, "empty")) for label in block] for block in row.blocks]
    return SeatRow(row.name, blocks)
