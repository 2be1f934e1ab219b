"""Saving lists as files, in a real browser: pictures in every look, and a long list from the click to the file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import expect

from lachan.core import clock
from lachan.core.models import Posting
from lachan.platform import exports, jobs
from lachan.platform.models import Export
from tests.town import Town, build, moment

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (360, 1280)]
PAGES = {"exports": "/exports/", "cases": "/tracing/", "orders": "/quarantine/", "tests": "/testing/orders/"}
Open = Callable[..., "Page"]


@pytest.fixture
def story() -> Town:
    town = build()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
    hoa, ba = town.resident("Trần Thị Hoà"), town.resident("Lê Văn Bá", sex="m")
    town.visit(hoa, town.market, moment(0, 9))
    town.visit(ba, town.market, moment(0, 9, 15))
    town.test(hoa, outcome="positive", at=moment(2, 8))
    town.loop(moment(2, 8, 1))
    return town


def every_state(town: Town) -> None:
    """One export of each state on the page of the health officer."""
    posting = Posting.objects.select_related("area", "actor").get(actor=town.staff["health_officer"])
    now = clock.now()

    def ask(name: str, ending: str, at_minutes: int, **filters: str) -> Export:
        at = now - timedelta(minutes=at_minutes)
        return exports.ask(
            posting=posting, source=exports.source_of(name), ending=ending, filters=filters, at=at
        )

    exports.write(ask("tracing.line-list", "xlsx", 50, state="confirmed").pk, at=now)
    ask("quarantine.orders", "csv", 45)
    failed = ask("testing.orders", "xlsx", 40, due="overdue", assay="pcr")
    Export.objects.filter(pk=failed.pk).update(begun_at=now, failed_at=now, failure="broken")
    half = ask("quarantine.orders", "xlsx", 9, state="over")
    Export.objects.filter(pk=half.pk).update(begun_at=now, moved_at=now, rows=48_000, expected=173_214)
    ask("tracing.line-list", "csv", 0)


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_pages_are_photographed_and_fit_the_screen(
    open_page: Open, story: Town, pictures: Path, scheme: str, width: int
) -> None:
    every_state(story)
    for name, path in PAGES.items():
        page = open_page(path, user=story.staff["health_officer"].user, scheme=scheme, width=width)
        page.screenshot(path=pictures / f"export-{name}-{scheme}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        found = Axe().run(page).response["violations"]
        serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
        assert serious == [], name


def test_a_short_list_is_saved_with_one_click(open_page: Open, story: Town) -> None:
    page = open_page("/quarantine/", user=story.staff["health_officer"].user, width=360)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Excel").click()
    assert saved.value.suggested_filename.startswith("quarantine-")
    assert saved.value.path().read_bytes()[:2] == b"PK"


def test_a_long_list_is_written_while_one_looks_on(
    open_page: Open, story: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lachan.platform.exports.asking.AT_ONCE", 0)
    page = open_page("/tracing/?state=confirmed", user=story.staff["health_officer"].user)
    page.get_by_role("button", name="CSV").click()
    page.wait_for_url("**/exports/")
    expect(page.get_by_text("chờ ghi", exact=True)).to_have_count(1)
    worker = threading.Thread(target=jobs.run_waiting)  # the browser's own loop runs in this one
    worker.start()
    worker.join()
    page.get_by_role("link", name="Tải xuống").wait_for()  # the page found it by itself
    with page.expect_download() as saved:
        page.get_by_role("link", name="Tải xuống").click()
    text = saved.value.path().read_text("utf-8-sig")
    assert "Trần Thị Hoà" in text
    page.get_by_role("button", name="Xóa").click()
    page.get_by_text("Đã xóa tệp.").wait_for()
    assert not Export.objects.exists()
