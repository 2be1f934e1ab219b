"""The shared components as people see them: photographed, measured, read by axe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (360, 1280)]
HEAVIEST = 200_000


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.LACHAN_DEMO = True


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_styleguide_is_photographed(
    open_page: Callable[..., Page], pictures: Path, scheme: str, width: int
) -> None:
    page = open_page("/styleguide", scheme=scheme, width=width)
    page.wait_for_load_state("networkidle")
    file = pictures / f"styleguide-{scheme}-{width}.png"
    page.screenshot(path=file, full_page=True)
    assert file.stat().st_size > 50_000


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_styleguide_has_no_serious_fault_of_access(
    open_page: Callable[..., Page], scheme: str, width: int
) -> None:
    page = open_page("/styleguide", scheme=scheme, width=width)
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    found = Axe().run(page).response["violations"]
    serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
    assert serious == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_never_scrolls_sideways_on_a_phone(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page("/styleguide", scheme=scheme, width=360)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_page_is_light_and_asks_this_machine_only(open_page: Callable[..., Page]) -> None:
    page = open_page("/sign-in/")
    sizes: list[int] = []
    hosts: set[str | None] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("response", lambda response: sizes.append(len(response.body())))
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(page.url.replace("/sign-in/", "/styleguide"))
    page.wait_for_load_state("networkidle")
    assert hosts <= {"localhost", "127.0.0.1"}
    assert len(sizes) >= 5, "page, style, script, htmx, shield"
    assert sum(sizes) < HEAVIEST
    assert errors == [], "the content security policy refused something"


TOUCHED = ".button, .nav a, select, main input:not([type=checkbox], [type=radio], [type=hidden])"


def test_buttons_are_big_enough_for_a_thumb(open_page: Callable[..., Page]) -> None:
    page = open_page("/styleguide", width=360)
    low = page.evaluate(
        """(touched) => [...document.querySelectorAll(touched)]
            .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 44)
            .map((each) => each.outerHTML)""",
        TOUCHED,
    )
    assert low == []


def test_every_component_is_shown_without_script(open_page: Callable[..., Page]) -> None:
    page = open_page("/styleguide", java_script_enabled=False)
    for name in (
        "button", "field", "error-summary", "verdict", "badge", "table", "pager", "filters", "timeline", "stat",
        "empty", "progress", "toast", "why", "masked", "person", "level", "area",
    ):  # fmt: skip
        assert page.locator(f".{name}").count() > 0, name
    page.locator("details.why summary").first.click()
    expect(page.locator("details.why .why-body").first).to_be_visible()


def test_confirm_dialog_holds_the_button_back_until_yes(open_page: Callable[..., Page]) -> None:
    page = open_page("/styleguide")
    page.evaluate(
        "document.querySelector('[data-confirm]').addEventListener('click', () => { document.title = 'went'; })"
    )
    page.locator("[data-confirm]").click()
    page.locator("#sample-dialog [value=no]").click()
    assert page.title() != "went"
    page.locator("[data-confirm]").click()
    page.locator("#sample-dialog [value=yes]").click()
    expect(page).to_have_title("went")


def test_selecting_all_counts_the_rows(open_page: Callable[..., Page]) -> None:
    page = open_page("/styleguide")
    page.locator("[data-pick-all]").check()
    expect(page.locator("[data-picked]")).to_have_text("5", use_inner_text=True)


def test_display_switch_is_remembered(open_page: Callable[..., Page]) -> None:
    page = open_page("/styleguide")
    page.locator("details.account summary").click()
    page.locator("[data-theme-switch]").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
