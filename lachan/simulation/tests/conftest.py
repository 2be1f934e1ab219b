"""Small countries on an invented map, so that the pure part needs neither packages nor a database."""

from datetime import date

import pytest

from lachan.core import areas
from lachan.core.models import Area
from lachan.simulation.areas import Commune
from lachan.simulation.country import Country
from lachan.simulation.mobility import Visits
from lachan.simulation.outbreak import Outbreak
from tests.rows import area_in

START = date(2021, 9, 1)
DAYS = 30


def invented_communes() -> list[Commune]:
    """Twelve communes on a grid of 4 by 3, five of them wards, one in the mountains."""
    kinds = ["Phường"] * 5 + ["Xã"] * 7
    return [
        Commune(
            code=f"{70_000 + i:05d}",
            name=f"{kind} Số {i}",
            kind=kind,
            latitude=16.0 + (i // 4) * 0.05,
            longitude=108.0 + (i % 4) * 0.05,
            km2=150.0 if i == 11 else 20.0,
        )
        for i, kind in enumerate(kinds)
    ]


def make_country(size: int, seed: int = 7) -> Country:
    """A country of `size` people on the invented map."""
    return Country.of(seed, size, invented_communes(), "48", START, DAYS)


@pytest.fixture(scope="session")
def country() -> Country:
    """Forty thousand people."""
    return make_country(40_000)


@pytest.fixture(scope="session")
def lived(country: Country) -> tuple[Outbreak, list[Visits]]:
    """An outbreak left alone for a month, and the visits that took place on each day."""
    outbreak = country.outbreak(imports=25)
    moves = []
    for day in range(DAYS):
        outbreak.step(day)
        moves.append(outbreak.today)
    return outbreak, moves


@pytest.fixture
def invented_areas(db: None) -> list[Area]:
    """The invented communes as areas of an invented province."""
    return make_areas()


def make_areas() -> list[Area]:
    """Write the invented communes down."""
    province = area_in(areas.country(), "48", "Tỉnh Thử", level=1, since=START)
    return [area_in(province, c.code, c.name, since=START) for c in invented_communes()]
