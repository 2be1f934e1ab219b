"""Pages: sending a list, deciding on what is held, curves, the map of a week."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lachan.centre.daily_counts import forms
from lachan.centre.daily_counts.queries.standing import series
from lachan.centre.daily_counts.tests.conftest import held_row, list_of, posting, province, sent
from lachan.centre.models import CountDecision, CountUpload, DailyCount
from lachan.core import areas
from lachan.core.models import Area, Role
from tests.rows import area_in, browser_of

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"centre:{name}", args=args)


@pytest.fixture
def centre(bac_ninh: Area) -> Client:
    return browser_of(posting(Role.CENTRE_OFFICER, areas.country()))


def upload(client: Client, text: str, name: str = "counts.csv") -> object:
    return client.post(url("counts"), {"file": SimpleUploadedFile(name, text.encode())})


def test_an_officer_sends_a_list_and_reads_what_became_of_it(centre: Client) -> None:
    text = list_of(40, 42, 38, 90_000, 44, 39) + "2025-12-09,Atlantis,4\n"
    answer = centre.post(url("counts"), {"file": SimpleUploadedFile("số liệu.csv", text.encode())})
    made = CountUpload.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, url("counts_upload", made.pk))
    page = centre.get(answer["Location"]).content.decode()
    assert "số liệu.csv" in page
    assert "more than 8 times the second highest" in page
    assert "No province has this name" in page
    again = centre.post(url("counts"), {"file": SimpleUploadedFile("again.csv", text.encode())}, follow=True)
    assert "imported before" in again.content.decode()
    assert CountUpload.objects.count() == 1


def test_the_page_says_of_how_many_provinces_the_people_are_not_counted(
    centre: Client, bac_ninh: Area
) -> None:
    assert "is not known of 1 province:" in centre.get(url("counts")).content.decode()
    Area.objects.filter(level=1).update(population=1_400_000)
    assert "lachan import population" not in centre.get(url("counts")).content.decode()


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"", "empty"), (b"a,b\n1,2\n", "no column date"), (b"date,cases\n", "province"), (b"\x80,b\n", "UTF-8"),
     (b"PK\x03\x04", "")],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_words(centre: Client, body: bytes, words: str) -> None:
    answer = centre.post(url("counts"), {"file": SimpleUploadedFile("a.csv", body)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not CountUpload.objects.exists()


def test_a_file_beyond_the_limit_is_refused(centre: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "LARGEST", 10)
    answer = centre.post(url("counts"), {"file": SimpleUploadedFile("a.csv", b"x" * 11)})
    assert answer.status_code == 422
    assert "larger than 20 MB" in answer.content.decode()
    assert centre.post(url("counts"), {}).status_code == 422


@pytest.mark.parametrize("verdict", ["released", "rejected"])
def test_a_person_decides_on_a_held_number(
    centre: Client, bac_ninh: Area, tmp_path: Path, verdict: str
) -> None:
    row = held_row(tmp_path)
    assert "Bắc Ninh" in centre.get(url("held_counts")).content.decode()
    assert "four weeks before and after" in centre.get(url("held_count", row.pk)).content.decode()
    address = url("decide_count", row.pk)
    assert centre.post(address, {"verdict": verdict, "reason": ""}).status_code == 422
    assert centre.post(address, {"verdict": verdict, "reason": "Đã hỏi"}).status_code == 303
    assert centre.post(address, {"verdict": verdict, "reason": "Đã hỏi"}).status_code == 409
    assert CountDecision.objects.get().verdict == verdict
    assert (90_000 in [d.cases for d in series(bac_ninh)]) == (verdict == "released")
    assert "Nothing is held back" in centre.get(url("held_counts")).content.decode()
    assert "Đã hỏi" in centre.get(url("held_count", row.pk)).content.decode()


def test_an_office_sees_and_decides_on_its_own_ground_only(bac_ninh: Area, tmp_path: Path) -> None:
    row = held_row(tmp_path)
    other = area_in(areas.country(), "01", "Thành phố Hà Nội", level=1, since=date(2025, 7, 1))
    stranger = browser_of(posting(Role.HEALTH_OFFICER, other))
    assert stranger.get(url("held_count", row.pk)).status_code == 404
    assert (
        stranger.post(url("decide_count", row.pk), {"verdict": "released", "reason": "x"}).status_code == 404
    )
    assert stranger.get(url("counts_upload", row.upload_id)).status_code == 404
    assert "Bắc Ninh" not in stranger.get(url("held_counts")).content.decode()
    own = browser_of(posting(Role.HEALTH_OFFICER, bac_ninh))
    assert own.get(url("counts_upload", row.upload_id)).status_code == 200
    refused = own.post(
        url("counts"), {"file": SimpleUploadedFile("a.csv", list_of(7, province_is="01").encode())}
    )
    assert "outside the area" in own.get(refused["Location"]).content.decode()


def test_pages_without_numbers_say_how_they_come(centre: Client) -> None:
    for name in ("counts", "held_counts", "curves", "wave"):
        page = centre.get(url(name))
        assert page.status_code == 200
        assert 'class="empty"' in page.content.decode(), name


def test_a_curve_says_its_measure_and_shows_what_is_held(
    centre: Client, bac_ninh: Area, tmp_path: Path
) -> None:
    held_row(tmp_path)
    page = centre.get(url("curve", bac_ninh.pk)).content.decode()
    assert "New cases a day, Tỉnh Bắc Ninh" in page
    assert "is held back and is not in the curve" in page
    assert re.search(r'class="held" d="M[\d.]+ 22', page)
    assert "203 cases in all; most on 05/12/2025: 44." in page
    assert "Tỉnh Bắc Ninh" in centre.get(url("curves")).content.decode()


def test_a_curve_is_saved_as_numbers_and_as_a_drawing(centre: Client, bac_ninh: Area, tmp_path: Path) -> None:
    held_row(tmp_path)
    answer = centre.get(url("curve_csv", bac_ninh.pk))
    assert answer["Content-Disposition"] == 'attachment; filename="daily-counts-24.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("date,code,province,new_cases")
    assert lines[5] == "2025-12-06,24,Tỉnh Bắc Ninh,39,40.6,"
    drawn = centre.get(url("curve_svg", bac_ninh.pk)).content.decode()
    root = ElementTree.fromstring(drawn)  # noqa: S314 - we wrote it
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "var(" not in drawn


def test_years_far_apart_are_shown_one_at_a_time(centre: Client, bac_ninh: Area, tmp_path: Path) -> None:
    for year in (2023, 2024, 2025):
        sent(tmp_path, list_of(year, first=date(year, 12, 1), province_is="24" if year == 2025 else "27"))
    one = province("27", "Tỉnh Bắc Ninh")
    assert "4,047 cases" in centre.get(url("curve", one.pk)).content.decode()
    page = centre.get(url("curves")).content.decode()
    assert '<strong aria-current="page">2025</strong>' in page
    assert "?year=2023" in page
    assert "01/12/2023 to 01/12/2023" in centre.get(url("curves") + "?year=2023").content.decode()
    assert "01/12/2023 to 01/12/2025" in centre.get(url("curves") + "?year=all").content.decode()
    for odd in ("?year=1066", "?year=%00", "?year=²", "?year=nan"):
        assert centre.get(url("curves") + odd).status_code == 200


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_drawing_stands_where_it_should_in_every_language(
    centre: Client, bac_ninh: Area, tmp_path: Path, language: str
) -> None:
    """A comma in a coordinate would be a list of places, one for each letter."""
    held_row(tmp_path)
    centre.cookies["language"] = language
    page = centre.get(url("curve", bac_ninh.pk), headers={"accept-language": language}).content.decode()
    places = re.findall(r' (?:x|y|dx|dy|d)="([^"]*)"', page[page.index("<svg viewBox") :])
    assert len(places) > 10
    assert not [place for place in places if "," in place]


def test_the_map_of_a_week_has_the_numbers_beside_it(centre: Client, bac_ninh: Area, tmp_path: Path) -> None:
    sent(tmp_path, list_of(*[100] * 14))
    page = centre.get(url("wave") + "?week=2025-12-03").content.decode()
    assert "New cases, 01/12/2025 to 07/12/2025" in page
    assert "shade-3" in page
    assert re.search(r'<td class="num" data-label="[^"]+">700</td>', page)
    assert 'max="1" value="0"' in page
    assert "08/12/2025 to 14/12/2025" in centre.get(url("wave") + "?place=1").content.decode()
    assert "08/12/2025 to 14/12/2025" in centre.get(url("wave") + "?place=99999").content.decode()


@pytest.mark.parametrize("asked", ["?week=yesterday", "?week=2025-13-01", "?week=9999-99-99"])
def test_a_week_that_is_none_is_not_found(centre: Client, asked: str) -> None:
    assert centre.get(url("wave") + asked).status_code == 404


def test_only_provinces_have_curves(centre: Client, bac_ninh: Area) -> None:
    commune = area_in(bac_ninh, "x1", "Xã Một")
    assert centre.get(url("curve", commune.pk)).status_code == 404
    assert centre.get(url("curve_svg", 2_000_000_001)).status_code == 404
    assert centre.get(url("curve", province().pk)).status_code == 200


def test_the_pages_do_not_ask_more_for_more_provinces(
    centre: Client, tmp_path: Path, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        province(f"9{number}", f"Tỉnh Thử {number}", since=date(2025, 7, 1))
    text = "date,province,cases\n" + "".join(
        f"2025-12-0{d},Thử {n},{n}\n" for n in range(20) for d in range(1, 8)
    )
    sent(tmp_path, text)
    assert DailyCount.objects.count() == 140
    for name in ("curves", "wave"):
        with django_assert_max_num_queries(16):  # type: ignore[operator]
            assert centre.get(url(name)).status_code == 200
