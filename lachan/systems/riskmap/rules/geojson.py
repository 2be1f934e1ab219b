"""Outlines from a GeoJSON file (RFC 7946): the shapes of features, each with the code of its unit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Ring = list[tuple[float, float]]
CODES: Final = ("code", "ma", "ma_xa", "maxa", "ward_code", "gso_code", "district_code", "province_code")
LEAST_CORNERS = 4  # the last is the first again
MOST_BYTES = 200_000_000


class NotGeoJson(ValueError):
    """The file as a whole cannot be read: too-large, encoding, json, collection."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its number in the file (the first is 1), the code of its unit, its rings; or why it has none.

    `problem`: code (no such property), geometry (no polygon), ring (no closed ring), position (no place on earth).
    """

    number: int
    code: str
    rings: Sequence[Ring] = ()
    problem: str = ""


def features(body: bytes, *, code_field: str = "") -> Iterator[Feature]:
    """Every feature of the file. `code_field`: the property with the code, else the usual names are tried. Raises
    NotGeoJson."""
    for number, each in enumerate(_collection(body), start=1):
        yield _feature(number, each, code_field)


def _collection(body: bytes) -> Sequence[Any]:
    if len(body) > MOST_BYTES:
        raise NotGeoJson("too-large")
    try:
        content = json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NotGeoJson("encoding") from error
    except (ValueError, RecursionError) as error:
        raise NotGeoJson("json") from error
    found = content.get("features") if isinstance(content, dict) else None
    if not isinstance(found, list) or content.get("type") != "FeatureCollection":
        raise NotGeoJson("collection")
    return found


def _feature(number: int, each: Any, code_field: str) -> Feature:
    properties = each.get("properties") if isinstance(each, dict) else None
    code = _code(properties if isinstance(properties, dict) else {}, code_field)
    if not code:
        return Feature(number, "", problem="code")
    geometry = each.get("geometry")
    polygons = _polygons(geometry if isinstance(geometry, dict) else {})
    if not polygons:
        return Feature(number, code, problem="geometry")
    rings = [_ring(ring) for polygon in polygons for ring in polygon]
    if any(ring is None for ring in rings):
        return Feature(number, code, problem="ring")
    whole = [ring for ring in rings if ring is not None]
    if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for ring in whole for lon, lat in ring):
        return Feature(number, code, problem="position")
    return Feature(number, code, whole)


def _code(properties: Mapping[str, Any], code_field: str) -> str:
    by_name = {str(name).lower(): value for name, value in properties.items()}
    names = (code_field.lower(),) if code_field else CODES
    found = next((by_name[name] for name in names if by_name.get(name) not in (None, "")), "")
    return str(found).strip()[:16] if isinstance(found, str | int) else ""


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    shapes = geometry.get("coordinates")
    if not isinstance(shapes, list):
        return []
    polygons = {"Polygon": [shapes], "MultiPolygon": shapes}.get(str(geometry.get("type")), [])
    return polygons if all(isinstance(polygon, list) and polygon for polygon in polygons) else []


def _ring(ring: Any) -> Ring | None:
    """None unless it is a closed line of pairs of numbers; a third number, the height, is left out."""
    if not isinstance(ring, list) or len(ring) < LEAST_CORNERS:
        return None
    points = [tuple(point[:2]) for point in ring if _is_point(point)]
    closed = len(points) == len(ring) and points[0] == points[-1]
    return [(float(lon), float(lat)) for lon, lat in points] if closed else None


def _is_point(point: Any) -> bool:
    return (
        isinstance(point, list)
        and len(point) >= 2
        and all(isinstance(n, int | float) and not isinstance(n, bool) for n in point[:2])
    )
