"""Pages: what a posting sees and does, in the browser's words."""

import pytest
from django.test import Client
from django.urls import reverse

from lachan.core import actors, clock
from lachan.core.models import AccessLog, EventRow, Place, Residence, Role
from lachan.systems.quarantine import commands, handlers
from lachan.systems.quarantine.models import Order, Reading, ReleaseDecision, Stay
from lachan.systems.quarantine.tests.conftest import (
    NOON,
    area_of,
    bed_in,
    confirmed,
    contact_under_order,
    found,
    negative,
    noon_of,
    order_of,
    person,
    posting,
    room,
    site,
)
from tests.rows import browser_of

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"quarantine:{name}", args=args)


@pytest.fixture
def officer_client() -> Client:
    return browser_of(posting(Role.HEALTH_OFFICER, area=area_of()))


@pytest.fixture
def place() -> Place:
    return site()


@pytest.fixture
def manager(place: Place) -> Client:
    return browser_of(posting(Role.SITE_MANAGER, place=place))


def test_every_page_opens(officer_client: Client, place: Place) -> None:
    who = contact_under_order()
    room(place)
    number = order_of(who).pk
    for address in (
        url("home"), url("home") + "?state=waiting&subject=F1&code=none", url("order", number), url("paper", number),
        url("new_order"), url("releases"), url("proposals"), url("monitoring"), url("waiting"), url("sites"),
        url("site", place.pk), url("site", place.pk) + "?day=20/1/2026", url("reception", place.pk),
        url("reception", place.pk) + f"?code={who.code}",
    ):  # fmt: skip
        assert officer_client.get(address).status_code == 200, address


def test_a_list_notes_whom_it_showed(officer_client: Client) -> None:
    who = contact_under_order()
    officer_client.get(url("home"))
    assert AccessLog.objects.filter(person=who, part="orders").exists()


def test_another_area_sees_nothing(place: Place) -> None:
    who = contact_under_order()
    stranger = browser_of(posting(Role.HEALTH_OFFICER, area=area_of("Xã Khác")))
    assert who.name not in stranger.get(url("home")).content.decode()
    number = order_of(who).pk
    for name in ("order", "paper", "certificate"):
        assert stranger.get(url(name, number)).status_code == 404
    for name in ("allow_home", "vacate", "record", "propose_early"):
        assert stranger.post(url(name, number)).status_code == 404
    assert stranger.get(url("site", place.pk)).status_code == 404


def test_a_tracer_reads_but_does_not_release() -> None:
    tracer = browser_of(posting(Role.TRACER, area=area_of()))
    assert tracer.get(url("home")).status_code == 200
    for name in ("releases", "waiting", "new_order", "monitoring"):
        assert tracer.get(url(name)).status_code == 403


def test_strange_numbers_are_not_found(officer_client: Client) -> None:
    for number in (0, 2**31, 2**63, 10**30):
        assert officer_client.get(f"/quarantine/orders/{number}/").status_code == 404
        assert officer_client.get(f"/quarantine/sites/{number}/").status_code == 404
        assert officer_client.post(f"/quarantine/releases/early/{number}").status_code == 404
    for bad in ("%00", "9" * 40, "-1", "x"):
        assert officer_client.post(url("releases"), {"order": bad}).status_code == 303
        assert officer_client.get(url("home"), {"cursor": bad, "code": bad, "state": bad}).status_code == 200


def test_an_arrival_gets_an_order_by_hand(officer_client: Client) -> None:
    who = person()
    sent = {"code": who.code, "subject": "arrival", "exposed_on": "9/1/2026"}
    answer = officer_client.post(url("new_order"), sent)
    assert answer.status_code == 303
    assert order_of(who).issued_by.kind == "staff"
    again = officer_client.post(url("new_order"), sent)
    assert again.status_code == 422
    assert "already has an order" in again.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "nonsense"), ("code", "\x00"), ("subject", "F9"), ("exposed_on", "31/2/2026"), ("exposed_on", "1/1/2027"),
     ("exposed_on", "x" * 1_000_000)],
)  # fmt: skip
def test_bad_input_for_an_order_is_said(officer_client: Client, field: str, value: str) -> None:
    sent = {"code": person().code, "subject": "arrival", "exposed_on": "9/1/2026"} | {field: value}
    assert officer_client.post(url("new_order"), sent).status_code == 422
    assert not Order.objects.exists()


def test_reception_takes_two_keystrokes(manager: Client, place: Place) -> None:
    room(place)
    who = contact_under_order()
    commands.send_to_site(orders=[order_of(who)], site=place, actor=actors.system(at=NOON), at=NOON)
    scanned = manager.get(url("reception", place.pk), {"code": who.code})
    assert "autofocus>Give Phòng 101, bed 1" in scanned.content.decode()
    bed = scanned.context["bed"]
    answer = manager.post(url("reception", place.pk), {"order": order_of(who).pk, "bed": bed.pk})
    assert answer.status_code == 303
    assert Stay.objects.get(order__person=who).bed == bed
    assert Residence.objects.filter(person=who, kind="room", place=bed.room).exists()


