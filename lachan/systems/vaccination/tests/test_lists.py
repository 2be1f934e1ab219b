"""Lists of organisations: every row taken or refused with its reason, nothing twice, nothing half."""

import csv
import io
import time
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from lachan.core import persons
from lachan.core.errors import Refusal
from lachan.core.models import EventRow, Identifier, IdentifierKind, Person
from lachan.platform import jobs
from lachan.platform.lists import Record
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands.lists import MOST_BYTES, taking
from lachan.systems.vaccination.models import ListError, Registration, RegistrationList
from lachan.systems.vaccination.tests.conftest import NOON, keeper
from lachan.systems.vaccination.tests.people import commune, person, registered

pytestmark = pytest.mark.django_db
HEADING = ["Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Số điện thoại", "Nhóm", "Mã xã", "Địa chỉ"]
GOOD = ["Trần Văn Bảo", "5/3/1985", "Nam", "048085001234", "0912345678", "", "", "K12"]


def changed(**cells: str) -> list[str]:
    row = dict(
        zip(("name", "birth", "sex", "number", "phone", "group", "commune", "address"), GOOD, strict=True)
    )
    return list((row | cells).values())


def table(*rows: list[str], heading: list[str] = HEADING) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([heading, *rows])
    return out.getvalue().encode()


def accepted(body: bytes, **more: Any) -> RegistrationList:
    given: dict[str, Any] = {"organisation": "Công ty Dệt Hòa Khánh", "area": commune(), "group": "13"} | more
    return commands.accept_list(body=body, actor=keeper(), at=NOON, **given)


def taken(body: bytes, **more: Any) -> RegistrationList:
    row = accepted(body, **more)
    commands.read_list(row.pk, at=NOON)
    row.refresh_from_db()
    return row


def refusal(body: bytes, **more: Any) -> str:
    with pytest.raises(Refusal) as error:
        accepted(body, **more)
    assert not RegistrationList.objects.exists()
    return error.value.code


def totals(row: RegistrationList) -> tuple[int, int, int, int]:
    assert row.finished_at is not None
    assert row.body is None
    assert row.rows == row.taken + row.refused
    return row.rows, row.taken, row.already, row.refused


def test_rows_become_people_with_registrations() -> None:
    row = taken(table(GOOD, changed(name="Lê Thị Cúc", number="", phone="0905 111 222", group="9", sex="Nữ")))
    assert totals(row) == (2, 2, 0, 0)
    made = Registration.objects.select_related("person").order_by("pk")
    assert [(r.person.name, r.group, r.person.sex, r.organisation, r.source) for r in made] == [
        ("Trần Văn Bảo", "13", "m", "Công ty Dệt Hòa Khánh", "organisation"),
        ("Lê Thị Cúc", "9", "f", "Công ty Dệt Hòa Khánh", "organisation"),
    ]
    kinds = Identifier.objects.values_list("kind", "verified_at")
    assert sorted(kinds) == [("national_id", None), ("phone", None), ("phone", None)]
    told = EventRow.objects.filter(kind__in=["RegisteredForVaccination", "PersonRegistered"])
    assert told.count() == 4
    done = EventRow.objects.get(kind="RegistrationListTaken")
    assert (done.facts["taken"], done.facts["refused"]) == (2, 0)


def test_who_is_known_by_number_and_name_is_found_and_nobody_else() -> None:
    known = person("Trần Văn Bảo", born=1985, phone="")
    persons.claim_identifier(known, IdentifierKind.NATIONAL_ID, "048085001234", at=NOON)
    other = person("Trần Văn Bảo", born=1985, phone="")
    row = taken(table(GOOD, changed(name="Trần Văn Khác", phone="")))
    assert totals(row) == (2, 2, 0, 0)
    assert Registration.objects.filter(person=known).exists()
    assert not Registration.objects.filter(person=other).exists()
    assert Person.objects.filter(name="Trần Văn Khác").exists()


