"""Importing a file: each row is taken, held or refused; a second import changes nothing; corrections are later rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lachan.centre.daily_counts import commands, words
from lachan.centre.daily_counts.queries.standing import series, standing
from lachan.centre.daily_counts.tests.conftest import FIRST, NINE, held_row, list_of, officer, province, sent
from lachan.centre.models import CountUpload, DailyCount, RefusedCount
from lachan.core.models import Area, EventRow
from lachan.platform.lists import BadFile

pytestmark = pytest.mark.django_db


def cases_of(area: Area) -> list[int]:
    return [day.cases for day in series(area)]


def refusals(upload: CountUpload) -> list[tuple[int, str]]:
    return list(RefusedCount.objects.filter(upload=upload).order_by("number").values_list("number", "code"))


def test_every_row_is_taken_held_or_refused(bac_ninh: Area, tmp_path: Path) -> None:
    text = list_of(40, 42, 38, 90_000, 44, 39) + "2025-12-09,Atlantis,4\n2025-12-09,Bắc Ninh,four\n"
    upload = sent(tmp_path, text).upload
    assert (upload.received, upload.taken, upload.held, upload.refused) == (8, 5, 1, 2)
    assert refusals(upload) == [(8, "unit-unknown"), (9, "number-shape")]
    assert cases_of(bac_ninh) == [40, 42, 38, 44, 39]
    told = EventRow.objects.get(kind="DailyCountsReceived")
    assert told.facts == {"upload_id": upload.pk, "received": 8, "taken": 5, "held": 1, "refused": 2}


def test_the_same_file_again_changes_nothing(bac_ninh: Area, tmp_path: Path) -> None:
    text = list_of(40, 42, 38, 90_000, 44, 39)
    first, again = sent(tmp_path, text), sent(tmp_path, text)
    assert (first.again, again.again) == (False, True)
    assert again.upload == first.upload
    assert (DailyCount.objects.count(), EventRow.objects.count()) == (6, 1)


def test_the_whole_history_sent_each_day_adds_only_the_new_day(bac_ninh: Area, tmp_path: Path) -> None:
    sent(tmp_path, list_of(40, 42, 38, 90_000, 44))
    upload = sent(tmp_path, list_of(40, 42, 38, 90_000, 44, 50)).upload
    assert (upload.taken, upload.already, upload.held) == (5, 4, 1)
    assert DailyCount.objects.count() == 6
    assert cases_of(bac_ninh) == [40, 42, 38, 44, 50]


def test_a_later_row_corrects_and_the_first_is_kept(bac_ninh: Area, tmp_path: Path) -> None:
    sent(tmp_path, list_of(40, 42))
    sent(tmp_path, list_of(40, 47))
    assert cases_of(bac_ninh) == [40, 47]
    kept = DailyCount.objects.filter(day=date(2025, 12, 2)).order_by("pk").values_list("cases", flat=True)
    assert list(kept) == [42, 47]


def test_a_rejected_number_is_not_asked_for_again(bac_ninh: Area, tmp_path: Path) -> None:
    commands.reject_count(count=held_row(tmp_path), reason="đánh nhầm", actor=officer(), at=NINE)
    upload = sent(tmp_path, list_of(40, 42, 38, 90_000, 44, 39, 41)).upload
    assert (upload.held, upload.refused) == (0, 1)
    assert refusals(upload) == [(5, "rejected-before")]


def test_one_day_told_twice_in_a_file(bac_ninh: Area, tmp_path: Path) -> None:
    text = list_of(40, 42) + f"{FIRST},Bắc Ninh,40\n{FIRST},Bắc Ninh,44\n"
    upload = sent(tmp_path, text).upload
    assert (upload.taken, upload.already, upload.held) == (3, 1, 1)
    assert DailyCount.objects.exclude(hold="").get().hold == "day-twice"


@pytest.mark.parametrize(
    "name",
    ["Bắc Ninh", "bac ninh", "BẮC NINH", "Tỉnh Bắc Ninh", "Bắc-Ninh",
     "Ba\u0306\u0301c Ninh", "24", "Bac  Ninh Province"],
)  # fmt: skip
def test_provinces_are_found_however_they_are_written(bac_ninh: Area, tmp_path: Path, name: str) -> None:
    sent(tmp_path, list_of(7, province_is=name))
    assert cases_of(bac_ninh) == [7]


@pytest.mark.parametrize(
    ("name", "found"), [("TP. HCM", True), ("Ho Chi Minh City", True), ("Sài Gòn", True), ("Hồ", False)]
)
def test_short_names_that_everybody_knows(db: None, tmp_path: Path, name: str, found: bool) -> None:
    city = province("79", "Thành phố Hồ Chí Minh", since=date(2025, 7, 1))
    sent(tmp_path, list_of(7, province_is=name))
    assert cases_of(city) == ([7] if found else [])


def test_a_code_means_the_unit_of_its_day(bac_ninh: Area, tmp_path: Path) -> None:
    sent(tmp_path, "date,code,cases\n2021-06-01,24,5\n2025-12-01,24,6\n2020-06-01,27,1\n")
    told = standing().values_list("area__name", "day", "cases")
    assert sorted(told) == [
        ("Tỉnh Bắc Giang", date(2021, 6, 1), 5),
        ("Tỉnh Bắc Ninh", date(2020, 6, 1), 1),
        ("Tỉnh Bắc Ninh", date(2025, 12, 1), 6),
    ]


def test_a_name_beside_the_code_settles_or_contradicts_it(bac_ninh: Area, tmp_path: Path) -> None:
    upload = sent(
        tmp_path, "date,code,province,cases\n2021-06-01,24,Bắc Giang,5\n2021-06-02,27,Bắc Giang,5\n"
    ).upload
    assert refusals(upload) == [(3, "unit-mismatch")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2026-01-13,Bắc Ninh,4", "date-future"),
        ("1812-01-13,Bắc Ninh,4", "date-early"),
        ("2025-02-30,Bắc Ninh,4", "date-shape"),
        ("13/13/2025,Bắc Ninh,4", "date-shape"),
        (",Bắc Ninh,4", "date-missing"),
        ("2025-12-01,,4", "unit-missing"),
        ("2025-12-01,99,4", "unit-unknown"),
        ("2025-12-01,Bắc Ninh,", "number-missing"),
        ("2025-12-01,Bắc Ninh,4.5", "number-shape"),
        ("2025-12-01,Bắc Ninh,٤", "number-shape"),
        ("2025-12-01,Bắc Ninh,=1+1", "number-shape"),
        ("2025-12-01,Bắc Ninh,99999999999", "number-size"),
        ("2025-12-01,Bắc Ninh", "row-shape"),
        ("2025-12-01,Bắc\0 Ninh,4", "row-shape"),
    ],
)
def test_what_says_nothing_is_refused_with_its_code(
    bac_ninh: Area, tmp_path: Path, row: str, code: str
) -> None:
    upload = sent(tmp_path, f"date,province,cases\n{row}\n").upload
    assert refusals(upload) == [(2, code)]
    assert words.REFUSED[code]


@pytest.mark.parametrize(
    "day", ["2025-12-01", "2025-12-01T00:00:00", "1/12/2025", "01.12.2025", "01-12-2025"]
)
@pytest.mark.parametrize("number", ["1234", "1.234", "1,234", "+1234", "1234.0"])
def test_days_and_numbers_as_people_write_them(bac_ninh: Area, tmp_path: Path, day: str, number: str) -> None:
    sent(tmp_path, f"Ngày;Tỉnh/Thành phố;Số ca mới\n{day};Bắc Ninh;{number}\n".replace("/Thành phố", ""))
    assert [(d.day, d.cases) for d in series(bac_ninh)] == [(FIRST, 1234)]


@pytest.mark.parametrize(
    "body", [b"", b"date,cases\n", b"\xff\xfe\x00", b"province,new_cases\n", b"PK\x03\x04 no book", b"\x80\x81,b\n"]
)  # fmt: skip
def test_a_file_that_is_no_list_changes_nothing(bac_ninh: Area, tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(body)
    with pytest.raises(BadFile):
        commands.import_counts(file=file, name="bad.csv", within=None, actor=officer(), at=NINE)
    assert not CountUpload.objects.exists()


def test_an_office_sends_only_numbers_of_its_own_ground(bac_ninh: Area, tmp_path: Path) -> None:
    province("01", "Thành phố Hà Nội", since=date(2025, 7, 1))
    text = list_of(7) + "2025-12-01,Hà Nội,9\n"
    upload = sent(tmp_path, text, within=bac_ninh).upload
    assert refusals(upload) == [(3, "unit-elsewhere")]


def test_the_number_of_statements_does_not_grow_with_the_rows(
    bac_ninh: Area, tmp_path: Path, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        sent(tmp_path, list_of(*range(1_000), first=date(2022, 1, 1)))


def test_population_limits_what_one_day_can_bring(bac_ninh: Area, tmp_path: Path) -> None:
    Area.objects.filter(pk=bac_ninh.pk).update(population=1_000_000)
    upload = sent(tmp_path, list_of(10_001)).upload
    row = DailyCount.objects.get(upload=upload)
    assert (row.hold, row.against) == ("too-many-people", 1_000_000)
    assert "1\u202f000\u202f000" in str(words.held(row.hold, cases=row.cases, against=row.against))
