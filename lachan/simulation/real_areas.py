"""The real communes of 2025 with place and size, from the data file of the package `vietnamadminunits`."""

import sqlite3
from importlib.metadata import distribution

from lachan.simulation.areas import Commune

_FILE = "vietnamadminunits/data/dataset.db"
_QUERY = (
    "select wardCode, ward, wardType, wardLat, wardLon, wardAreaKm2 from admin_units "
    "where provinceCode = ? and wardLat is not null order by wardCode"
)


class UnknownProvince(ValueError):
    """No province of 2025 has this code."""


def communes_of(province_code: str) -> list[Commune]:
    """The communes of a province of 2025, by its two-digit code. Raises UnknownProvince."""
    path = distribution("vietnamadminunits").locate_file(_FILE)
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = connection.execute(_QUERY, (province_code,)).fetchall()
    finally:
        connection.close()
    if not rows:
        raise UnknownProvince(province_code)
    return [Commune(*row) for row in rows]
