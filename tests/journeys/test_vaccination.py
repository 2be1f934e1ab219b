"""Vaccination as its people live it, in a browser, in Vietnamese: from the registration to a certificate that anybody
can check; from a serious reaction to a held lot; from a wrong birth date to a new certificate."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from lachan.core.models import Person, Role
from tests.book import SHOWN_PHONE, code_on
from tests.journeys.vaccination_day import (
    NAME,
    Day,
    Open,
    begin,
    certificate_in,
    examined,
    open_book,
    vaccinated,
    verify,
)
from tests.town import Town

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def day(town: Town, open_page: Open, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Day:
    return begin(town, open_page, monkeypatch, settings)


def register(day: Day) -> None:
    page = day.open_page("/vaccination/register", width=360)
    page.get_by_label("Họ và tên").fill(NAME)
    page.get_by_label("Ngày sinh").fill("5/3/1980")
    page.get_by_label("Nhóm ưu tiên").select_option("9")
    page.get_by_label("Xã, phường bạn muốn tiêm").press_sequentially("hai chau")
    page.locator("[role=option]").first.click()
    page.get_by_label("Số điện thoại").fill(SHOWN_PHONE)
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    page.locator("#id_code").fill(code_on(page))
    page.get_by_role("button", name="Đăng ký").click()
    expect(page.locator("h1")).to_have_text("Bạn đã đăng ký")


def approve(day: Day) -> None:
    page = day.desk(f"{Role.VACCINE_OFFICER}-above")
    page.get_by_role("link", name="Đăng ký tiêm chủng chờ xét duyệt").click()
    page.get_by_text("Quyết định các đăng ký này").click()
    page.get_by_role("row").filter(has_text=NAME).get_by_role("checkbox").check()
    page.get_by_role("button", name="Duyệt các đăng ký đã chọn").click()
    expect(page.locator(".messages")).to_contain_text("Đã duyệt và phân bổ 1 đăng ký")


def plan_and_invite(day: Day) -> None:
    """For tomorrow at half past seven at the only site, as the form says by itself."""
    page = day.desk(Role.VACCINE_OFFICER, "/vaccination/sessions/")
    page.get_by_role("link", name="Lập kế hoạch buổi tiêm").click()
    page.get_by_label("Vắc xin").select_option("comirnaty")
    page.get_by_label("Số chỗ").fill("20")
    page.get_by_role("button", name="Lập buổi tiêm").click()
    page.get_by_role("button", name="Gửi thư mời").click()
    expect(page.locator(".messages")).to_contain_text("Đã mời 1 người")


def accept(book: Page) -> None:
    expect(book.locator("main")).to_contain_text("07:30 24/11/2026")
    book.get_by_role("link", name="Trả lời thư mời").click()
    book.get_by_role("button", name="Tôi sẽ đến").click()
    expect(book.locator(".messages")).to_contain_text("Điểm tiêm chờ bạn đến")


def walk_the_line(day: Day) -> None:
    """Reception by the code, examination, injection out of a fresh vial, half an hour on a chair."""
    page = day.desk(Role.VACCINATOR, "/vaccination/line/")
    steps = page.get_by_role("navigation", name="Các bước của dây chuyền")
    steps.get_by_role("link", name="Tiếp nhận").click()
    page.locator("#scan").fill(f"LC1:{Person.objects.get(name=NAME).code}")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_contain_text("Được mời đến buổi tiêm này")
    steps.get_by_role("link", name="Khám sàng lọc").click()
    page.get_by_label("Nhiệt độ").fill("36,6")
    page.get_by_label("Mạch").fill("76")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Đủ điều kiện tiêm chủng")
    steps.get_by_role("link", name="Tiêm").click()
    page.get_by_role("button", name="Mở một lọ").click()
    page.get_by_role("button", name="Đã tiêm: ghi nhận").click()
    expect(page.locator(".messages")).to_contain_text("đã ghi nhận Mũi cơ bản 1/2")
    steps.get_by_role("link", name="Theo dõi").click()
    expect(page.locator("main")).to_contain_text("Còn 30 phút")
    day.wait(minutes=30)
    page.reload()
    page.get_by_role("button", name="Bình thường: cho về").click()
    expect(page.locator(".messages")).to_contain_text("Số 1")


def test_a_registration_ends_in_a_certificate_that_anybody_can_check(day: Day) -> None:
    register(day)
    approve(day)
    plan_and_invite(day)
    day.loop()
    accept(open_book(day))
    day.wait(hours=23, minutes=35)
    walk_the_line(day)
    day.loop()
    book = open_book(day)
    expect(book.locator("#doses").locator("..")).to_contain_text("Pfizer-BioNTech (Comirnaty)")
    page = verify(day, certificate_in(book))
    expect(page.locator(".verdict")).to_contain_text("HỢP LỆ")
    expect(page.locator("main")).to_contain_text(NAME)


def tell_of_a_reaction(book: Page) -> None:
    book.get_by_role("link", name="Báo phản ứng sau tiêm").click()
    book.get_by_label("khó thở").check()
    book.get_by_label("phải nhập viện").check()
    book.get_by_role("button", name="Gửi").click()
    expect(book.locator(".messages")).to_contain_text("gọi 115")


def hold_the_lot(day: Day) -> None:
    """From the desk over the reaction to its lot; the investigation is due a day after it was told."""
    page = day.desk(Role.VACCINE_OFFICER)
    page.get_by_role("link", name="Tai biến nặng sau tiêm").click()
    due = f"phải điều tra trước {day.at + timedelta(days=1):%H:%M %d/%m/%Y}"
    expect(page.get_by_role("row").filter(has_text=NAME)).to_contain_text(due)
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("link", name="Lô vắc xin: tạm dừng hoặc thu hồi").click()
    page.get_by_text("Tạm dừng lô").click()
    page.get_by_label("Lý do").fill("Khó thở phải nhập viện, chờ điều tra")
    page.get_by_role("button", name="Tạm dừng ngay").click()
    expect(page.locator(".messages")).to_contain_text("không liều nào được dùng")


def test_a_serious_reaction_is_called_at_once_and_its_lot_refused_at_the_table(day: Day) -> None:
    dose = vaccinated(day)
    assert dose.visit is not None
    examined(day, dose.visit.session, day.town.resident("Trần Văn Nam"))
    table = day.desk(Role.VACCINATOR, f"/vaccination/line/{dose.visit.session_id}/injection")
    expect(table.locator(".verdict")).to_contain_text("ĐƯỢC TIÊM")
    tell_of_a_reaction(open_book(day))
    day.loop()
    queue = day.desk(f"{Role.CALL_AGENT}-above", "/response/")
    expect(queue.get_by_role("listitem").filter(has_text="phản ứng sau tiêm")).to_contain_text("khẩn")
    hold_the_lot(day)
    table.get_by_role("button", name="Đã tiêm: ghi nhận").click()
    expect(table.locator(".messages")).to_contain_text("Lô đang tạm dừng")
    expect(table.locator(".verdict")).to_contain_text("KHÔNG ĐƯỢC TIÊM")
    expect(table.get_by_role("button", name="Đã tiêm: ghi nhận")).to_have_count(0)
    day.lot.refresh_from_db()
    assert day.lot.movements.filter(kind="given").count() == 1


def ask_for_the_right_date(book: Page) -> None:
    book.get_by_role("link", name="Đề nghị đính chính").click()
    book.get_by_role("link", name="Ngày sinh").click()
    book.get_by_label("Nội dung đúng là gì?").fill("3/5/1981")
    book.get_by_label("Giấy tờ nào chứng minh?").fill("Giấy khai sinh")
    book.get_by_role("button", name="Gửi").click()
    expect(book.locator("main")).to_contain_text("Ngày sinh: đang chờ")


def confirm_it(day: Day) -> None:
    page = day.desk(Role.VACCINATOR)
    page.get_by_role("link", name="Đề nghị đính chính hồ sơ đang chờ").click()
    page.get_by_role("link", name=NAME).click()
    expect(page.locator("main")).to_contain_text("05/03/1980")
    page.get_by_label("Đính chính hồ sơ").check()
    page.get_by_label("Giấy tờ đã xem").fill("Đã xem giấy khai sinh")
    page.get_by_role("button", name="Quyết định").click()
    expect(page.locator("main")).to_contain_text("Ngày sinh: đã đính chính")


def test_a_wrong_birth_date_is_put_right_and_only_the_new_certificate_counts(day: Day) -> None:
    vaccinated(day)
    book = open_book(day)
    wrong, record = certificate_in(book), book.url
    expect(verify(day, wrong).locator(".verdict")).to_contain_text("HỢP LỆ")
    ask_for_the_right_date(book)
    confirm_it(day)
    day.wait(minutes=5)
    day.loop()
    book.goto(record)
    right = verify(day, certificate_in(book))
    expect(right.locator(".verdict")).to_contain_text("HỢP LỆ")
    expect(right.locator("main")).to_contain_text("03/05/1981")
    expect(verify(day, wrong).locator(".verdict")).to_contain_text("đã thu hồi chứng nhận này")
    book.get_by_role("link", name="Đề nghị đính chính").click()
    expect(book.locator("main")).to_contain_text("05/03/1980 → 03/05/1981")