def test_reception_says_why_there_is_no_bed(manager: Client, officer_client: Client, place: Place) -> None:
    assert manager.get(url("reception", place.pk), {"code": person().code}).status_code == 422
    free = person()
    assert (
        "No open order"
        in officer_client.get(url("reception", place.pk), {"code": free.code}).content.decode()
    )
    who = contact_under_order()
    assert (
        "No bed fits" in officer_client.get(url("reception", place.pk), {"code": who.code}).content.decode()
    )


def test_a_bed_of_another_site_is_not_given(manager: Client, place: Place) -> None:
    who = contact_under_order()
    commands.send_to_site(orders=[order_of(who)], site=place, actor=actors.system(at=NOON), at=NOON)
    elsewhere = room(site("Khu B"))
    manager.post(url("reception", place.pk), {"order": order_of(who).pk, "bed": bed_in(elsewhere).pk})
    assert not Stay.objects.exists()


def test_people_are_sent_to_a_site_and_get_beds_together(officer_client: Client, place: Place) -> None:
    room(place, beds=3)
    people = [contact_under_order(name=f"Người {n}") for n in range(3)]
    numbers = [order_of(p).pk for p in people]
    officer_client.post(url("waiting"), {"order": numbers, "site": place.pk})
    assert Order.objects.filter(site=place).count() == 3
    officer_client.post(url("assign_all", place.pk))
    assert Stay.objects.count() == 3
    board = officer_client.get(url("site", place.pk)).content.decode()
    assert all(p.name in board for p in people)
    later = officer_client.get(url("site", place.pk) + "?day=23/1/2026").context["board"]
    assert later.free == 3


def test_the_round_is_typed_quickly(officer_client: Client) -> None:
    who = contact_under_order()
    number = order_of(who).pk
    answer = officer_client.post(url("record", number), {"temperature": "36.8", "from": "round"})
    assert answer["Location"] == url("monitoring")
    assert Reading.objects.get(order=number).temperature is not None
    for bad in (
        {"temperature": "99"},
        {"temperature": "warm"},
        {"symptoms": "unknown"},
        {},
        {"taken_at": "25:61 1/1/2026"},
    ):
        assert officer_client.post(url("record", number), bad).status_code == 422


def test_the_release_list_says_who_goes_and_why_not(officer_client: Client) -> None:
    ready, kept = person("Sẵn Sàng"), person("Phải Ở Lại")
    for who in (ready, kept):
        handlers.issue_orders([found(who)], NOON)
    for on in (10, 16, 23):
        negative(ready, on=on)
    with clock.frozen(noon_of(23)):
        page = officer_client.get(url("releases"))
        assert [row.key for row in page.context["due"]] == [str(order_of(ready).pk)]
        assert "3 negative tests are missing" in page.content.decode()
        numbers = [order_of(ready).pk, order_of(kept).pk]
        officer_client.post(url("releases"), {"order": numbers})
        released = Order.objects.get(person=ready)
        assert released.closed_how == "released"
        assert order_of(kept).closed_at is None
        certificate = officer_client.get(url("certificate", released.pk))
        assert certificate.status_code == 200
        assert "<svg" in certificate.content.decode()
        until = EventRow.objects.get(person=ready, kind="PersonReleased").facts["monitor_until"]
        assert until == "2026-02-06"
        assert "until 06/02/2026" in certificate.content.decode()
        assert officer_client.get(url("certificate", order_of(kept).pk)).status_code == 404


def test_early_release_needs_a_second_person(officer_client: Client) -> None:
    who = contact_under_order()
    number = order_of(who).pk
    assert officer_client.post(url("propose_early", number), {"reason": "  "}).status_code == 422
    assert (
        officer_client.post(url("propose_early", number), {"reason": "Surgery in hospital"}).status_code
        == 303
    )
    proposal = ReleaseDecision.objects.get()
    officer_client.post(url("sign", proposal.pk), {"answer": "agree"})
    assert order_of(who).closed_at is None
    second = browser_of(posting(Role.HEALTH_OFFICER, area=area_of()))
    assert "Surgery in hospital" in second.get(url("proposals")).content.decode()
    second.post(url("sign", proposal.pk), {"answer": "agree"})
    assert Order.objects.get(person=who).closed_how == "released"


def test_the_red_board_names_nobody(officer_client: Client) -> None:
    who = person()
    handlers.issue_orders([found(who, level=2)], NOON)
    page = officer_client.get(url("paper", order_of(who).pk)).content.decode()
    board = page.split('class="red-board"')[1]
    assert "PLACE UNDER MEDICAL QUARANTINE" in board
    assert who.name not in board


def test_no_name_stands_in_a_title_or_an_address(officer_client: Client) -> None:
    who = contact_under_order()
    handlers.isolate_cases([confirmed(who)], NOON)
    page = officer_client.get(url("order", order_of(who).pk)).content.decode()
    assert who.name in page
    assert who.name not in page.split("</title>")[0]


def test_the_export_holds_no_names_and_no_formulas(officer_client: Client) -> None:
    who = contact_under_order(name="=HYPERLINK Nguyễn")
    text = officer_client.post(url("export"), {"ending": "csv"}).content.decode("utf-8-sig")
    assert who.code in text
    assert "HYPERLINK" not in text
