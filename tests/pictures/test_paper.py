"""What comes out of the printer: the paper, not the screen around it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_print_leaves_out_what_only_a_screen_needs(
    open_page: Callable[..., Page], pictures: Path, settings: Any
) -> None:
    settings.LACHAN_DEMO = True
    page = open_page("/styleguide", scheme="dark", width=720)
    page.emulate_media(media="print")
    page.screenshot(path=pictures / "styleguide-print.png", full_page=True)
    for screen_only in (".top", ".nav", ".filters", ".pager", "main a.button", "main button"):
        assert not page.locator(screen_only).first.is_visible(), screen_only
    expect(page.locator(".sheet-of-paper")).to_be_visible()
    expect(page.locator(".level-4").first).to_be_visible()
    # Ink on paper, even when the screen is dark.
    assert (
        page.locator("body").evaluate("(body) => getComputedStyle(body).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    assert page.locator("body").evaluate("(body) => getComputedStyle(body).color") == "rgb(0, 0, 0)"
