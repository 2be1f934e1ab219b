"""The pages across the systems with people in them: photographed, never scrolling sideways, read by axe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from playwright.sync_api import expect

from lachan.core import clock, persons
from lachan.core.eventlog import emit
from lachan.core.events import DoseGiven
from lachan.core.models import Delivery, EventRow, Person
from lachan.systems.quarantine.models import Order
from tests.town import Town, build, moment

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (360, 1280)]
PAGES = {
    "home": ("health_officer", "/"),
    "home-empty": ("administrator", "/"),
    "people": ("commune_officer", "/people/"),
    "person": ("health_officer", "/people/{ba}/"),
    "person-sampler": ("sampler", "/people/{hoa}/"),
    "register": ("commune_officer", "/people/new"),
    "merge": ("health_officer", "/people/{ba}/merge"),
    "trace": ("tracer", "/trace?q=order:{order}"),
    "messages": ("commune_officer", "/messages"),
    "parked": ("administrator", "/events/parked"),
}


@pytest.fixture
def story() -> tuple[Town, dict[str, object]]:
    """The town while its outbreak runs; the server's own clock is far from it, so days are moved there."""
    town = build()
    home = town.household()
    hoa, ba = town.resident("Trần Thị Hoà"), town.resident("Lê Văn Bá", home=home, sex="m")
    town.resident("Lê Thị Tư", home=home)
    Person.objects.filter(pk=ba.pk).update(address="12 Trần Phú")
    phone = persons.claim_identifier(ba, "phone", "+84905123456", at=moment(-1))
    persons.claim_identifier(ba, "national_id", "048180001234", at=moment(-1))
    persons.verify_identifier(phone, actor=town.system, at=moment(-1))
    dose = DoseGiven(person_id=ba.pk, vaccine="AZ", dose_number=1, primary_doses=2, happened_at=moment(-20))
    with transaction.atomic():
        emit([dose], actor=town.system)
    for day in (0, 1):
        town.visit(hoa, town.market, moment(day, 9))
        town.visit(ba, town.market, moment(day, 9, 15))
    town.visit(ba, town.station, moment(1, 16))
    town.test(hoa, outcome="positive", at=moment(2, 8))
    town.loop(moment(2, 8, 1))
    town.test(ba, outcome="negative", at=moment(3, 8))
    town.loop(moment(3, 9))
    event = EventRow.objects.filter(person=hoa).latest("recorded_at")
    Delivery.objects.create(
        event=event, subscriber="tracing", handler="lachan.systems.tracing.handlers.find_contacts", lane=1,
        person_id=hoa.pk, tries=5, parked_at=clock.now(), error="ZeroDivisionError at lachan.systems.tracing.rules:1",
    )  # fmt: skip
    return town, {"hoa": hoa.code, "ba": ba.code, "order": Order.objects.get(person=ba).pk}


Open = Callable[..., "Page"]


def opened(
    open_page: Open, story: tuple[Town, dict[str, object]], name: str, scheme: str, width: int
) -> Page:
    town, codes = story
    role, path = PAGES[name]
    return open_page(path.format(**codes), user=town.staff[role].user, scheme=scheme, width=width)


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_pages_are_photographed_and_fit_the_screen(
    open_page: Open, story: tuple[Town, dict[str, object]], pictures: Path, scheme: str, width: int
) -> None:
    for name in PAGES:
        page = opened(open_page, story, name, scheme, width)
        page.screenshot(path=pictures / f"site-{name}-{scheme}-{width}.png", full_page=True)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        found = Axe().run(page).response["violations"]
        serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
        assert serious == [], name


def test_the_desk_renews_itself_and_leaves_the_focus_alone(
    open_page: Open, story: tuple[Town, dict[str, object]]
) -> None:
    page = opened(open_page, story, "home", "light", 1280)
    page.locator("#q").fill("Nguyễn")
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true") as asked:
        page.evaluate("htmx.ajax('GET', '/', {target: '#work', swap: 'outerHTML'})")
    assert asked.value.status == 200
    page.wait_for_function("document.querySelectorAll('#work').length === 1")
    assert page.evaluate("document.activeElement.id") == "q"
    expect(page.locator("#q")).to_have_value("Nguyễn")
    first = page.locator(".desk a").first
    first.focus()
    mark = first.get_attribute("id")
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        page.evaluate("htmx.ajax('GET', '/', {target: '#work', swap: 'outerHTML'})")
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.id") == mark
