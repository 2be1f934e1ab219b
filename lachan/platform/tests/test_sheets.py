"""Files of rows: read again they are what was written, and no spreadsheet computes anything in them."""

import csv
import io
import re
import string
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from lachan.platform.exports import TooLong, harmless, sheets
from lachan.platform.exports.sheets import sheet

texts = st.text(st.characters(codec="utf-8"), max_size=40)
tables = st.lists(st.lists(texts, min_size=3, max_size=3), max_size=8)


def file_of(ending: str, *batches: Sequence[Sequence[object]]) -> bytes:
    writer = sheet(ending)
    return b"".join([*map(writer.add, batches), writer.end()])


def cells(book: bytes) -> list[list[Any]]:
    return [list(row) for row in load_workbook(io.BytesIO(book)).worksheets[0].iter_rows(values_only=True)]


formulas = st.lists(
    st.sampled_from(["=1+1", "+1", "-1", "@SUM", "＝1", ";", "\t", "\n", "\r", " ", "\xa0", '"', "x", ","])
)


@given(st.text() | formulas.map("".join))
def test_no_cell_begins_a_formula(text: str) -> None:
    for piece in re.split(r"[\n\r;\t|]", str(harmless(text))):
        assert not piece.lstrip(f'"{string.whitespace}\xa0').startswith(
            ("=", "+", "-", "@", "＝", "＋", "－", "＠")
        )


@pytest.mark.parametrize("between", [",", ";", "\t"])
@given(st.lists(formulas.map("".join), min_size=3, max_size=3))
def test_no_cell_begins_a_formula_whatever_a_spreadsheet_takes_for_the_separator(
    between: str, row: list[str]
) -> None:
    """Excel reads a CSV with the separator of its country: `;` in Viet Nam."""
    written = file_of("csv", [row]).decode("utf-8-sig")
    for cells_read in csv.reader(io.StringIO(written, newline=""), delimiter=between):
        for cell in cells_read:
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝")), (written, cells_read)


@given(tables)
def test_csv_read_again_is_what_was_written(rows: list[list[str]]) -> None:
    written = file_of("csv", rows[:2], rows[2:])
    assert written.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert read == [[str(harmless(cell)) for cell in row] for row in rows]


@given(tables)
def test_xlsx_read_again_is_what_was_written(rows: list[list[str]]) -> None:
    rows = [["head", "of", "list"], *rows]
    book = file_of("xlsx", rows[:2], rows[2:])
    assert ZipFile(io.BytesIO(book)).testzip() is None
    expected = [[str(harmless(cell)) or None for cell in row] for row in rows]
    assert cells(book) == expected


def test_numbers_and_days_stay_numbers_and_days() -> None:
    row = [7, Decimal("37.5"), date(2026, 11, 23), None, True, "Nguyễn Thị Ánh"]
    [read] = cells(file_of("xlsx", [row]))
    day = read.pop(2)
    assert (day.date(), read) == (date(2026, 11, 23), [7, 37.5, None, "True", "Nguyễn Thị Ánh"])
    assert file_of("csv", [row]).decode("utf-8-sig") == "7,37.5,2026-11-23,,True,Nguyễn Thị Ánh\r\n"


def test_what_looks_like_a_formula_is_text_in_both_forms() -> None:
    row = ["=HYPERLINK(1)", "+84912345678", "a\n=1", "@sum"]
    [read] = cells(file_of("xlsx", [row]))
    assert read == ["'=HYPERLINK(1)", "'+84912345678", "a\n'=1", "'@sum"]
    sheet_of = load_workbook(io.BytesIO(file_of("xlsx", [row]))).worksheets[0]
    assert {cell.data_type for line in sheet_of.iter_rows() for cell in line} == {"s"}
    [read] = list(csv.reader(io.StringIO(file_of("csv", [row]).decode("utf-8-sig"))))
    assert read == ["'=HYPERLINK(1)", "'+84912345678", "a\n'=1", "'@sum"]


def test_a_worksheet_refuses_what_it_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "XLSX_ROWS", 3)
    assert len(cells(file_of("xlsx", [[1], [2], [3]]))) == 3
    with pytest.raises(TooLong):
        file_of("xlsx", [[1], [2], [3], [4]])
    assert file_of("csv", [[1], [2], [3], [4]]).count(b"\r\n") == 4


def test_a_cell_is_cut_at_what_a_worksheet_takes() -> None:
    [[read]] = cells(file_of("xlsx", [["x" * 40_000]]))
    assert len(read) == 32_767


def test_most_of_a_long_file_is_out_before_its_end() -> None:
    writer = sheet("xlsx")
    early = sum(len(writer.add([[f"{n * 7919 % 100_003}"] for n in range(5_000)])) for _ in range(10))
    assert early > 5 * len(writer.end())
