"""The units of Viet Nam in two schemes: 2021 with three levels, July 2025 with provinces and communes."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from statistics import fmean
from typing import Final

from lachan.core.area_sources.rows import AreaRow
from lachan.core.area_sources.vietnam_files import (
    NOWHERE,
    Point,
    merged_into,
    old_communes,
    query_2025,
    read_2021,
)

FIRST_DAY_2021 = date(2021, 1, 1)
FIRST_DAY_2025 = date(2025, 7, 1)


_KINDS: Final = {
    "tinh": "tỉnh",
    "thanh-pho": "thành phố",
    "quan": "quận",
    "huyen": "huyện",
    "thi-xa": "thị xã",
    "phuong": "phường",
    "xa": "xã",
    "thi-tran": "thị trấn",
}
_CENTRAL_CITY = "thành phố trung ương"
_ENGLISH: Final = {
    "tỉnh": "Province",
    _CENTRAL_CITY: "City",
    "thành phố": "City",
    "quận": "District",
    "huyện": "District",
    "thị xã": "Town",
    "phường": "Ward",
    "xã": "Commune",
    "thị trấn": "Township",
    "đặc khu": "Special Zone",
}


def vietnam_areas() -> Iterator[AreaRow]:
    """Yield parents before children: the units of 2021, then those of 2025. Raises AreasMissing."""
    yield from _areas_2021()
    yield from _areas_2025()


def _areas_2021() -> Iterator[AreaRow]:
    points = _points_2021()
    for level, source in enumerate(("tinh_tp", "quan_huyen", "xa_phuong"), start=1):
        for code, unit in read_2021(source).items():
            kind = _KINDS[unit["type"]]
            if level == 1 and kind == "thành phố":
                kind = _CENTRAL_CITY
            parent = unit.get("parent_code", "")
            yield _row(
                code, level, unit["name"], kind, parent, points.get(code) or points.get(parent, NOWHERE)
            )


def _areas_2025() -> Iterator[AreaRow]:
    provinces = query_2025(
        "SELECT DISTINCT provinceCode, province, provinceLat, provinceLon FROM admin_units ORDER BY 1"
    )
    for code, full_name, *point in provinces:
        kind, name = _split_kind(full_name)
        kind = _CENTRAL_CITY if kind == "thành phố" else kind
        yield _row(code, 1, name, kind, "", (point[0], point[1]), modern=True)
    communes = query_2025(
        "SELECT wardCode, ward, provinceCode, wardLat, wardLon FROM admin_units ORDER BY wardCode"
    )
    for code, full_name, parent, *point in communes:
        kind, name = _split_kind(full_name)
        yield _row(code, 3, name, kind, parent, (point[0], point[1]), modern=True)


def _split_kind(full_name: str) -> tuple[str, str]:
    """The type is read from the name: the source's own column of types is wrong for four communes."""
    full = unicodedata.normalize("NFC", full_name)
    kind = next(kind for kind in _ENGLISH if full.lower().startswith(f"{kind} "))
    return kind, full[len(kind) :]


def _row(
    code: str, level: int, name: str, kind: str, parent: str, point: Point, *, modern: bool = False
) -> AreaRow:
    short = " ".join(unicodedata.normalize("NFC", name).split())
    word = "thành phố" if kind == _CENTRAL_CITY else kind
    return AreaRow(
        code=code,
        level=level,
        name=f"{word.capitalize()} {short}",
        name_en=_english_name(short, kind),
        kind=kind,
        parent_code=parent,
        valid_from=FIRST_DAY_2025 if modern else FIRST_DAY_2021,
        valid_to=None if modern else FIRST_DAY_2025,
        lat=point[0],
        lon=point[1],
        population=None,
    )


def _english_name(short: str, kind: str) -> str:
    """`Bến Nghé`, phường -> `Ben Nghe Ward`; `1`, quận -> `District 1`."""
    spread = unicodedata.normalize("NFD", short.translate(str.maketrans("Đđ", "Dd")))
    plain = "".join(letter for letter in spread if not unicodedata.combining(letter))
    if plain.isdecimal():
        return f"{_ENGLISH[kind]} {int(plain)}"
    return f"{plain} {_ENGLISH[kind]}"


def _points_2021() -> dict[str, Point]:
    """Code -> point: of a merged commune that of its successor, of a new district the middle of its units."""
    points: dict[str, Point] = {commune.code: commune.point for commune in old_communes()}
    points |= {code: commune.point for code, commune in merged_into().items()}
    for level in ("district", "province"):
        columns = ", ".join(level + part for part in ("Code", "Lat", "Lon"))
        rows = query_2025(f"SELECT DISTINCT {columns} FROM admin_units_legacy")  # noqa: S608 - our own words
        points |= {code: (lat, lon) for code, lat, lon in rows}
    return _middles(points) | points


def _middles(points: dict[str, Point]) -> dict[str, Point]:
    members: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for code, unit in read_2021("xa_phuong").items():
        lat, lon = points.get(code, NOWHERE)
        if lat is not None and lon is not None:
            members[unit["parent_code"]].append((lat, lon))
    return {
        code: (round(fmean(lats), 6), round(fmean(lons), 6))
        for code, inside in members.items()
        for lats, lons in [tuple(zip(*inside, strict=True))]
    }
