"""Where in a vessel a seat is: rows counted from the front, so that "two rows away" can be computed.

A layout is written as `1-3 AC-DG-HK; 10-36 ABC-DEG-HJK; !13`: cabins from front to back with their rows and the
letters of a row (a hyphen is an aisle), and rows that do not exist. `1-45/4`: seats that are only numbered, four to a
row. `10x 1-64/4`: ten coaches of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

COACH_STEP: Final = 100  # no neighbourhood of rows reaches from one coach into the next
MOST_ROWS: Final = 90
MOST_COACHES: Final = 40
LONGEST_LAYOUT: Final = 200
LONGEST_SEAT: Final = 6

KNOWN_LAYOUTS: Final = {
    "A320": "1-30 ABC-DEF; !13",
    "A321": "1-2 AC-DF; 3-36 ABC-DEF; !13",
    "A350": "1-8 A-DG-K; 15-42 ABC-DEG-HJK",
    "ATR72": "1-18 AC-DF; !13",
    "B767": "1-5 AB-DE-HJ; 10-38 AB-DEFG-HJ; !13",
    "B787": "1-7 A-DG-K; 15-40 ABC-DEG-HJK",
    "coach-45": "1-45/4",
    "sleeper-train-10": "10x 1-28/4",
    "seat-train-10": "10x 1-64/4",
}

_CABIN = re.compile(r"(\d{1,3})-(\d{1,3})(?: +([A-Z](?:-?[A-Z])*)|/([1-9]))")
_PLANE_SEAT = re.compile(r"(?:0*([1-9][0-9]{0,2}))([A-Z])|([A-Z])0*([1-9][0-9]{0,2})")
_COACH_SEAT = re.compile(r"(?:([1-9][0-9]?)[-/])?0*([1-9][0-9]{0,2})")


class BadSeat(ValueError):
    """`code`: layout-shape, layout-rows, seat-shape, seat-not-there, cabin-not-there."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Cabin:
    """Rows `first` to `last` as they are called. `blocks`: the letters between aisles; with `width`, `first` and
    `last` are seats, so many to a row."""

    first: int
    last: int
    blocks: tuple[str, ...] = ()
    width: int = 0

    @property
    def letters(self) -> str:
        return "".join(self.blocks)

    @property
    def names(self) -> range:
        """The rows' names; of numbered seats the first of each row."""
        return range(self.first, self.last + 1, self.width or 1)


