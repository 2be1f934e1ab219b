"""Pages of supply: what a store keeper sees and does, in the browser's words."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lachan.core import clock
from lachan.core.models import EventRow, Place, Role
from lachan.systems.vaccination import commands, queries
from lachan.systems.vaccination.models import Lot, LotHold, Movement, Stock, Transfer
from lachan.systems.vaccination.tests.conftest import (
    GTIN,
    NOON,
    expired,
    keeper,
    posting,
    province,
    received,
    store,
    ward,
)
from tests.rows import browser_of

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"vaccination:{name}", args=args)


@pytest.fixture
def here() -> Place:
    return store("Kho huyện", parent=store("Kho tỉnh"))


@pytest.fixture
def client(here: Place) -> Client:
    return browser_of(posting(Role.STORE_KEEPER, place=here))


@pytest.fixture
def officer() -> Client:
    return browser_of(posting(Role.VACCINE_OFFICER, area=province()))


def on_its_way(here: Place, doses: int = 20) -> Transfer:
    assert here.parent is not None
    return commands.send_transfer(
        lot=received(here.parent), origin=here.parent, destination=here, doses=doses, actor=keeper(), at=NOON
    )


def test_every_page_opens(client: Client, officer: Client, here: Place) -> None:
    lot, old, way = received(here), expired(here), on_its_way(here)
    commands.open_vial(store=here, lot=lot, actor=keeper(), at=NOON)
    for address in (
        url("stores"), url("store", here.pk), url("receipt", here.pk), url("send", here.pk), url("write_off", here.pk),
        url("count", here.pk), url("transfers"), url("arrival", way.pk), url("lots"), url("lot", lot.pk),
        url("lot", old.pk), url("lots") + "?state=expired", url("lots") + "?state=nonsense&number=%00",
        url("days"), url("stores") + "?cursor=nonsense",
    ):  # fmt: skip
        for browser in (client, officer):
            assert browser.get(address).status_code == 200, address


def test_a_store_keeper_sees_what_the_store_supplies_and_nothing_else(client: Client, here: Place) -> None:
    site = store("Điểm tiêm", parent=here, site=True)
    strange = store("Kho lạ")
    lot = received(strange)
    assert client.get(url("store", site.pk)).status_code == 200
    for address in (url("store", strange.pk), url("lot", lot.pk), url("receipt", strange.pk)):
        assert client.get(address).status_code == 404
    assert "Kho lạ" not in client.get(url("stores")).content.decode()


def test_the_code_of_a_carton_fills_the_form(client: Client, here: Place) -> None:
    received(here, product="comirnaty", gtin=GTIN)
    page = client.get(url("receipt", here.pk), {"scan": f"(01){GTIN}(17)270331(10)ABV1234"})
    form = page.context["form"]
    assert form.initial["number"] == "ABV1234"
    assert form.initial["gtin"] == GTIN
    assert form.initial["product"] == "comirnaty"
    assert "31/03/2027" in page.content.decode()
    for bad in ("(01)00380777700015(10)A", "hello", "(17)271399", "(10)", "\x1d", "é" * 300):
        page = client.get(url("receipt", here.pk), {"scan": bad})
        assert page.status_code == 200
        assert page.context["scan"].errors or not page.context["form"].initial, bad


GOOD = {
    "product": "vaxzevria",
    "number": "ABV1",
    "expires_on": "31/3/2027",
    "doses": "500",
    "gtin": GTIN,
    "note": "",
}


def test_a_receipt_stands_on_the_shelf(client: Client, here: Place) -> None:
    answer = client.post(url("receipt", here.pk), GOOD)
    assert (answer.status_code, answer["Location"]) == (303, url("store", here.pk))
    assert Stock.objects.get(store=here).sealed == 500
    assert "ABV1" in client.get(url("store", here.pk)).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"expires_on": "1/1/2020"}, {"expires_on": "31/2/2027"}, {"doses": "0"}, {"doses": "-5"}, {"doses": "9" * 40},
        {"doses": "ten"}, {"product": "elixir"}, {"number": ""}, {"number": "A B"}, {"number": "x" * 10_000},
        {"number": "\x00"}, {"gtin": "00380777700015"}, {"gtin": "12"}, {"note": "x" * 1_000_000},
    ],
)  # fmt: skip
def test_bad_receipts_are_refused_in_words(client: Client, here: Place, change: dict[str, str]) -> None:
    answer = client.post(url("receipt", here.pk), GOOD | change)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Movement.objects.exists()


def test_doses_are_sent_and_received_with_a_difference(client: Client, here: Place) -> None:
    site = store("Điểm tiêm", parent=here, site=True)
    lot = received(here)
    given = {"lot": lot.pk, "destination": site.pk, "purpose": "session", "doses": "60"}
    assert client.post(url("send", here.pk), given).status_code == 303
    way = Transfer.objects.get()
    assert "Điểm tiêm" in client.get(url("transfers")).content.decode()
    assert client.post(url("arrival", way.pk), {"counted": "58"}).status_code == 422
    assert client.post(url("arrival", way.pk), {"counted": "58", "note": "vỡ hai liều"}).status_code == 303
    assert client.post(url("arrival", way.pk), {"counted": "58", "note": "vỡ hai liều"}).status_code == 422
    assert queries.account(lot).wasted == 2


@pytest.mark.parametrize(
    "change", [{"lot": "999999"}, {"destination": "1"}, {"purpose": "gift"}, {"doses": "101"}]
)
def test_what_cannot_be_sent_is_refused(client: Client, here: Place, change: dict[str, str]) -> None:
    site = store("Điểm tiêm", parent=here, site=True)
    given = {"lot": received(here).pk, "destination": site.pk, "purpose": "supply", "doses": "60"}
    assert client.post(url("send", here.pk), given | change).status_code == 422
    assert not Transfer.objects.exists()


def test_doses_are_written_off_from_shelf_and_vial(client: Client, here: Place) -> None:
    lot = received(here)
    vial = commands.open_vial(store=here, lot=lot, actor=keeper(), at=NOON)
    page = url("write_off", here.pk)
    assert client.post(page, {"what": lot.pk, "doses": 3, "reason": "broken"}).status_code == 303
    assert client.post(page, {"what": f"vial-{vial.pk}", "doses": 4, "reason": "residual"}).status_code == 303
    stock = Stock.objects.get(store=here)
    assert (stock.sealed, stock.opened, stock.wasted) == (87, 6, 7)
    for bad in (
        {"what": "vial-9"},
        {"what": "vial-"},
        {"doses": 99},
        {"reason": "eaten"},
        {"reason": "missing"},
    ):
        assert client.post(page, {"what": lot.pk, "doses": 1, "reason": "broken"} | bad).status_code == 422


def test_a_count_is_booked_with_its_reason(client: Client, here: Place) -> None:
    lot = received(here)
    given = {"lot": lot.pk, "counted": "97", "reason": "count", "note": "kiểm kê"}
    assert client.post(url("count", here.pk), given).status_code == 303
    assert client.post(url("count", here.pk), given).status_code == 422  # nothing differs
    assert Stock.objects.get(store=here).sealed == 97
    assert "kiểm kê" in client.get(url("lot", lot.pk)).content.decode()


def test_a_lot_is_held_by_one_and_recalled_by_another(client: Client, officer: Client, here: Place) -> None:
    lot = received(here)
    assert client.post(url("hold", lot.pk), {"reason": ""}).status_code == 422
    assert client.post(url("hold", lot.pk), {"reason": "sốt cao"}).status_code == 303
    assert client.post(url("hold", lot.pk), {"reason": "sốt cao"}).status_code == 422
    assert client.post(url("recall", lot.pk), {"reason": "độc"}).status_code == 403
    assert "sốt cao" in officer.get(url("lot", lot.pk)).content.decode()
    assert officer.post(url("recall", lot.pk), {"reason": "độc"}).status_code == 303
    assert officer.post(url("release", lot.pk), {"reason": "đạt"}).status_code == 422
    assert LotHold.objects.get().recalled_at == NOON


def test_who_held_a_lot_is_told_that_a_recall_takes_two(officer: Client, here: Place) -> None:
    lot = received(here)
    officer.post(url("hold", lot.pk), {"reason": "sốt cao"})
    assert "second person" in officer.get(url("lot", lot.pk)).content.decode()
    assert officer.post(url("recall", lot.pk), {"reason": "độc"}).status_code == 422
    assert officer.post(url("release", lot.pk), {"reason": "đạt"}).status_code == 303


def test_an_officer_opens_stores_in_their_own_area(officer: Client, here: Place) -> None:
    given = {"name": "Kho phường", "kind": "site", "area": str(ward().pk), "parent": here.pk}
    answer = officer.post(url("new_store"), given)
    if answer.status_code == 422:  # the area is typed by name
        answer = officer.post(url("new_store"), given | {"area": "Phường Hải Châu"})
    assert answer.status_code == 303, answer.context["form"].errors
    made = Place.objects.get(name="Kho phường")
    assert (made.kind, made.parent) == ("vaccination_site", here)
    assert officer.post(url("new_store"), given | {"area": "Hà Nội"}).status_code == 422


def test_the_desk_tells_what_waits(client: Client, here: Place) -> None:
    on_its_way(here)
    lot = received(here)
    vial = commands.open_vial(store=here, lot=lot, actor=keeper(), at=NOON - timedelta(hours=8))
    expired(here)
    commands.hold_lot(lot=received(here), reason="chờ", actor=keeper(), at=NOON)
    looker = posting(Role.STORE_KEEPER, place=here)
    counts = {str(i.url): i.count for i in queries.desk(looker, at=clock.now())}
    assert counts == {
        url("transfers"): 1, url("lots") + "?state=held": 1, url("lots") + "?state=expired": 1, url("days"): 1,
    }  # fmt: skip
    page = client.get(url("days")).content.decode()
    assert (vial.left, "Kho huyện" in page) == (10, True)


def test_the_stock_is_saved_as_a_file(client: Client, here: Place) -> None:
    lot, old = received(here, 70, number="=1+1"), expired(here)
    received(store("Kho lạ"), number="ELSEWHERE")
    answer: Any = client.post(url("export"), {"ending": "csv"})
    words = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    assert answer.status_code == 200
    assert lot.number in words
    assert ",=1+1" not in words  # no cell is computed
    assert "lot-expired" in words
    assert "ELSEWHERE" not in words
    only: Any = client.post(url("export") + "?state=expired", {"ending": "csv"})
    told = (b"".join(only.streaming_content) if only.streaming else only.content).decode()
    assert old.number in told
    assert lot.number not in told


# --- JSON ---------------------------------------------------------------------------------------------------------


def send(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.post(f"/api/vaccination{path}", data=body, content_type="application/json", headers=headers)


RECEIPT = {"product": "vaxzevria", "number": "ABV1", "expires_on": "2027-03-31", "doses": 500}


def test_programs_move_doses_once(client: Client, here: Place) -> None:
    site = store("Điểm tiêm", parent=here, site=True)
    key = {"idempotency-key": "a" * 20}
    first, again = (send(client, f"/stores/{here.pk}/receipts", RECEIPT, **key) for _ in range(2))
    assert (first.status_code, first.content) == (200, again.content)
    assert Stock.objects.get(store=here).sealed == 500
    lot = Lot.objects.get()
    sent = send(client, f"/stores/{here.pk}/transfers", {"lot": lot.pk, "to": site.pk, "doses": 40}).json()
    taken = send(client, f"/transfers/{sent['number']}/arrival", {"counted": 40})
    assert taken.json() == {"number": sent["number"], "lot": lot.pk, "doses": 40, "counted": 40}
    twice = send(client, f"/transfers/{sent['number']}/arrival", {"counted": 40})
    assert (twice.status_code, twice.json()["code"]) == (409, "already-received")
    [shelf] = client.get(f"/api/vaccination/stores/{site.pk}/stock").json()
    assert (shelf["sealed"], shelf["refusal"], shelf["expires_on"]) == (40, None, "2027-03-31")


@pytest.mark.parametrize(
    "change",
    [
        {"doses": 0}, {"doses": 10**12}, {"doses": "many"}, {"expires_on": "2020-01-01"}, {"expires_on": "2027-02-30"},
        {"number": "x" * 1_000_000}, {"number": "\x00"}, {"gtin": "1"}, {"product": "elixir"}, {"note": "x" * 501},
    ],
)  # fmt: skip
def test_bad_input_is_a_clear_refusal(client: Client, here: Place, change: dict[str, Any]) -> None:
    answer = send(client, f"/stores/{here.pk}/receipts", RECEIPT | change)
    assert answer.status_code in (400, 409, 422), answer.content
    assert answer.json()["code"]
    assert not EventRow.objects.filter(kind="LotReceived").exists()
    for raw in (b"{", b"\xff\xfe", b"[]", b"null"):
        assert send(client, f"/stores/{here.pk}/receipts", raw).status_code in (400, 422)
    assert send(client, f"/stores/{10**30}/receipts", RECEIPT).status_code in (404, 422)
