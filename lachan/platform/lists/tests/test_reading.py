"""Files as people really send them."""

from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from lachan.platform.lists.reading import open_table
from lachan.platform.lists.rows import BadFile, Record, Verdict

ROWS = "id,name\nA1,Đặng Thị Hoà\nA2,Nguyễn Văn Bảo\n"


def records(path: Path, content: bytes, **told: str) -> list[Record | Verdict]:
    file = path / "list.csv"
    file.write_bytes(content)
    return list(open_table(file, wanted=("id",), **told).records())


def names(rows: list[Record | Verdict]) -> list[str]:
    return [row.cells["name"] for row in rows if isinstance(row, Record)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_and_without_a_mark(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    rows = records(tmp_path, (mark + ROWS).encode(encoding))
    assert names(rows) == ["Đặng Thị Hoà", "Nguyễn Văn Bảo"]


def test_an_old_encoding_is_read_when_the_mapping_names_it(tmp_path: Path) -> None:
    content = "id,name\nA1,Lê Văn Đô\n".encode("cp1258")
    assert names(records(tmp_path, content, encoding="cp1258")) == ["Lê Văn Đô"]


@pytest.mark.parametrize(("encoding", "rows"), [("cp1258", 1), ("utf-16", 3), ("cp1258", 400_000)])
def test_a_wrong_encoding_is_refused_with_the_position_of_the_byte(
    tmp_path: Path, encoding: str, rows: int
) -> None:
    """Also far behind the first piece read, and nothing before it is taken."""
    start = ("id,name\n" + "A,B\n" * rows).encode("utf-8" if encoding == "cp1258" else encoding)
    wrong = "Lê\n".encode("cp1258") if encoding == "cp1258" else b"\x00\xd8"
    with pytest.raises(BadFile) as refused:
        records(tmp_path, start + wrong)
    assert refused.value.code == "file-encoding"
    position = len(start) + (1 if encoding == "cp1258" else 0)
    assert f" {position} " in str(refused.value.message)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_shows_the_columns(tmp_path: Path, delimiter: str) -> None:
    others = "".join({",", ";"} - {delimiter})
    content = f'"a {others}",id,name\n1,A1,"x{delimiter}y"\n'.replace(",id,", f"{delimiter}id{delimiter}")
    content = content.replace("1,A1,", f"1{delimiter}A1{delimiter}")
    (row,) = records(tmp_path, content.encode())
    assert isinstance(row, Record)
    assert (row.cells["id"], row.cells["name"]) == ("A1", f"x{delimiter}y")


def test_rows_that_do_not_fit_are_refused_one_by_one(tmp_path: Path) -> None:
    content = "id,name\nA1\nA2,x,y\nA3,a\0b\nA4," + "z" * 1_000_000 + "\nA5,good\n\nA6,good\n"
    rows = records(tmp_path, content.encode())
    told = [row.code if isinstance(row, Verdict) else row.cells["id"] for row in rows]
    assert told == ["row-ragged", "row-ragged", "cell-nul", "row-unreadable", "A5", "A6"]
    assert [row.number for row in rows] == [2, 3, 4, 5, 6, 8]


def test_a_cell_may_have_several_lines(tmp_path: Path) -> None:
    rows = records(tmp_path, b'id,name\nA1,"one\ntwo"\nA2,x\n')
    assert [(row.number, row.line) for row in rows] == [(2, 2), (3, 4)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"\n", "file-empty"),
        (b"a,b\n1,2\n", "file-columns"),
        (b"id,id\n1,2\n", "file-column-twice"),
    ],
)
def test_a_file_without_its_columns_is_refused_whole(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(BadFile) as refused:
        records(tmp_path, content)
    assert refused.value.code == code


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(st.binary(max_size=300) | st.text('",;\t\n\rid1\0', max_size=80).map(str.encode), st.booleans())
def test_any_bytes_are_records_or_verdicts(tmp_path: Path, body: bytes, headed: bool) -> None:
    try:
        rows = records(tmp_path, (b"id,name\n" if headed else b"") + body)
    except BadFile:
        return
    numbers = [row.number for row in rows]
    assert all(isinstance(row, Record | Verdict) for row in rows)
    assert numbers == sorted(set(numbers))


def workbook(path: Path, *rows: tuple[str | float | date | None, ...]) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def test_a_workbook_is_read_as_text_whatever_its_ending(tmp_path: Path) -> None:
    rows = (
        ("id", "name", None),
        ("A1", "Đặng Thị Hoà"),
        (None, None),
        (7.0, date(1950, 3, 5), "x"),
        (8, "=1+1"),
    )
    table = open_table(workbook(tmp_path / "list.csv", *rows), wanted=("id",))
    assert table.columns == ("id", "name")
    told = [row.cells if isinstance(row, Record) else row.code for row in table.records()]
    assert told == [
        {"id": "A1", "name": "Đặng Thị Hoà"}, "row-ragged", {"id": "8", "name": ""},
    ]  # fmt: skip
    assert [row.number for row in table.records()] == [2, 4, 5]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500])
def test_an_archive_that_is_no_workbook_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadFile) as refused:
        records(tmp_path, content)
    assert refused.value.code == "file-workbook"


def test_a_damaged_workbook_is_refused_in_words(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", ("id", "name"), *(("A", "B"),) * 50).read_bytes()
    codes = set[str]()
    for cut in range(100, len(whole), 97):
        spoilt = whole[:cut] + bytes(reversed(whole[cut : cut + 20])) + whole[cut + 20 :]
        codes |= {refusal(tmp_path, whole[:cut]), refusal(tmp_path, spoilt)}
    assert codes - {""} == {"file-workbook"}


def refusal(tmp_path: Path, content: bytes) -> str:
    try:
        records(tmp_path, content)
    except BadFile as refused:
        return refused.code
    return ""


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "list.csv", "w", ZIP_DEFLATED) as archive, archive.open("xl/a.xml", "w") as part:
        for _megabyte in range(401):
            part.write(bytes(1 << 20))
    with pytest.raises(BadFile) as refused:
        open_table(tmp_path / "list.csv", wanted=())
    assert refused.value.code == "file-large"
