"""Outlines of the 63 provinces of 2021, alone or joined into larger ones, as SVG paths."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lachan.platform.maps.plane import Box, Point, bounds

FILE = Path(__file__).parent / "provinces.json"
Ring = list[Point]


@cache
def _content() -> Mapping[str, Any]:
    content: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return content


@cache
def _arc(number: int) -> tuple[Point, ...]:
    """An arc by its number; one that is negative (`~n`) runs backwards."""
    numbers = _content()["arcs"][number if number >= 0 else ~number]
    points = tuple(zip(numbers[::2], numbers[1::2], strict=True))
    return points if number >= 0 else points[::-1]


def known() -> frozenset[str]:
    """Codes of the provinces that have an outline."""
    return frozenset(_content()["rings"])


def rings(codes: Iterable[str]) -> list[Ring]:
    """Rings around these provinces together: what lies between two of them is left out."""
    directed = [arc for code in codes for ring in _content()["rings"].get(code, ()) for arc in ring]
    among = set(directed)
    return _joined([arc for arc in directed if ~arc not in among])


def _joined(arcs: Sequence[int]) -> list[Ring]:
    """Chain arcs, each from where another ends, into closed rings."""
    starting: dict[Point, list[int]] = {}
    for arc in arcs:
        starting.setdefault(_arc(arc)[0], []).append(arc)
    found: list[Ring] = []
    while starting:
        begin = next(iter(starting))
        ring, at = [begin], begin
        while at in starting:
            points = _arc(_taken(starting, at))
            ring += points[1:]
            at = points[-1]
        found.append(ring[:-1] if ring[0] == ring[-1] else ring)
    return found


def _taken(starting: dict[Point, list[int]], at: Point) -> int:
    arc = starting[at].pop()
    if not starting[at]:
        del starting[at]
    return arc


def path(shape: Iterable[Sequence[Point]]) -> str:
    """The `d` of an SVG path, in whole units, as steps: the shortest way to write it."""
    return "".join(_ring_path(ring) for ring in shape if len(ring) > 2)


def _ring_path(ring: Sequence[Point]) -> str:
    (x, y), *rest = [(round(east), round(south)) for east, south in ring]
    steps = [f"M{x} {y}l"]
    for east, south in rest:
        if (east, south) != (x, y):
            steps.append(f"{_number(east - x)}{_number(south - y)}")
            x, y = east, south
    return steps[0] + "".join(steps[1:]).strip() + "z"


def _number(step: int) -> str:
    return str(step) if step < 0 else f" {step}"


@cache
def outline(codes: tuple[str, ...]) -> str:
    """The path around these provinces together; empty for those without an outline."""
    return path(rings(codes))


@cache
def box(codes: tuple[str, ...]) -> Box | None:
    """The box around these provinces."""
    points = [point for ring in rings(codes) for point in ring]
    return bounds(points) if points else None
