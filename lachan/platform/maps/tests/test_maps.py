"""Outlines that join, cells that are nearest, boxes for islands far out."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from lachan.core import areas
from lachan.core.models import Area, AreaSuccessor
from lachan.platform.maps import Shade, country_map, outlines, parts_map, parts_of_provinces
from lachan.platform.maps.cells import cells
from lachan.platform.maps.plane import Degrees, Point, project, thinned
from tests.rows import area_in

OF_2021, OF_2025 = date(2021, 10, 12), date(2026, 1, 5)
BOX = (0.0, 0.0, 100.0, 100.0)
SPOTS = st.lists(
    st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=12, unique=True
)  # fmt: skip


def surface(ring: list[Point]) -> float:
    turns = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in turns)) / 2


def test_there_are_63_provinces_of_which_each_is_closed_and_of_some_size() -> None:
    assert len(outlines.known()) == 63
    for code in outlines.known():
        assert max(surface(ring) for ring in outlines.rings([code])) > 500


def test_ha_noi_lies_within_its_outline_box() -> None:
    box = outlines.box(("01",))
    assert box is not None
    east, south = project(Degrees(lon=105.85, lat=21.03))
    assert box[0] < east < box[2]
    assert box[1] < south < box[3]


@pytest.mark.parametrize("codes", [("30", "31"), ("79", "74", "77"), ("48", "49"), ("56", "58")])
def test_joined_provinces_have_one_outer_ring_and_lose_nothing(codes: tuple[str, ...]) -> None:
    joined = outlines.rings(codes)
    alone = [ring for code in codes for ring in outlines.rings([code])]
    assert sum(map(surface, joined)) == pytest.approx(sum(map(surface, alone)), rel=0.01)
    assert sum(map(len, joined)) < sum(map(len, alone))
    largest = sorted(map(surface, joined))[-1]
    assert largest > max(map(surface, alone))


def test_a_path_is_closed_and_in_whole_steps() -> None:
    assert outlines.path([[(0.2, 0), (10, 0), (10, 9.6), (0, 5)]]) == "M0 0l10 0 0 10-10-5z"


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50)), min_size=2, max_size=30))
def test_a_thinned_line_keeps_its_ends_and_its_points_are_of_the_line(line: list[Point]) -> None:
    found = thinned(line, 1.0)
    assert found[0] == line[0]
    assert found[-1] in (line[-1], line[0])
    assert set(found) <= set(line)


@given(SPOTS, st.tuples(st.floats(0, 100), st.floats(0, 100)))
def test_every_spot_lies_in_the_cell_of_the_nearest_point(spots: list[tuple[int, int]], spot: Point) -> None:
    points = [(float(x), float(y)) for x, y in spots]
    found = cells(points, BOX)
    nearest = min(points, key=lambda p: (p[0] - spot[0]) ** 2 + (p[1] - spot[1]) ** 2)
    assert _holds(found[points.index(nearest)], spot)


def _holds(cell: list[Point], spot: Point) -> bool:
    """On the same side of every edge, or on it."""
    sides = [
        (bx - ax) * (spot[1] - ay) - (by - ay) * (spot[0] - ax)
        for (ax, ay), (bx, by) in zip(cell, cell[1:] + cell[:1], strict=True)
    ]
    return all(side >= -1e-6 for side in sides) or all(side <= 1e-6 for side in sides)


@given(SPOTS)
def test_cells_fill_the_box_without_overlap(spots: list[tuple[int, int]]) -> None:
    found = cells([(float(x), float(y)) for x, y in spots], BOX)
    assert sum(map(surface, found)) == pytest.approx(10_000)


def test_the_second_of_two_points_at_one_spot_has_no_cell() -> None:
    found = cells([(10.0, 10.0), (10.0, 10.0), (90.0, 90.0)], BOX)
    assert found[1] == []
    assert surface(found[0]) + surface(found[2]) == pytest.approx(10_000)


@pytest.fixture
def provinces(db: None) -> None:
    root = areas.country()
    day, until = areas.BEGINNING, date(2025, 7, 1)
    rows: list[tuple[str, str, date, date | None]] = [
        ("48", "Đà Nẵng", day, until), ("49", "Quảng Nam", day, until), ("56", "Khánh Hòa", day, until),
        ("48", "Đà Nẵng", until, None), ("56", "Khánh Hòa", until, None),
    ]  # fmt: skip
    made = [
        Area.objects.create(
            code=code, name=name, level=1, search_key=name, parent=root, path=f"{root.path}{number}/",
            valid_from=begins, valid_to=ends,
        )
        for number, (code, name, begins, ends) in enumerate(rows)
    ]  # fmt: skip
    for old, new in ((0, 3), (1, 3), (2, 4)):
        AreaSuccessor.objects.create(old=made[old], new=made[new], share=1)


@pytest.mark.usefixtures("provinces")
def test_provinces_of_today_are_made_of_those_of_2021() -> None:
    assert parts_of_provinces(OF_2021) == {"48": ("48",), "49": ("49",), "56": ("56",)}
    assert parts_of_provinces(OF_2025) == {"48": ("48", "49"), "56": ("56",)}


@pytest.mark.usefixtures("provinces")
def test_both_archipelagoes_are_named_in_the_colour_of_their_province() -> None:
    drawn = country_map(OF_2025, {"48": Shade("zone-3", "Đà Nẵng", "/map/48/")})
    assert [inset.shade.tone for inset in drawn.insets] == ["zone-3", "zone-none"]
    page = render_to_string("components/map.html", {"map": drawn, "label": "Map"})
    assert "Hoàng Sa" in page
    assert "Trường Sa" in page
    assert 'href="/map/48/"' in page


def commune(name: str, lat: float | None, lon: float | None) -> Area:
    province = area_in(areas.country(), "48m", "Đà Nẵng", level=1)
    made = area_in(province, f"m{name}"[:16], name)
    made.lat, made.lon = lat, lon
    return made


@pytest.mark.django_db
def test_communes_without_boundaries_are_cells_and_islands_stand_in_boxes() -> None:
    parts = [
        commune("Hải Châu", 16.2, 107.85), commune("Sơn Trà", 15.95, 108.33), commune("Hoàng Sa", 16.5, 112.0),
        commune("Không rõ", None, None),
    ]  # fmt: skip
    drawn = parts_map(parts, {parts[0].code: Shade("zone-4")}, within=("48",))
    assert [(s.code, s.shade.tone) for s in drawn.shapes] == [
        (parts[0].code, "zone-4"), (parts[1].code, "zone-none"),
    ]  # fmt: skip
    assert [inset.name for inset in drawn.insets] == ["Hoàng Sa"]
    assert drawn.approximate
    assert drawn.clip
    assert not parts_map([commune("Hải Châu", 16.06, 108.22)], {}, within=("48",)).clip


@pytest.mark.django_db
def test_boundaries_are_drawn_where_every_part_has_one() -> None:
    parts = [commune("Hải Châu", 16.06, 108.22), commune("Sơn Trà", 16.10, 108.25)]
    square: Any = [[(108.2, 16.0), (108.3, 16.0), (108.3, 16.1), (108.2, 16.1)]]
    drawn = parts_map(parts, {}, boundaries={p.pk: square for p in parts})
    assert not drawn.approximate
    assert re.fullmatch(r"M\d+ \d+l[- \d]+z", drawn.shapes[0].path)
    assert parts_map(parts, {}, boundaries={parts[0].pk: square}).approximate


@pytest.mark.django_db
def test_without_coordinates_there_is_no_map() -> None:
    drawn = parts_map([commune("Không rõ", None, None)], {})
    assert render_to_string("components/map.html", {"map": drawn, "label": "Map"}).strip() == ""
