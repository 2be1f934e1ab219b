"""A positive result in a real browser: entered at the bench, verified by a second person, and the contacts arrive on
the tracer's open pages by themselves. The worker is a real one; nobody reloads, nothing is mocked, nothing sleeps."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from lachan.core import clock, subscribers
from lachan.core.codes import format_code
from lachan.core.models import AccessLog, Person, Role
from lachan.systems.testing.commands import collect, receive_batch, send_batch
from lachan.systems.testing.models import Result
from lachan.systems.tracing.commands.interviews import NamedContact, add_exposures
from lachan.systems.tracing.models import Case
from tests.town import Town

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., "Page"]
BARCODE = "VN-000777"
LOOP_MS = 30_000


@pytest.fixture
def worker(town: Town) -> Iterator[None]:
    """Delivers events as `lachan worker` does, until the test is over."""
    from django.db import connection

    stop = threading.Event()

    def work() -> None:
        try:
            subscribers.run(stop=stop)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join(30)
    assert not thread.is_alive()


@pytest.fixture
def met_on() -> datetime:
    """When Hoà was at the market: a day and a half before the swab, so long ago that Bá may infect since last night."""
    return clock.now() - timedelta(hours=60)


@pytest.fixture
def people(town: Town, met_on: datetime) -> dict[str, Person]:
    """Hoà and Bá were at the market together; Tư lives with Bá."""
    home = town.household()
    hoa, ba = town.resident("Trần Thị Hoà"), town.resident("Lê Văn Bá", home=home, sex="m")
    tu = town.resident("Lê Thị Tư", home=home)
    town.visit(hoa, town.market, met_on, minutes=90)
    town.visit(ba, town.market, met_on + timedelta(minutes=15), minutes=60)
    return {"hoa": hoa, "ba": ba, "tu": tu}


@pytest.fixture
def tube(town: Town, people: dict[str, Person]) -> str:
    """Hoà's swab of yesterday has reached the laboratory."""
    at, sampler = clock.now() - timedelta(days=1), town.staff[Role.SAMPLER]
    taken = collect(
        barcode=BARCODE, persons=[people["hoa"]], place=town.station, assay="pcr", actor=sampler, at=at
    )
    batch = send_batch(
        tubes=[taken], laboratory=town.laboratory, from_place=town.station, actor=sampler, at=at
    )
    receive_batch(batch=batch, rejections={}, actor=town.staff[Role.LAB_TECHNICIAN], at=at)
    return BARCODE


@pytest.fixture
def at_desk(open_page: Open, town: Town) -> Open:
    """`at_desk("tracer", "/tracing/")`: the page as somebody in this role has it open."""

    def opened(role: str, path: str) -> Page:
        return open_page(path, user=town.staff[role].user)

    return opened


def enter_positive(page: Page) -> None:
    """By keyboard alone: scan the tube, type the result and its Ct value, Enter."""
    page.locator("#q").focus()
    page.keyboard.type(BARCODE)
    page.keyboard.press("Enter")
    result = page.locator("input[name=result]")
    expect(result).to_have_count(1)
    result.focus()
    page.keyboard.type("+ N21,4")
    page.keyboard.press("Enter")
    expect(page.locator("main .messages")).to_be_visible()


def verify_it(page: Page) -> None:
    row = page.get_by_role("row").filter(has_text=BARCODE)
    row.locator("input[name=result]").check()
    page.locator("button[value=verify]").click()
    expect(page.locator("main .messages")).to_be_visible()


def stay_marked(page: Page) -> None:
    """A reload would lose this mark."""
    page.evaluate("window.notReloaded = true")


def was_not_reloaded(page: Page) -> bool:
    return bool(page.evaluate("window.notReloaded === true"))


