"""The health book as a citizen sees it on a phone: without script, light, never scrolling sideways, read by axe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from lachan.core import access, clock, persons
from lachan.core.access import Purpose
from lachan.core.models import IdentifierKind, Person
from tests.book import enter_book
from tests.pictures.looks import check
from tests.town import Town, build, moment

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+84905123456"
Open = Callable[..., "Page"]


@pytest.fixture
def family(settings: Any) -> tuple[Town, Person]:
    """Ba and his daughter share a telephone; both are contacts of Hoà, who is positive; staff looked at his record."""
    settings.LACHAN_DEMO = True
    town = build()
    home = town.household()
    hoa, ba = town.resident("Trần Thị Hoà"), town.resident("Lê Văn Bá", home=home, sex="m")
    be = town.resident("Lê Thị Bé", home=home)
    for person in (ba, be):
        persons.claim_identifier(person, IdentifierKind.PHONE, PHONE, at=moment(-20))
    town.visit(hoa, town.market, moment(0, 9))
    town.visit(ba, town.market, moment(0, 9, 15))
    town.test(hoa, outcome="positive", at=moment(2, 8))
    town.loop(moment(2, 8, 1))
    town.test(ba, outcome="negative", at=moment(3, 8))
    town.loop(moment(3, 9))
    for role, part in (("tracer", "interview"), ("commune_officer", "record"), ("gate_guard", "scan")):
        posting = town.staff[role].postings.get()
        access.note_reads([ba.pk], posting, purpose=Purpose.TRACING, part=part, at=clock.now())
    return town, ba


def entered(open_page: Open, *, width: int, scripted: bool, scheme: str = "light") -> Page:
    """The way in as people go it: number, code (shown by the demonstration), oneself."""
    page = open_page("/health-book/", width=width, scheme=scheme, java_script_enabled=scripted)
    enter_book(page)
    page.get_by_role("button", name="Bá").click()
    return page


def test_the_book_opens_without_script_and_weighs_little(
    open_page: Open, family: tuple[Town, Person]
) -> None:
    page = entered(open_page, width=360, scripted=False)
    expect(page.locator("h1")).to_have_text("Lê Văn Bá", use_inner_text=True)
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (Playwright marks its handlers)
    page.reload()
    page.wait_for_load_state("load")
    assert len(answers) >= 3
    assert sum(answer.request.sizes()["responseBodySize"] for answer in answers) < 200_000
    page.get_by_role("link", name="Ai đã xem, vì sao").click()
    expect(page.locator("main")).to_contain_text("Nhân viên truy vết, Phường Hải Châu", use_inner_text=True)


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 360), ("light", 1280)])
def test_the_book_is_photographed_and_fits_the_screen(
    open_page: Open, family: tuple[Town, Person], pictures: Path, scheme: str, width: int
) -> None:
    _town, ba = family
    outside = open_page("/health-book/sign-in", width=width, scheme=scheme)
    check(outside, pictures / f"book-sign-in-{scheme}-{width}.png", width)
    page = entered(open_page, width=width, scripted=True, scheme=scheme)
    check(page, pictures / f"book-record-{scheme}-{width}.png", width)
    read = ba.reads.filter(posting_id__isnull=False).latest("pk")
    for name, path in (
        ("reads", f"/health-book/{ba.code}/reads/?own=1"), ("ask", f"/health-book/{ba.code}/reads/{read.pk}"),
        ("family", "/health-book/family"), ("devices", "/health-book/devices"),
    ):  # fmt: skip
        page.goto(page.url.split("/health-book/")[0] + path)
        check(page, pictures / f"book-{name}-{scheme}-{width}.png", width)


def test_the_list_of_looks_prints_on_a4(open_page: Open, family: tuple[Town, Person], pictures: Path) -> None:
    town, ba = family
    page = open_page(f"/health-book/people/{ba.code}/reads", user=town.staff["commune_officer"].user)
    page.emulate_media(media="print")
    page.screenshot(path=pictures / "book-paper.png", full_page=True)
    assert page.pdf(format="A4").startswith(b"%PDF")
    expect(page.get_by_role("button", name="In")).to_be_hidden()
