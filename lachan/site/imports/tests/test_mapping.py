from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lachan.platform.lists.rows import BadRow
from lachan.site.imports.mapping import BadMapping, Mapped, mapping_of, read_mapping
from lachan.site.imports.values import Cells

TODAY = date(2026, 7, 1)
COLUMNS = {"id": "Mã", "onset_on": "Khởi phát", "sex": "Giới", "age": "Tuổi"}


def mapped(**more: object) -> Mapped:
    return mapping_of({"columns": COLUMNS, "dataset": "d"} | more, "cases", dataset="")


@pytest.mark.parametrize(
    ("dates", "text", "day"),
    [
        ("days since 1970-01-01", "16566.0", date(2015, 5, 11)),
        ("days since 1899-12-30", "42135", date(2015, 5, 11)),
        ("iso", "2015-05-11", date(2015, 5, 11)),
        ("iso", "2015-05-11 08:30:00", date(2015, 5, 11)),
        ("%d/%m/%Y", "11/05/2015", date(2015, 5, 11)),
    ],
)
def test_dates_are_read_as_the_mapping_says(dates: str, text: str, day: date) -> None:
    assert Cells(mapped(dates=dates), {"Khởi phát": text}, TODAY).day("onset_on") == day


@pytest.mark.parametrize(
    ("dates", "text", "code"),
    [
        ("days since 1970-01-01", "nan", "date-shape"),
        ("days since 1970-01-01", "1e400", "date-shape"),
        ("days since 1970-01-01", "99999999999", "date-shape"),
        ("days since 1970-01-01", "tuần 21", "date-shape"),
        ("iso", "2015-02-30", "date-shape"),
        ("iso", "2027-01-01", "date-future"),
        ("iso", "1815-01-01", "date-early"),
        ("%d/%m/%Y", "2015-05-11", "date-shape"),
    ],
)
def test_a_wrong_date_is_refused_with_its_column(dates: str, text: str, code: str) -> None:
    with pytest.raises(BadRow) as refused:
        Cells(mapped(dates=dates), {"Khởi phát": text}, TODAY).day("onset_on")
    assert (refused.value.column, refused.value.code) == ("Khởi phát", code)


def test_codes_are_translated_whatever_their_case_and_others_are_refused() -> None:
    told = mapped(values={"sex": {"Nam": "m", "Nữ": "f"}}, constants={"area": "79"})
    assert Cells(told, {"Giới": "NAM"}, TODAY).code("sex") == "m"
    assert Cells(told, {"Giới": "nữ"}, TODAY).code("sex") == "f"
    assert told.text({}, "area") == "79"
    with pytest.raises(BadRow) as refused:
        Cells(told, {"Giới": "?"}, TODAY).code("sex")
    assert (refused.value.column, refused.value.code) == ("Giới", "value-unknown")


@pytest.mark.parametrize(("text", "age"), [("63", 63), ("63.0", 63), ("0.5", 0), ("", None)])
def test_ages_are_whole_years(text: str, age: int | None) -> None:
    assert Cells(mapped(), {"Tuổi": text}, TODAY).age() == age


@pytest.mark.parametrize("text", ["-1", "126", "1e2", "mười", "inf"])
def test_an_impossible_age_is_refused(text: str) -> None:
    with pytest.raises(BadRow):
        Cells(mapped(), {"Tuổi": text}, TODAY).age()


@pytest.mark.parametrize("text", ["", "\u0301", "x" * 200, "a\u200bb\x07"])
def test_a_reference_that_names_nobody_is_refused(text: str) -> None:
    with pytest.raises(BadRow):
        Cells(mapped(), {"Mã": text}, TODAY).reference("id")


@pytest.mark.parametrize(
    "wrong",
    [
        {"colums": {}},
        {"columns": {"onset_on": "x"}},
        {"columns": {"id": 1}},
        {"columns": {"id": "x", "shoe": "y"}},
        {"dataset": "Ô"},
        {"policy": "kr/none"},
        {"encoding": "klingon"},
        {"encoding": "base64"},
        {"delimiter": "|"},
        {"dates": "days since yesterday"},
        {"dates": "%d"},
        {"unknown_contacts": "perhaps"},
        {"detail": "x"},
        {"values": {"sex": {"M": "male"}}},
        {"values": {"age": {"1": "2"}}},
        {"constants": {"sex": "male"}},
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadMapping) as refused:
        mapped(**wrong)
    assert str(refused.value.message)


def test_the_dataset_is_the_name_of_the_mapping_when_it_names_none(tmp_path: Path) -> None:
    file = tmp_path / "Hà Nội 2021.cases.toml"
    file.write_text('[columns]\nid = "id"\n', encoding="utf-8")
    assert read_mapping(file, "cases").dataset == "h--n-i-2021"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_mapping_or_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "m.toml"
    file.write_bytes(content)
    with pytest.raises(BadMapping):
        read_mapping(file, "cases")
