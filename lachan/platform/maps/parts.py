"""The parts of one province or district on a map: by imported boundaries, else by cells around their coordinates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from lachan.core.models import Area
from lachan.platform.maps import outlines
from lachan.platform.maps.cells import cells
from lachan.platform.maps.drawing import NOTHING, Drawing, Inset, Shade, Shape
from lachan.platform.maps.plane import Box, Degrees, Point, bounds, project

FINE = 10  # parts are drawn in tenths of the plane's units
EDGE = 0.04
FAR = 50.0  # units outside the province: islands at sea
FILLS = 0.35
NO_SHADE = Shade(NOTHING)
Rings = Sequence[Sequence[Point]]


def parts_map(
    parts: Sequence[Area], shades: Mapping[str, Shade], *, within: tuple[str, ...] = (),
    boundaries: Mapping[int, Rings] | None = None,
) -> Drawing:  # fmt: skip
    """`boundaries`: rings in degrees by id of the area, used where every part on the mainland has one; else cells.

    Those of a whole province are cut off at the outline of the provinces `within` (codes of 2021), which is too coarse
    for a district. Islands far out stand in boxes.
    """
    placed = [p for p in parts if p.lat is not None and p.lon is not None]
    whole = outlines.box(within)
    near = [p for p in placed if whole is None or _is_near(_point(p), whole)]
    far = [p for p in placed if p not in near]
    if not near:
        return Drawing([], "0 0 1 1")
    if boundaries and all(p.pk in boundaries for p in near):
        return _bounded(near, far, shades, boundaries)
    points = tuple(_point(p) for p in near)
    frame = _frame(points, whole)
    shapes = [
        Shape(p.code, path, shades.get(p.code, NO_SHADE))
        for p, path in zip(near, _cell_paths(points, frame), strict=True)
        if path
    ]
    insets, view = _insets(far, shades, frame), _view(frame)
    clip = outlines.outline(within) if whole is not None and _surface(frame) >= _surface(whole) else ""
    return Drawing(shapes, view, insets, clip=clip, scale=FINE, approximate=True)


def _point(part: Area) -> Point:
    return project(Degrees(lon=part.lon or 0.0, lat=part.lat or 0.0))


def _is_near(point: Point, box: Box) -> bool:
    left, top, right, bottom = box
    return left - FAR < point[0] < right + FAR and top - FAR < point[1] < bottom + FAR


def _frame(points: Sequence[Point], whole: Box | None) -> Box:
    """The parts of a province fill its box, those of a smaller unit a box of their own."""
    left, top, right, bottom = bounds(points)
    spread = max(right - left, bottom - top, 4.0) * 0.12
    own = (left - spread, top - spread, right + spread, bottom + spread)
    if whole is None or _surface(own) < FILLS * _surface(whole):
        return own
    return min(own[0], whole[0]), min(own[1], whole[1]), max(own[2], whole[2]), max(own[3], whole[3])


def _surface(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


@lru_cache(maxsize=64)
def _cell_paths(points: tuple[Point, ...], frame: Box) -> tuple[str, ...]:
    return tuple(_path([cell]) for cell in cells(points, frame))


def _path(rings: Rings) -> str:
    return outlines.path([[(x * FINE, y * FINE) for x, y in ring] for ring in rings])


def _bounded(
    near: Sequence[Area], far: Sequence[Area], shades: Mapping[str, Shade], boundaries: Mapping[int, Rings]
) -> Drawing:
    planes = {
        p.pk: [[project(Degrees(lon=lon, lat=lat)) for lon, lat in ring] for ring in boundaries[p.pk]]
        for p in near
    }
    frame = bounds(point for rings in planes.values() for ring in rings for point in ring)
    shapes = [Shape(p.code, _path(planes[p.pk]), shades.get(p.code, NO_SHADE)) for p in near]
    return Drawing(shapes, _view(frame), _insets(far, shades, frame), scale=FINE)


def _view(frame: Box) -> str:
    left, top, right, bottom = (side * FINE for side in frame)
    edge = max(right - left, bottom - top) * EDGE
    return f"{left - edge:.0f} {top - edge:.0f} {right - left + 2 * edge:.0f} {bottom - top + 2 * edge:.0f}"


def _insets(far: Sequence[Area], shades: Mapping[str, Shade], frame: Box) -> list[Inset]:
    """Boxes in the corner of the frame, one above the other."""
    left, top, right, bottom = (side * FINE for side in frame)
    size = max(right - left, bottom - top) / 100
    side = 10 * size
    return [
        Inset(
            part.name, shades.get(part.code, NO_SHADE), round(right - 2 * side), round(bottom - (n + 1) * 1.7 * side),
            round(2 * side), round(side), [(round(right - side), round(bottom - (n + 1) * 1.7 * side + side / 2))],
            round(size, 1),
        )
        for n, part in enumerate(far)
    ]  # fmt: skip