def test_who_has_a_registration_or_stands_twice_counts_as_already_there() -> None:
    known = person("Trần Văn Bảo", born=1985, phone="+84912345678")
    registered(known)
    late = changed(name="Lê Thị Cúc", number="048190000001", phone="")
    row = taken(table(GOOD, late, late))
    assert totals(row) == (3, 3, 2, 0)
    assert Registration.objects.count() == 2


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"name": ""}, "name-empty"),
        ({"birth": ""}, "date-empty"),
        ({"birth": "31/2/1985"}, "date-impossible"),
        ({"birth": "5/3/2099"}, "date-future"),
        ({"birth": "5/3/2023"}, "too-young"),
        ({"sex": "?"}, "sex-unknown"),
        ({"number": "48085001234"}, "number-shape"),
        ({"number": "=1+1"}, "number-shape"),
        ({"phone": "12"}, "phone-vietnam"),
        ({"group": "17"}, "group-unknown"),
        ({"commune": "00000"}, "area-unknown"),
        ({"name": "x" * 201}, "name-long"),
        ({"name": "x" * 10_001}, "cell-long"),
        ({"name": "An\0"}, "cell-nul"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_with_its_reason(cells: dict[str, str], code: str) -> None:
    row = taken(table(changed(**cells), changed(name="Lê Thị Cúc", number="", phone="")))
    assert totals(row) == (2, 1, 0, 1)
    error = ListError.objects.get()
    assert (error.number, error.code) == (2, code)
    assert error.words


def test_a_ragged_row_is_refused_alone() -> None:
    row = taken(table(["Lê Thị Cúc", "1990"], GOOD))
    assert totals(row) == (2, 1, 0, 1)
    assert ListError.objects.get().code == "row-ragged"


def test_communes_are_found_by_code_or_name_in_the_province_alone() -> None:
    hue = commune("Phường Thạch Thang", "t20195").path  # made
    other = commune("Phường Bình Hiên", "t20196")
    row = taken(
        table(changed(commune="t20196"), changed(name="Lê Thị Cúc", commune="phuong binh hien", number=""))
    )
    assert hue
    assert totals(row) == (2, 2, 0, 0)
    assert set(Registration.objects.values_list("area", flat=True)) == {other.pk}


def test_the_same_file_is_taken_once() -> None:
    taken(table(GOOD))
    with pytest.raises(Refusal) as error:
        accepted(table(GOOD))
    assert error.value.code == "list-known"


def test_a_list_read_again_changes_nothing() -> None:
    row = taken(table(GOOD))
    commands.read_list(row.pk, at=NOON + timedelta(hours=1))
    assert totals(RegistrationList.objects.get()) == (1, 1, 0, 0)
    commands.read_list(row.pk + 1, at=NOON)


def test_a_reader_that_was_killed_is_followed_by_one_that_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [changed(name=f"Trần Văn {chr(65 + n)}", number="", phone="") for n in range(7)]
    row = accepted(table(*rows))
    monkeypatch.setattr(taking, "BATCH", 3)
    real = jobs.go_on
    calls = iter([None, None, InterruptedError])

    def killed() -> None:
        if next(calls) is not None:
            raise InterruptedError

    monkeypatch.setattr(jobs, "go_on", killed)
    with pytest.raises(InterruptedError):
        commands.read_list(row.pk, at=NOON)
    row.refresh_from_db()
    assert (row.rows, row.finished_at) == (6, None)
    monkeypatch.setattr(jobs, "go_on", real)
    commands.read_list(row.pk, at=NOON)
    row.refresh_from_db()
    assert totals(row) == (7, 7, 0, 0)
    assert Registration.objects.count() == Person.objects.count() == 7


def test_two_readers_of_one_list_do_not_take_a_row_twice() -> None:
    row = accepted(table(GOOD))
    stale = RegistrationList.objects.select_related("area").get(pk=row.pk)
    commands.read_list(row.pk, at=NOON)
    taker = taking.Taker(stale, {"name": "Họ và tên", "birth": "Ngày sinh"}, NOON)
    record = Record(2, 2, {"Họ và tên": "Trần Văn Bảo", "Ngày sinh": "1985"})
    with pytest.raises(taking._Given):
        taker.take([record])
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "file-empty"),
        (b"x" * (MOST_BYTES + 1), "file-large"),
        (table(GOOD).decode().encode("utf-16-le"), "file-encoding"),
        ("Họ và tên,Ngày sinh\nTrần,1985".encode("cp1258", "replace"), "file-encoding"),
        (b"\xff\xfe\xfd" * 9, "file-encoding"),
        (b"PK\x03\x04 no workbook", "file-workbook"),
        (table(GOOD, heading=["Tên", *HEADING[1:]]), "file-columns"),
        (table(GOOD, heading=[*HEADING[:-1], "Họ tên"]), "file-column-twice"),
        (b"\n\n", "file-empty"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused_in_words(body: bytes, code: str) -> None:
    assert refusal(body) == code


@pytest.mark.parametrize(
    ("more", "code"),
    [({"organisation": " "}, "organisation-missing"), ({"group": "0"}, "group-unknown")],
)
def test_a_list_names_its_organisation_and_a_group(more: dict[str, Any], code: str) -> None:
    assert refusal(table(GOOD), **more) == code


def test_a_workbook_is_read_like_text() -> None:
    book = Workbook()
    sheet = book.create_sheet("Danh sách", 0)
    for cells in (HEADING, GOOD, ["Lê Thị Cúc", 1990, "Nữ", None, None, 9, None, None]):
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    assert totals(taken(out.getvalue())) == (2, 2, 0, 0)
    assert set(Registration.objects.values_list("group", flat=True)) == {"13", "9"}


def test_lists_are_sealed_until_they_are_read() -> None:
    row = accepted(table(GOOD))
    assert row.body is not None
    assert b"048085001234" not in bytes(row.body)


def test_thousands_of_rows_are_read_fast_enough() -> None:
    """100,000 rows at 2,000 a second: here a tenth of the time for 4,000, counted as work of this process."""
    rows = [
        changed(name=f"Trần Văn {n}", number=f"0480{n:08d}", phone=f"0912{n:06d}", birth=f"{1950 + n % 50}")
        for n in range(4_000)
    ]
    row = accepted(table(*rows))
    begun = time.process_time()
    commands.read_list(row.pk, at=NOON)
    assert len(rows) / (time.process_time() - begun) > 2_000
    row.refresh_from_db()
    assert totals(row) == (4_000, 4_000, 0, 0)
