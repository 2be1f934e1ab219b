"""Into one's health book as a person goes: number, code, oneself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

SHOWN_PHONE = "0905 123 456"


def code_on(page: Page) -> str:
    """The code that the demonstration shows instead of a text message."""
    found = re.search(r"\d{3} \d{4}", page.locator("body").inner_text())
    assert found is not None
    return found[0]


def enter_book(page: Page) -> None:
    """From the first page of the health book to the book, or to the choice of whose."""
    page.locator("#id_phone").fill(SHOWN_PHONE)
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    page.locator("#id_code").fill(code_on(page))
    page.get_by_role("button", name="Mở sổ").click()
