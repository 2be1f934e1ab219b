"""The plane on which maps are drawn: 100 units a degree of latitude, east and south, from the north-west corner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom

UNITS: Final = 100.0
WEST, NORTH = 102.0, 23.5
SHRINK: Final = cos(radians(16.0))  # a degree of longitude, at the middle of the country


@dataclass(frozen=True, slots=True)
class Degrees:
    """A place by degrees (WGS 84)."""

    lon: float
    lat: float


def project(where: Degrees) -> Point:
    return (where.lon - WEST) * SHRINK * UNITS, (NORTH - where.lat) * UNITS


def bounds(points: Iterable[Point]) -> Box:
    """The smallest box around points, of which there is at least one."""
    east, south = zip(*points, strict=True)
    return min(east), min(south), max(east), max(south)


def thinned(line: Sequence[Point], tolerance: float) -> list[Point]:
    """Fewer points, none of those left out farther than `tolerance` away (Douglas and Peucker, 1973). Ends stay."""
    kept, open_parts = {0, len(line) - 1}, [(0, len(line) - 1)]
    while open_parts:  # by hand and not by recursion: a coast may have a hundred thousand points
        first, last = open_parts.pop()
        if last - first < 2:
            continue
        farthest = max(range(first + 1, last), key=lambda n: _off(line[n], line[first], line[last]))
        if _off(line[farthest], line[first], line[last]) > tolerance:
            kept.add(farthest)
            open_parts += [(first, farthest), (farthest, last)]
    return [line[n] for n in sorted(kept)] if line else []


def _off(point: Point, start: Point, end: Point) -> float:
    """Distance of a point from a stretch; where both ends are one, from that end."""
    (x, y), (ax, ay), (bx, by) = point, start, end
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = 0.0 if not length else max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / length))
    return float(((x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2) ** 0.5)
