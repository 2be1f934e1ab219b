"""Passenger lists as airlines and agents really write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.systems.arrivals.rules.manifest import (
    COLUMNS,
    BadEntry,
    columns_of,
    missing_columns,
    read_document,
    read_entry,
)

ROW = {
    "name": "NGUYEN/VAN AN MR",
    "document": "c1234567",
    "nationality": "VNM",
    "seat": "12 a",
    "birth": "1950",
}


@pytest.mark.parametrize(
    ("heading", "fields"),
    [
        (("Họ và tên", "Số hộ chiếu", "Quốc tịch", "Ngày sinh", "Giới tính", "Số ghế", "Tổ bay"),
         {"name", "document", "nationality", "birth", "sex", "seat", "crew"}),
        (("SURNAME", "Given_Names", "Passport No.", "DOB", "Seat No"),
         {"surname", "given", "document", "birth", "seat"}),
        (("Ho va ten", "SO GIAY TO"), {"name", "document"}),
        (("a", "b"), set()),
    ],
)  # fmt: skip
def test_columns_are_known_in_two_languages(heading: tuple[str, ...], fields: set[str]) -> None:
    assert set(columns_of(heading)) == fields


def test_each_name_of_a_column_means_one_field() -> None:
    names = [name for known in COLUMNS.values() for name in known]
    assert len(names) == len(set(names))
    assert all(set(columns_of((name,))) == {field} for field, known in COLUMNS.items() for name in known)


def test_a_list_needs_names_and_documents() -> None:
    assert missing_columns(columns_of(("seat",))) == ["name", "document"]
    assert missing_columns(columns_of(("surname", "passport"))) == []


def entry(**changes: str) -> object:
    cells = ROW | changes
    return read_entry(cells, {field: field for field in cells})


def test_a_row_is_read_as_airlines_write() -> None:
    read = read_entry(ROW, {field: field for field in ROW})
    assert (read.name, read.document_kind, read.document) == ("NGUYEN VAN AN", "passport", "C1234567")
    assert (read.seat, read.crew, read.cabin, read.nationality) == ("12A", False, None, "VNM")


@pytest.mark.parametrize(
    ("text", "nationality", "told"),
    [
        ("001 203 004 567", "VNM", ("national_id", "001203004567")),
        ("001203004567", "", ("national_id", "001203004567")),
        ("123456789012", "DEU", ("passport", "123456789012")),
        ("c-123.45/67", "VNM", ("passport", "C1234567")),
    ],
)
def test_a_document_is_a_passport_or_a_citizen_id(text: str, nationality: str, told: tuple[str, str]) -> None:
    assert read_document(text, nationality) == told


@pytest.mark.parametrize(
    ("text", "code"),
    [("VN", "VNM"), ("vnm", "VNM"), ("Việt Nam", "VNM"), ("de", "DEU"), ("", ""), ("D", "D")],
)
def test_countries_are_known_by_three_letters_two_or_name(text: str, code: str) -> None:
    read = read_entry(ROW | {"nationality": text}, {field: field for field in ROW})
    assert read.nationality == code


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"name": " / "}, "name", "name-empty"),
        ({"document": ""}, "document", "document-empty"),
        ({"document": "ABC"}, "document", "document-shape"),
        ({"document": "ABCDEFG"}, "document", "document-shape"),
        ({"document": "=1+1234"}, "document", "document-shape"),
        ({"nationality": "Atlantis"}, "nationality", "nationality-unknown"),
        ({"sex": "?"}, "sex", "sex-unknown"),
        ({"crew": "perhaps"}, "crew", "crew-unknown"),
        ({"cabin": "rear"}, "cabin", "cabin-shape"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_by_name(changes: dict[str, str], field: str, code: str) -> None:
    with pytest.raises(BadEntry) as refused:
        entry(**changes)
    assert (refused.value.field, refused.value.code) == (field, code)


@given(st.fixed_dictionaries(dict.fromkeys(COLUMNS, st.text(max_size=12))))
def test_any_cells_are_an_entry_or_a_refusal(cells: dict[str, str]) -> None:
    try:
        read = read_entry(cells, {field: field for field in cells})
        told = (read.name != "", read.document.isalnum())
    except BadEntry as refused:
        told = (refused.field in COLUMNS, refused.code != "")
    assert told == (True, True)
