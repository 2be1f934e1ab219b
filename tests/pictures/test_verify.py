"""The page on which anybody checks a certificate, as a phone in sunlight shows it: large, by keyboard, read by axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from lachan.codecs import qr
from lachan.core import clock
from lachan.issuer.models import Publication
from lachan.issuer.tests.codes import every_sort, publish
from lachan.issuer.tests.conftest import Office, office_at

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., "Page"]
BANDS = {
    "valid": "HỢP LỆ", "revoked": "KHÔNG HỢP LỆ", "kid-unknown": "KHÔNG HỢP LỆ",
    "kid-unknown-foreign": "KHÔNG XÁC MINH ĐƯỢC",
}  # fmt: skip


@pytest.fixture
def office() -> Office:
    """Of this very moment: the browser's requests do not know a frozen clock."""
    found = office_at(clock.now())
    found.key_in_use(clock.now())
    return found


@pytest.fixture
def codes(office: Office) -> dict[str, str]:
    return every_sort(office, clock.now())


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "light")])
def test_verdicts_are_photographed_and_fit_the_screen(
    open_page: Open, office: Office, codes: dict[str, str], pictures: Path, width: int, scheme: str
) -> None:
    page = open_page("/verify", width=width, scheme=scheme)
    check(page, pictures / f"verify-form-{scheme}-{width}.png", width)
    for sort, band in BANDS.items():
        ask(page, codes[sort])
        expect(page.locator(".verdict-band")).to_have_text(band, use_inner_text=True)
        check(page, pictures / f"verify-{sort}-{scheme}-{width}.png", width)
    Publication.objects.all().delete()
    publish(office, clock.now() - timedelta(days=2))
    ask(page, codes["valid"])
    expect(page.locator(".verdict.check")).to_be_visible()
    check(page, pictures / f"verify-old-{scheme}-{width}.png", width)


def ask(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    with page.expect_navigation():
        page.get_by_role("button", name="Kiểm tra", exact=True).click()


def test_a_photograph_is_checked_without_script(open_page: Open, codes: dict[str, str]) -> None:
    page = open_page("/verify", width=360, java_script_enabled=False)
    photo: FilePayload = {
        "name": "a.png",
        "mimeType": "image/png",
        "buffer": qr.png(codes["valid"], 6, level="Q"),
    }
    page.locator("#picture").set_input_files([photo])
    page.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(page.locator(".verdict.pass")).to_be_visible()
    expect(page.locator("#camera")).to_be_hidden()


def test_with_script_a_chosen_picture_is_sent_by_itself(open_page: Open, codes: dict[str, str]) -> None:
    page = open_page("/verify", width=360)
    photo: FilePayload = {
        "name": "a.png",
        "mimeType": "image/png",
        "buffer": qr.png(codes["revoked"], 6, level="Q"),
    }
    page.locator("#picture").set_input_files([photo])
    page.locator(".verdict.stop").wait_for()
    assert page.evaluate("document.activeElement.classList.contains('result')")


def test_the_form_is_used_by_keyboard_alone(open_page: Open, codes: dict[str, str]) -> None:
    page = open_page("/verify", width=360)
    page.locator("#text").focus()
    page.keyboard.insert_text(codes["valid"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".verdict.pass").wait_for()


def check(page: Page, picture: Path, width: int) -> None:
    page.screenshot(path=picture, full_page=True)
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, picture.name
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], picture.name
