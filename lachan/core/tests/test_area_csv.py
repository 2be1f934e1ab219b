from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lachan.core.area_sources import AreaRow, RowError, read_csv

HEADING = "code,level,name,parent_code,valid_from,valid_to,name_en,kind,lat,lon,population\n"
PROVINCE = "VT,1,Vientiane,,2020-01-01,,Vientiane Prefecture,prefecture,17.97,102.6,948477\n"


def read(path: Path, text: str | bytes) -> list[AreaRow | RowError]:
    file = path / "areas.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_csv(file))


def test_units_of_another_country_are_read(tmp_path: Path) -> None:
    text = "\ufeff" + HEADING + PROVINCE + 'VT-01,2,"ຈັນທະບູລີ, ເມືອງ",VT,2021-01-01,2024-01-01,,,,,\n'
    province, district = read(tmp_path, text)
    assert province == AreaRow(
        "VT", 1, "Vientiane", "Vientiane Prefecture", "prefecture", "", date(2020, 1, 1), None,
        17.97, 102.6, 948_477,
    )  # fmt: skip
    assert isinstance(district, AreaRow)
    assert (district.name, district.parent_code, district.lat) == ("ຈັນທະບູລີ, ເມືອງ", "VT", None)
    assert district.valid_to == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (",1,A,,2020-01-01", "code", "area-code"),
        ("A\x00,1,A,,2020-01-01", "code", "area-code"),
        ("A,0,A,,2020-01-01", "level", "area-level"),
        ("A,one,A,,2020-01-01", "level", "area-level"),
        ("A,1,,,2020-01-01", "name", "area-name"),
        (f"A,1,{'x' * 121},,2020-01-01", "name", "area-name"),
        ("A,1,A", "valid_from", "area-date"),
        ("A,1,A,,2020-02-30", "valid_from", "area-date"),
        ("A,1,A,,2020-01-01,2020-01-01", "valid_to", "area-period"),
        ("A,1,A,,2020-01-01,,,,91,0,", "lat", "area-coordinate"),
        ("A,1,A,,2020-01-01,,,,0,nan,", "lon", "area-coordinate"),
        ("A,1,A,,2020-01-01,,,,,,-5", "population", "area-population"),
        ("A,2,A,XX,2020-01-01", "parent_code", "area-parent"),
        ("A,1,A,VT,2020-01-01", "parent_code", "area-parent"),
        ("A,2,A,VT,2019-12-31", "parent_code", "area-parent"),
        ("VT,1,A,,2020-01-01", "code", "area-twice"),
    ],
)
def test_wrong_line_is_named_and_the_next_is_read(tmp_path: Path, line: str, column: str, code: str) -> None:
    rows = read(tmp_path, f"{HEADING}{PROVINCE}{line}\nVT2,1,B,,2020-01-01\n")
    wrong = rows[1]
    assert isinstance(wrong, RowError)
    assert (wrong.number, wrong.column, wrong.code) == (3, column, code)
    assert [type(row) for row in rows] == [AreaRow, RowError, AreaRow]


def test_wrong_encoding_is_named(tmp_path: Path) -> None:
    rows = read(tmp_path, HEADING.encode() + "A,1,Hà Nam,,2020-01-01\n".encode("cp1258") + PROVINCE.encode())
    assert isinstance(rows[0], RowError)
    assert (rows[0].column, rows[0].code) == ("name", "area-encoding")
    assert isinstance(rows[1], AreaRow)


def test_missing_columns_are_named_once(tmp_path: Path) -> None:
    rows = read(tmp_path, "code,name\nA,B\n")
    assert [(row.column, row.code) for row in rows if isinstance(row, RowError)] == [
        ("level", "area-column"),
        ("parent_code", "area-column"),
        ("valid_from", "area-column"),
    ]
    assert len(read(tmp_path, "")) == 5


def test_absurdly_long_cell_is_an_error_of_its_line(tmp_path: Path) -> None:
    rows = read(tmp_path, f"{HEADING}A,1,{'x' * 1_000_000},,2020-01-01\n{PROVINCE}")
    assert [row.code for row in rows] == ["area-unreadable", "VT"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.binary(max_size=300) | st.text('",\n\rA1-0\0', max_size=80).map(str.encode))
def test_any_bytes_are_rows_or_errors(tmp_path: Path, body: bytes) -> None:
    assert all(isinstance(row, AreaRow | RowError) for row in read(tmp_path, HEADING.encode() + body))
    assert all(isinstance(row, AreaRow | RowError) for row in read(tmp_path, body))
