"""The first page that anybody sees, photographed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache

from lachan.site import demo

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _demo(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    settings.LACHAN_DEMO = True
    shown = [
        demo.SignIn("tracer", demo.PASSWORD, "Nhân viên truy vết", "Quận 1"),
        demo.SignIn(
            "lab-verifier", demo.PASSWORD, "Người duyệt kết quả", "Viện Pasteur Thành phố Hồ Chí Minh"
        ),
        demo.SignIn("gate-guard", demo.PASSWORD, "Trực chốt", "Chốt cầu Sài Gòn"),
    ]
    monkeypatch.setattr(demo, "existing", lambda: shown)


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 360), ("light", 1280)])
def test_sign_in_is_photographed_and_open_to_all(
    open_page: Callable[..., Page], pictures: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    page = open_page("/sign-in/", scheme=scheme, width=width)
    page.screenshot(path=pictures / f"sign-in-{scheme}-{width}.png", full_page=True)
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_page_that_is_not_there_is_photographed(open_page: Callable[..., Page], pictures: Path) -> None:
    page = open_page("/no-such-page", width=360)
    page.screenshot(path=pictures / "not-found-light-360.png", full_page=True)
    assert page.locator(".error-code").inner_text().startswith("404-")
