"""Taking in a report: to whom it goes, by when, and what of a picture is kept."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from lachan.core.models import EventRow
from lachan.systems.feedback.commands import CannotFile
from lachan.systems.feedback.models import Photo, Report
from lachan.systems.feedback.queries.policy import NoSuchCategory
from lachan.systems.feedback.tests.conftest import (
    NINE,
    commune,
    country,
    district,
    filed,
    province,
    turn_of,
)

pytestmark = pytest.mark.django_db


def picture(*, place: str = "", size: tuple[int, int] = (3_000, 2_000), form: str = "JPEG") -> bytes:
    made = Image.new("RGB", size, (200, 120, 40))
    exif = Image.Exif()
    exif[0x010E] = place  # ImageDescription
    exif[0x0112] = 6  # lies on its side
    kept = io.BytesIO()
    made.save(kept, form, exif=exif) if form == "JPEG" else made.save(kept, form)
    return kept.getvalue()


def test_a_report_goes_to_the_commune_with_its_clock() -> None:
    report = filed("crowd")
    turn = turn_of(report)
    assert (turn.area, turn.step, turn.top) == (commune(), 0, False)
    assert turn.due_at == NINE + timedelta(hours=4)
    assert EventRow.objects.get(pk=report.filing_event_id).kind == "ReportFiled"


@pytest.mark.parametrize(
    ("category", "unit"), [("crowd", commune), ("medical", district), ("volunteer", province)]
)
def test_the_category_says_where_it_begins(category: str, unit: object) -> None:
    assert turn_of(filed(category)).area == unit()  # type: ignore[operator]


def test_a_report_about_a_whole_province_begins_there() -> None:
    assert turn_of(filed("crowd", area=province())).area == province()
    assert turn_of(filed("crowd", area=country())).top


def test_urgent_reports_are_told_as_such() -> None:
    filed("suspected", phone="+84912345678")
    filed("suspected")
    filed("hardship")
    told = EventRow.objects.filter(kind="UrgentReportFiled").order_by("id")
    assert [row.facts["call_back"] for row in told] == [True, False]


def test_what_is_told_of_a_report_has_none_of_its_words() -> None:
    filed("crowd", phone="+84912345678")
    told = str(list(EventRow.objects.values_list("facts", flat=True)))
    assert "Quán" not in told
    assert "912345678" not in told


def test_a_telephone_number_is_sealed() -> None:
    report = filed(phone="+84912345678")
    assert b"912345678" not in bytes(report.sealed_phone or b"")
    assert Report.objects.get(pk=report.pk).phone == "+84912345678"


def test_a_picture_keeps_nothing_but_what_is_seen() -> None:
    photo = Photo.objects.get(report=filed(pictures=(picture(place="10.7769,106.7009 Nguyen Van A"),)))
    assert b"Nguyen" not in bytes(photo.body)
    opened = Image.open(io.BytesIO(bytes(photo.body)))
    assert not dict(opened.getexif())
    assert opened.size == (photo.width, photo.height)
    assert photo.height > photo.width  # set upright
    assert max(opened.size) <= 1_600


def test_several_pictures_are_kept_in_their_order_and_one_too_many_is_refused() -> None:
    small = [picture(size=(40 + n, 30), form="PNG") for n in range(5)]
    report = filed(pictures=tuple(small[:4]))
    assert [p.width for p in report.photos.order_by("number")] == [40, 41, 42, 43]
    with pytest.raises(CannotFile, match="picture-many"):
        filed(pictures=tuple(small))
    with pytest.raises(CannotFile, match="picture-format"):
        filed(pictures=(small[0], b"GIF89a"))
    assert Report.objects.count() == 1


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_pictures_become_jpeg(form: str) -> None:
    photo = Photo.objects.get(report=filed(pictures=(picture(form=form, size=(60, 40)),)))
    assert bytes(photo.body).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"GIF89a" + b"\0" * 40, "picture-format"),
        (b"<svg onload=alert(1)>", "picture-format"),
        (b"\xff\xd8\xff" + b"\0" * 12_000_000, "picture-length"),
        (b"\xff\xd8" + b"\xff\xda" * 101, "picture-scans"),
        (picture(size=(90, 90))[:400], "picture-broken"),
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_is_kept(file: bytes, code: str) -> None:
    with pytest.raises(CannotFile) as refused:
        filed(pictures=(file,))
    assert refused.value.code in {code, "picture-format"}
    assert not Report.objects.exists()


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    made = io.BytesIO()
    Image.new("1", (7_000, 7_000)).save(made, "PNG")
    with pytest.raises(CannotFile, match="picture-size"):
        filed(pictures=(made.getvalue(),))


def test_nothing_said_and_unknown_categories_are_refused() -> None:
    with pytest.raises(CannotFile, match="report-empty"):
        filed(text=" \n ")
    with pytest.raises(NoSuchCategory):
        filed("gossip")
    assert not Report.objects.exists()
