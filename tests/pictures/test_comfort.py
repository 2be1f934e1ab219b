"""What the one script adds, in a real browser; each works without it too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from lachan.core.models import Area
from lachan.core.names import search_key

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.LACHAN_DEMO = True


@pytest.fixture
def ward() -> Area:
    above: Area | None = None
    for level, name in ((1, "Thành phố Hồ Chí Minh"), (2, "Quận 1"), (3, "Phường Bến Nghé")):
        above = Area.objects.create(
            code=str(level), level=level, name=name, search_key=search_key(name), parent=above,
            path=f"/{level}/", valid_from=date(2000, 1, 1),
        )  # fmt: skip
    assert above is not None
    return above


def test_area_is_chosen_by_keyboard_alone(open_page: Callable[..., Page], ward: Area) -> None:
    page = open_page("/styleguide")
    box = page.locator("#new_area")
    box.press_sequentially("ben nghe")
    page.locator("#new_area_list [role=option]").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    assert (
        page.locator(f"#{box.get_attribute('aria-activedescendant')}").get_attribute("aria-selected")
        == "true"
    )
    box.press("Enter")
    expect(box).to_have_value("Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh")
    expect(page.locator("#new_area_id")).to_have_value(str(ward.pk))
    box.press("x")
    expect(page.locator("#new_area_id")).to_have_value("")  # words typed after the choice undo it


def test_area_is_chosen_by_pointer(open_page: Callable[..., Page], ward: Area) -> None:
    page = open_page("/styleguide", width=360)
    page.locator("#new_area").press_sequentially("ben nghe quan 1")
    page.locator("#new_area_list [role=option]").first.click()
    expect(page.locator("#new_area_id")).to_have_value(str(ward.pk))


def test_screen_locks_when_nobody_is_there(open_page: Callable[..., Page], django_user_model: Any) -> None:
    somebody = django_user_model.objects.create_user("somebody")
    page = open_page("/sign-in/", user=somebody)
    page.clock.install()
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + "/styleguide")
    minutes = int(page.locator("body").get_attribute("data-idle-minutes") or 0)
    assert minutes > 0
    page.clock.run_for(minutes * 60_000 - 1_000)
    expect(page.locator(".lock")).to_have_count(0)
    page.clock.run_for(2_000)
    expect(page.locator(".lock")).to_be_visible()
    assert page.locator("#main").evaluate("(main) => main.inert")
    page.locator(".lock button").click()
    expect(page.locator(".lock")).to_have_count(0)
    assert not page.locator("#main").evaluate("(main) => main.inert")


def test_scan_box_takes_the_focus_back_but_not_from_other_work(
    open_page: Callable[..., Page], django_user_model: Any
) -> None:
    page = open_page("/styleguide", user=django_user_model.objects.create_user("somebody"))
    box = page.locator("#id_code")
    box.evaluate("(box) => box.setAttribute('data-scan', '')")
    box.focus()
    box.evaluate("(box) => box.blur()")
    expect(box).to_be_focused()
    page.locator("#new_name").focus()
    page.wait_for_timeout(400)
    assert page.evaluate("document.activeElement.id") == "new_name"


def test_toast_shows_text_as_text_and_can_be_closed(open_page: Callable[..., Page]) -> None:
    page = open_page("/styleguide")
    page.evaluate(
        "document.body.dispatchEvent(new CustomEvent('toast', { detail: { text: '<b>Hết giường</b>', tone: 'stop' } }))"
    )
    toast = page.locator("#toasts .toast")
    expect(toast.locator("p")).to_have_text("<b>Hết giường</b>", use_inner_text=True)
    toast.locator("[data-dismiss]").click()
    expect(toast).to_have_count(0)
