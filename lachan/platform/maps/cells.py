"""Cells around points: to each point what is nearer to it than to any other (Voronoi), within a box.

They stand in for boundaries where none were imported, and are said to be approximations.
"""

from __future__ import annotations

from collections.abc import Sequence

from lachan.platform.maps.plane import Box, Point

Cell = list[Point]


def cells(points: Sequence[Point], box: Box) -> list[Cell]:
    """One convex cell a point, in order; the second of two points at the same spot gets an empty one."""
    return [_cell(n, points, box) for n in range(len(points))]


def _cell(number: int, points: Sequence[Point], box: Box) -> Cell:
    own = points[number]
    left, top, right, bottom = box
    cell = [(left, top), (right, top), (right, bottom), (left, bottom)]
    others = sorted(
        ((_square(own, other), n) for n, other in enumerate(points) if n != number),
        key=lambda found: found[0],
    )
    reach = _reach(own, cell)
    for distance, n in others:
        if distance > 4 * reach:
            break
        if distance == 0:
            if n < number:
                return []
            continue
        cell = _nearer(cell, own, points[n])
        reach = _reach(own, cell)
    return cell


def _square(one: Point, other: Point) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _reach(own: Point, cell: Cell) -> float:
    """The square of how far the cell goes: points twice as far away cut nothing off it."""
    return max((_square(own, corner) for corner in cell), default=0.0)


def _nearer(cell: Cell, own: Point, other: Point) -> Cell:
    """The part of a convex cell on our side of the line half-way to the other point (Sutherland and Hodgman)."""
    nx, ny = other[0] - own[0], other[1] - own[1]
    limit = (nx * (own[0] + other[0]) + ny * (own[1] + other[1])) / 2
    found: Cell = []
    for start, end in zip(cell, cell[1:] + cell[:1], strict=True):
        here, there = nx * start[0] + ny * start[1] - limit, nx * end[0] + ny * end[1] - limit
        if here <= 0:
            found.append(start)
        if (here < 0 < there) or (there < 0 < here):
            along = here / (here - there)
            found.append((start[0] + along * (end[0] - start[0]), start[1] + along * (end[1] - start[1])))
    return found
