"""Declaring without an account: passport lines, the code, what will be asked, amending."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lachan.codecs.scanning import read_codes
from lachan.platform.models import PhoneCode
from lachan.systems.arrivals.models import ArrivalDeclaration
from lachan.systems.arrivals.tests.rows import (
    NOON,
    NUMBER,
    TODAY,
    cleared,
    commune,
    declared,
    gate,
    passport,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    return client


def form(**other: Any) -> dict[str, Any]:
    area = commune()
    return {
        "zone": passport(), "gate": gate().code, "transport": "plane", "vehicle": "VN18", "seat": "12A",
        "departed_on": "19/03/2022", "arrives_on": "20/03/2022", "from_country": "FRA", "document_kind": "passport",
        "area": area.name, "area_id": str(area.pk), "address": "12 Hàng Bài", "phone": "+33612345678",
    } | other  # fmt: skip


def through(browser: Client, **other: Any) -> Any:
    """The form and then on without a telephone's code."""
    page = browser.post("/entry/", form(**other))
    assert page.status_code == 200, page.content.decode()[:4000]
    return browser.post("/entry/confirm", {"draft": page.context["draft"], "without": "1"})


def test_the_lines_of_a_passport_stand_for_five_fields(browser: Client) -> None:
    answer = through(browser)
    made = ArrivalDeclaration.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/entry/r/{made.code}")
    person = made.person
    assert (person.name, person.birth_year, person.sex) == ("MARTIN CLAIRE", 1980, "f")
    assert (made.nationality, made.phone, made.phone_shown) == ("FRA", "+33612345678", False)


def test_what_is_typed_goes_before_the_lines(browser: Client) -> None:
    through(browser, name="Martin Claire Marie", zone=passport().lower())
    assert ArrivalDeclaration.objects.get().person.name == "Martin Claire Marie"


def test_without_the_lines_the_five_fields_are_asked_for(browser: Client) -> None:
    page = browser.post("/entry/", form(zone=""))
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"name", "birth", "sex", "nationality", "document_number"}


@pytest.mark.parametrize("zone", ["P<FRA", "x" * 88, "<" * 88, passport().replace("1", "7", 1)])
def test_lines_that_are_wrong_are_told_so_in_words(browser: Client, zone: str) -> None:
    page = browser.post("/entry/", form(zone=zone))
    assert page.status_code == 422
    assert "zone" in page.context["form"].errors


def test_the_code_of_the_telephone_is_taken(browser: Client, settings: Any) -> None:
    settings.LACHAN_DEMO = True
    page = browser.post("/entry/", form(phone="0912345678"))
    shown = str(page.context["shown"])
    assert PhoneCode.objects.count() == 1
    wrong = browser.post("/entry/confirm", {"draft": page.context["draft"], "code": "0000000"})
    assert wrong.status_code in (409, 422)
    answer = browser.post("/entry/confirm", {"draft": page.context["draft"], "code": shown})
    assert answer.status_code == 303
    assert ArrivalDeclaration.objects.get().phone_shown


def test_a_draft_of_somebody_else_is_no_declaration(browser: Client) -> None:
    for draft in ("", "x" * 100, "é", "A" * 70_000):
        assert browser.post("/entry/confirm", {"draft": draft, "without": "1"}).status_code == 303
    assert not ArrivalDeclaration.objects.exists()


def test_the_page_under_the_code_says_what_will_be_asked_and_names_nobody(browser: Client) -> None:
    made = declared(test_kind="pcr", tested_at=NOON - timedelta(hours=5))
    page = browser.get(f"/entry/r/{made.code}").content.decode()
    assert made.short_code in page
    assert "No duty" in page
    assert "rests on what nobody has seen yet" in page
    assert "1265/BYT-DP" in page
    for private in ("MARTIN", NUMBER, "Hàng Bài", "+8491"):
        assert private not in page


def test_the_picture_leads_back_to_the_page(browser: Client) -> None:
    made = declared()
    answer = browser.get(f"/entry/r/{made.code}/qr.png")
    assert answer["Content-Type"] == "image/png"
    assert read_codes(answer.content) == [f"http://testserver/entry/r/{made.code}"]


def test_an_amendment_keeps_what_is_not_shown_and_the_old_code_leads_on(browser: Client) -> None:
    made = declared()
    page = browser.get(f"/entry/r/{made.code}/amend").content.decode()
    assert "Hàng Bài" not in page
    keep = {
        k: v for k, v in form(seat="15C").items() if k not in ("zone", "address", "area", "area_id", "phone")
    }
    answer = browser.post(f"/entry/r/{made.code}/amend", keep)
    new = ArrivalDeclaration.objects.get(amends=made)
    assert answer["Location"] == f"/entry/r/{new.code}"
    assert (new.seat, new.destination_address, new.phone) == ("15C", "12 Hàng Bài", "+84912345678")
    assert bytes(new.document_index) == bytes(made.document_index)
    assert browser.get(f"/entry/r/{made.code}")["Location"] == f"/entry/r/{new.code}"


def test_after_the_decision_nothing_is_amended(browser: Client) -> None:
    made = declared()
    cleared(made)
    keep = {k: v for k, v in form().items() if k not in ("zone", "address", "area", "area_id", "phone")}
    assert browser.post(f"/entry/r/{made.code}/amend", keep).status_code == 409
    assert "Decided at the border gate" in browser.get(f"/entry/r/{made.code}").content.decode()


@pytest.mark.parametrize("code", ["0" * 17, "x", "A" * 200, "%00", "..%2F"])
def test_a_code_of_nobody_is_not_found(browser: Client, code: str) -> None:
    for path in ("", "/amend", "/qr.png"):
        assert browser.get(f"/entry/r/{code}{path}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gate", "XXX"), ("departed_on", "31/02/2022"), ("arrives_on", "20/03/2032"), ("phone", "12"),
        ("from_country", "FR"), ("countries", ["ZZZ"]), ("doses", "99"), ("tested_at", "noon"), ("email", "me"),
        ("vehicle", "x" * 400), ("address", "\x00"), ("area", "Nowhere"), ("symptoms", ["love"]), ("seat", "1" * 7),
        ("document_number", "1"), ("zone", "A" * 100_000), ("last_dose_on", "2/2/2023"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_words(browser: Client, field: str, value: Any) -> None:
    page = browser.post("/entry/", form(**{field: value}))
    if page.status_code == 200:  # refused by the command, after the telephone's code
        page = browser.post("/entry/confirm", {"draft": page.context["draft"], "without": "1"})
    assert page.status_code == 422
    assert not ArrivalDeclaration.objects.exists()


def test_a_day_too_early_is_refused_after_the_code(browser: Client) -> None:
    far = TODAY + timedelta(days=30)
    answer = through(browser, departed_on=f"{far:%d/%m/%Y}", arrives_on=f"{far:%d/%m/%Y}")
    assert answer.status_code == 422
    assert "too early" in answer.content.decode()