@dataclass(frozen=True, slots=True)
class Spot:
    """A seat: its label as all write it, and its row counted from the front (None: nobody knows)."""

    label: str
    row: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the seat map: its name (of numbered seats ""), its index, its seats' labels between the aisles."""

    name: str
    index: int
    blocks: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Without cabins the layout is unknown: a label like 12A is believed, its row is that of the label."""

    cabins: tuple[Cabin, ...] = ()
    skipped: frozenset[int] = frozenset()
    coaches: int = 0

    @property
    def numbered(self) -> bool:
        return any(cabin.width for cabin in self.cabins)

    def row_names(self) -> list[tuple[Cabin, int]]:
        """The rows from the front; their index is their place in this list."""
        return [(cabin, n) for cabin in self.cabins for n in cabin.names if n not in self.skipped]

    def spot(self, label: str) -> Spot:
        """Where the seat is. Raises BadSeat: seat-shape, seat-not-there."""
        text = "".join(label.upper().split())
        return self._numbered_spot(text) if self.numbered else self._lettered_spot(text)

    def _lettered_spot(self, text: str) -> Spot:
        match = _PLANE_SEAT.fullmatch(text)
        if match is None:
            if self.cabins:
                raise BadSeat("seat-shape")
            return _unplaced(text)
        number, letter = int(match[1] or match[4]), match[2] or match[3]
        if not self.cabins:
            return Spot(f"{number}{letter}", number if number <= MOST_ROWS else None)
        for index, (cabin, name) in enumerate(self.row_names()):
            if name == number and letter in cabin.letters:
                return Spot(f"{number}{letter}", index)
        raise BadSeat("seat-not-there")

    def _numbered_spot(self, text: str) -> Spot:
        match = _COACH_SEAT.fullmatch(text)
        if match is None or (self.coaches > 0) != (match[1] is not None):
            raise BadSeat("seat-shape")
        coach, number = int(match[1] or 0), int(match[2])
        if coach > self.coaches:
            raise BadSeat("seat-not-there")
        for index, (cabin, first) in enumerate(self.row_names()):
            if first <= number <= min(first + cabin.width - 1, cabin.last):
                return Spot(f"{coach}-{number}" if coach else str(number), _in_coach(index, coach))
        raise BadSeat("seat-not-there")

    def crew_rows(self, cabin: int | None) -> tuple[int, int] | None:
        """First and last row that crew serve: of their cabin (of a train: coach), counted from 1, else of the whole
        vessel. None while the layout is unknown. Raises BadSeat: cabin-not-there."""
        if not self.cabins:
            return None
        last = len(self.row_names()) - 1
        if cabin is None:
            return 0, _in_coach(last, self.coaches)
        if not 1 <= cabin <= (self.coaches or len(self.cabins)):
            raise BadSeat("cabin-not-there")
        if self.coaches:
            return _in_coach(0, cabin), _in_coach(last, cabin)
        indexes = [i for i, (of, _name) in enumerate(self.row_names()) if of is self.cabins[cabin - 1]]
        return indexes[0], indexes[-1]

    def seat_map(self) -> Iterator[Row]:
        """Every row from front to back, coach after coach."""
        for coach in range(1, self.coaches + 1) if self.coaches else (0,):
            for index, (cabin, name) in enumerate(self.row_names()):
                yield _mapped(cabin, name, _in_coach(index, coach), coach)


def read_layout(text: str) -> Layout:
    """The layout as written, or one of `KNOWN_LAYOUTS` by its name; "" is the unknown one. Raises BadSeat:
    layout-shape, layout-rows."""
    written = KNOWN_LAYOUTS.get(text.strip(), text).upper().strip()
    if not written:
        return Layout()
    if len(written) > LONGEST_LAYOUT:
        raise BadSeat("layout-shape")
    coaches, written = _coaches(written)
    parts = [part.strip() for part in written.split(";")]
    skipped = frozenset(_skipped(part) for part in parts if part.startswith("!"))
    cabins = tuple(_cabin(part) for part in parts if part and not part.startswith("!"))
    layout = Layout(cabins, skipped, coaches)
    _check(layout)
    return layout


def rows_between(one: int, other: int) -> int:
    """0 for the same row, 1 for the row before or behind."""
    return abs(one - other)


def _in_coach(index: int, coach: int) -> int:
    return index + COACH_STEP * max(coach - 1, 0)


def _unplaced(text: str) -> Spot:
    if len(text) > LONGEST_SEAT or not text.isalnum():
        raise BadSeat("seat-shape")
    return Spot(text, None)


def _mapped(cabin: Cabin, name: int, index: int, coach: int) -> Row:
    if not cabin.width:
        blocks = tuple(tuple(f"{name}{letter}" for letter in block) for block in cabin.blocks)
        return Row(str(name), index, blocks)
    numbers = range(name, min(name + cabin.width - 1, cabin.last) + 1)
    labels = tuple(f"{coach}-{n}" if coach else str(n) for n in numbers)
    half = (cabin.width + 1) // 2
    return Row(str(coach or ""), index, (labels[:half], labels[half:]))


def _coaches(written: str) -> tuple[int, str]:
    match = re.match(r"([1-9][0-9]?)X ", written)
    if match is None:
        return 0, written
    return int(match[1]), written[match.end() :]


def _skipped(part: str) -> int:
    if not re.fullmatch(r"![0-9]{1,3}", part):
        raise BadSeat("layout-shape")
    return int(part[1:])


def _cabin(part: str) -> Cabin:
    match = _CABIN.fullmatch(part)
    if match is None:
        raise BadSeat("layout-shape")
    first, last = int(match[1]), int(match[2])
    if match[4]:
        return Cabin(first, last, width=int(match[4]))
    return Cabin(first, last, tuple(match[3].split("-")))


def _check(layout: Layout) -> None:
    """Rows ascend from cabin to cabin and are not too many; no letter stands twice; all cabins are of one sort."""
    ends = [edge for cabin in layout.cabins for edge in (cabin.first, cabin.last)]
    overlap = any(b.first <= a.last for a, b in zip(layout.cabins, layout.cabins[1:], strict=False))
    twice = any(len(set(cabin.letters)) != len(cabin.letters) for cabin in layout.cabins)
    mixed = len({bool(cabin.width) for cabin in layout.cabins}) != 1
    if not ends or ends != sorted(ends) or ends[0] < 1 or overlap or twice or mixed:
        raise BadSeat("layout-rows")
    empty = any(set(cabin.names) <= layout.skipped for cabin in layout.cabins)
    lettered_coaches = layout.coaches and not layout.numbered
    if empty or lettered_coaches or len(layout.row_names()) > MOST_ROWS or layout.coaches > MOST_COACHES:
        raise BadSeat("layout-rows")
