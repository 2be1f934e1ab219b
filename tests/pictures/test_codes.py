# ruff: noqa: F811 (a fixture is named where it comes from and where it is used)
"""Personal codes as people meet them: on their telephone, with and without a connection, on paper, and at a gate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image
from playwright.sync_api import expect

from lachan.codecs.live_code import LIVE_PREFIX
from lachan.codecs.signed_code import check_signed_code, make_signed_code
from lachan.core import clock
from lachan.core.models import Person
from lachan.platform import code_keys, personal_codes
from tests.pictures.looks import check
from tests.pictures.test_health_book import entered, family  # noqa: F401 (a fixture)
from tests.town import Town

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., "Page"]


def seen(picture: Path) -> str:
    """What a camera reads off the screen."""
    [found] = zxingcpp.read_barcodes(Image.open(picture))
    return found.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_code_on_the_telephone_renews_itself_says_when_it_is_old_and_comes_back(
    open_page: Open,
    family: tuple[Town, Person],
    pictures: Path,
    scheme: str,
) -> None:
    page = entered(open_page, width=360, scripted=True, scheme=scheme)
    record = page.url
    page.clock.install()
    page.goto(record)
    code, stale = page.locator("[data-live]"), page.locator("[data-stale]")
    code.scroll_into_view_if_needed()
    page.locator(".person-code").screenshot(path=pictures / f"code-live-{scheme}-360.png")
    assert seen(pictures / f"code-live-{scheme}-360.png").startswith(LIVE_PREFIX)
    with page.expect_response("**/live") as answer:
        page.clock.fast_forward(31_000)
    assert answer.value.ok
    expect(stale).to_be_hidden()

    page.context.set_offline(True)
    page.clock.fast_forward(31_000)
    expect(stale).to_be_hidden()
    page.clock.fast_forward(31_000)
    stale.wait_for(state="visible")
    expect(stale).to_contain_text("Mã này đã quá hạn", use_inner_text=True)
    page.locator(".person-code").screenshot(path=pictures / f"code-stale-{scheme}-360.png")
    assert not zxingcpp.read_barcodes(Image.open(pictures / f"code-stale-{scheme}-360.png"))

    page.context.set_offline(False)
    stale.wait_for(state="hidden")
    page.locator(".person-code").screenshot(path=pictures / f"code-again-{scheme}-360.png")
    assert seen(pictures / f"code-again-{scheme}-360.png").startswith(LIVE_PREFIX)
    check(page, pictures / f"code-record-{scheme}-360.png", 360)


def test_without_script_the_code_says_until_when_it_holds_and_a_link_shows_the_next(
    open_page: Open,
    family: tuple[Town, Person],
    pictures: Path,
) -> None:
    page = entered(open_page, width=360, scripted=False)
    expect(page.locator(".person-code")).to_contain_text("Có hiệu lực đến", use_inner_text=True)
    expect(page.locator(".person-code")).to_contain_text("Khi đó hãy hiện mã mới", use_inner_text=True)
    page.get_by_role("link", name="Hiện mã mới").click()
    page.locator(".person-code").screenshot(path=pictures / "code-plain-360.png")
    page.get_by_role("link", name="Mã trên giấy").click()
    page.screenshot(path=pictures / "code-paper-360.png", full_page=True)
    text = seen(pictures / "code-paper-360.png")
    assert check_signed_code(text, code_keys.current().public).code == family[1].code
    page.emulate_media(media="print")
    page.screenshot(path=pictures / "code-paper-print.png", full_page=True)


def test_the_guard_sees_that_a_code_is_forged_or_a_picture(
    open_page: Open,
    family: tuple[Town, Person],
    pictures: Path,
) -> None:
    town, ba = family
    page = open_page("/checkpoints/", width=360, user=town.staff["gate_guard"].user)
    stranger = make_signed_code(
        ba.code, Ed25519PrivateKey.generate(), issued_on=clock.local_date(clock.now())
    )
    shown = personal_codes.shown(ba.code, at=clock.now())
    assert shown is not None
    for text, said, name in (
        (stranger, "Mã không phải của hệ thống", "forged"),
        (shown.text, "Lê Văn Bá", "live"),
        (shown.text, "vừa được quét tại đây", "picture"),
    ):
        page.locator("#code").fill(text)
        page.locator("#code").press("Enter")
        page.get_by_text(said).first.wait_for()
        check(page, pictures / f"code-at-gate-{name}-360.png", 360)
    expect(page.get_by_text("mã đã được quét tại đây").first).to_be_visible()

    officer = open_page("/checkpoints/doubtful/", width=360, user=town.staff["commune_officer"].user)
    expect(officer.locator("main")).to_contain_text("chữ ký sai", use_inner_text=True)
    check(officer, pictures / "codes-in-doubt-360.png", 360)
