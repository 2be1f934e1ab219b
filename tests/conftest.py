"""A real browser for tests of pages: Debian's Chromium, without which they fail and say so."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.town import Town, build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


Scheme = Literal["light", "dark"]
CHROMIUM = Path("/usr/bin/chromium")
PICTURES = Path(__file__).resolve().parent.parent / "test-pictures"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the tests of a file; after it no loop of Playwright's is in the way of other tests."""
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        pytest.fail("These tests need Chromium: apt-get install -y chromium")
    # Playwright's own event loop runs in this thread, and Django would take it for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`open_page("/styleguide", width=360, scheme="dark", user=somebody)`: a page that may ask this machine only."""
    contexts = []

    def opened(
        path: str,
        *,
        width: int = 1280,
        scheme: Literal["light", "dark"] = "light",
        user: Any = None,
        **more: Any,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            **more,
        )
        context.set_default_timeout(30_000)  # against hanging: a busy machine is not a failure
        contexts.append(context)
        if user is not None:
            _sign_in(context, live_server.url, user)
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def browser_page(open_page: Callable[..., Page]) -> Page:
    """A blank signed-out page on the live server's sign-in."""
    return open_page("/sign-in/")


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where tests put what they photographed (git-ignored)."""
    PICTURES.mkdir(exist_ok=True)
    return PICTURES


def _sign_in(context: Any, url: str, user: Any) -> None:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}])


@pytest.fixture
def town(db: None) -> Town:
    """A small town with people's places and staff (`tests/town.py`)."""
    return build()