def test_a_positive_is_entered_and_the_contacts_arrive_by_themselves(
    at_desk: Open, people: dict[str, Person], tube: str, worker: None, met_on: datetime
) -> None:
    ba, tu = people["ba"], people["tu"]
    worklist, cases = at_desk(Role.TRACER, "/tracing/contacts/"), at_desk(Role.HEALTH_OFFICER, "/tracing/")
    orders = at_desk(Role.HEALTH_OFFICER, "/quarantine/")
    watched = (worklist, cases, orders)
    for page in watched:
        expect(page.locator("#live table")).to_have_count(0)
        stay_marked(page)

    enter_positive(at_desk(Role.LAB_TECHNICIAN, "/testing/bench/"))
    assert Result.objects.get().verified_at is None
    expect(worklist.locator("#live table")).to_have_count(0)
    verify_it(at_desk(Role.LAB_VERIFIER, "/testing/verify/"))

    # The worker brings it round; every open page shows it without being touched.
    expect(cases.locator("#live a")).to_contain_text([people["hoa"].name], timeout=LOOP_MS)
    found = worklist.locator("#live tbody tr")
    expect(found).to_have_count(2, timeout=LOOP_MS)
    expect(found.filter(has_text=ba.name)).to_contain_text("F1")
    expect(found.filter(has_text=tu.name)).to_contain_text("F2")
    expect(orders.locator("#live tbody tr")).to_have_count(3, timeout=LOOP_MS)
    assert all(was_not_reloaded(page) for page in watched)

    # Why is Bá a contact? Where, when and for how long.
    worklist.get_by_role("link", name=ba.name).click()
    expect(worklist.locator("h1")).to_contain_text(ba.name)
    [exposure] = worklist.locator(".timeline li.warn").all()
    expect(exposure).to_contain_text("Chợ Hàn")
    expect(exposure).to_contain_text(
        f"{(met_on + timedelta(minutes=15)).astimezone(clock.zone()):%H:%M %d/%m/%Y}"
    )
    expect(exposure).to_contain_text(re.compile(r"\b60\b"))
    expect(exposure).to_contain_text(people["hoa"].name)

    # The order that followed, and from it the chain back to the tube.
    orders.get_by_role("link", name=ba.name).click()
    expect(orders.locator("h1")).to_contain_text(ba.name)
    orders.locator("details.why summary").click()
    orders.locator("details.why a[href*='order:']").click()
    chain = orders.locator("ol.tree li")
    expect(chain.first).to_contain_text(tube)
    expect(chain.filter(has_text=format_code(ba.code)).first).to_contain_text("F1")
    expect(orders.locator("main")).not_to_contain_text(ba.name)


def test_an_open_case_gains_whom_the_interview_names(
    at_desk: Open, town: Town, people: dict[str, Person], worker: None
) -> None:
    at = clock.now() - timedelta(days=1)
    town.test(people["hoa"], outcome="positive", at=at)
    cases = at_desk(Role.TRACER, "/tracing/")
    cases.get_by_role("link", name=people["hoa"].name).click(timeout=LOOP_MS)
    contacts = cases.locator("#live tbody tr")
    expect(contacts.filter(has_text=people["ba"].name)).to_have_count(1, timeout=LOOP_MS)
    before = contacts.count()
    stay_marked(cases)

    named = town.resident("Phạm Thị Sáu")
    said = NamedContact(
        person=named, identity=None, setting="care", starts_at=at - timedelta(hours=5),
        ends_at=at - timedelta(hours=4), masked=False,
    )  # fmt: skip
    actor = town.staff[Role.COMMUNE_OFFICER]
    add_exposures(case=Case.objects.get(), contacts=[said], actor=actor, at=clock.now())

    expect(contacts.filter(has_text=named.name)).to_have_count(1, timeout=LOOP_MS)
    assert contacts.count() == before + 1
    assert was_not_reloaded(cases)


def test_a_list_that_did_not_change_is_no_further_look_at_anybody(
    at_desk: Open, town: Town, people: dict[str, Person]
) -> None:
    town.test(people["hoa"], outcome="positive", at=clock.now() - timedelta(days=1))
    town.loop(clock.now())
    page = at_desk(Role.TRACER, "/tracing/contacts/")
    expect(page.locator("#live tbody tr")).to_have_count(2)
    looks = AccessLog.objects.filter(part="worklist")
    assert looks.count() == 2
    for _asked_again in range(2):
        with page.expect_response(lambda answer: answer.url.endswith("/tracing/contacts/")) as answer:
            pass
        assert answer.value.status == 204
    assert looks.count() == 2


def test_a_part_that_renews_itself_keeps_the_focus(
    at_desk: Open, town: Town, people: dict[str, Person]
) -> None:
    town.test(people["hoa"], outcome="positive", at=clock.now() - timedelta(days=1))
    town.loop(clock.now())
    page = at_desk(Role.TRACER, "/tracing/contacts/")
    link = page.get_by_role("link", name=people["ba"].name)
    link.focus()
    link.evaluate("link => { link.oldOne = true; }")
    town.test(people["tu"], outcome="negative", at=clock.now())
    town.test(people["ba"], outcome="negative", at=clock.now())
    town.loop(clock.now())
    expect(page.locator("#live tbody tr")).to_have_count(1)
    assert link.evaluate("link => link.oldOne === undefined")
    expect(link).to_be_focused()


def test_a_page_left_open_past_its_session_asks_to_sign_in(at_desk: Open, town: Town) -> None:
    page = at_desk(Role.TRACER, "/tracing/contacts/")
    expect(page.locator("#live")).to_be_visible()
    Session.objects.all().delete()
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/tracing/contacts/$"))


def test_a_lost_connection_is_said_once(at_desk: Open, town: Town) -> None:
    page = at_desk(Role.TRACER, "/tracing/contacts/")
    page.context.set_offline(True)
    for _asked_again in range(2):
        with page.expect_event("requestfailed"):
            pass
    expect(page.locator("#toasts .stop")).to_have_count(1)
