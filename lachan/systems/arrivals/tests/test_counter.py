"""The counter: one box for codes, digits, passports, certificates and the temperature."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lachan.core.models import AccessLog, Posting
from lachan.systems.arrivals import commands, printing
from lachan.systems.arrivals.forms import TypedForm
from lachan.systems.arrivals.models import ArrivalDeclaration, CertificateSeen, Clearance
from lachan.systems.arrivals.tests.rows import (
    NOON,
    NUMBER,
    TODAY,
    at_gate,
    cleared,
    declared,
    gate,
    journey,
    passport,
)
from lachan.systems.arrivals.tests.test_entry_pages import form
from tests.rows import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Posting:
    return at_gate()


@pytest.fixture
def desk(officer: Posting) -> Client:
    return browser_of(officer)


def page_of(made: ArrivalDeclaration) -> str:
    return f"/arrivals/{made.pk}/"


@pytest.mark.parametrize("shown", ["short", "code", "spaced", "url", "number", "zone", "person"])
def test_whatever_a_traveller_shows_opens_their_page(desk: Client, shown: str) -> None:
    made = declared()
    declared(name="SMITH JOHN", document_number="Z7654321")
    texts = {
        "short": made.short_code, "code": made.code, "spaced": f" {made.code[:4]}-{made.code[4:]} ".lower(),
        "url": f"https://khai.example.vn/entry/r/{made.code}", "number": "c 123-4567",
        "zone": passport().replace("\n", ""), "person": f"LC1:{made.person.code}",
    }  # fmt: skip
    answer = desk.post("/arrivals/counter", {"typed": texts[shown]})
    assert (answer.status_code, answer["Location"]) == (303, page_of(made))


def test_a_code_of_before_opens_the_last_declaration(desk: Client) -> None:
    made = declared()
    new = commands.amend_arrival(declaration=made, journey=journey(seat="1A"), key=uuid4(), at=NOON)
    assert desk.post("/arrivals/counter", {"typed": made.code})["Location"] == page_of(new)


def test_two_of_one_document_are_shown_to_choose_from(desk: Client) -> None:
    declared(), declared()
    page = desk.post("/arrivals/counter", {"typed": NUMBER})
    assert page.status_code == 200
    assert page.content.decode().count("MARTIN CLAIRE") == 2
    assert AccessLog.objects.filter(part="arrival counter").count() == 2


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Scan or type"), ("00000", "five digits"), ("B9999999", "Nobody with this document"),
        ("HC1:6BF", "health certificate"), ("P<<<<", "none of the codes"), ("?", "none of the codes"),
        ("x" * 7_999, "none of the codes"), ("đ" * 30, "none of the codes"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_says_why(desk: Client, typed: str, says: str) -> None:
    page = desk.post("/arrivals/counter", {"typed": typed})
    assert page.status_code in (404, 422)
    assert says in page.content.decode()


def test_two_spaces_in_a_certificate_stay_two() -> None:
    form = TypedForm({"typed": "HC1:A  B   C"})
    assert form.is_valid()
    assert form.cleaned_data["typed"] == "HC1:A  B   C"


@pytest.mark.parametrize("typed", ["x" * 9_000, "a\x00b"])
def test_what_no_scanner_sends_is_refused(desk: Client, typed: str) -> None:
    assert desk.post("/arrivals/counter", {"typed": typed}).status_code == 422


def test_digits_and_enter_decide_by_the_rule(desk: Client) -> None:
    made = declared()
    page = desk.get(page_of(made)).content.decode()
    for shown in ("MARTIN CLAIRE", "VN18", "France", "no valid negative test was shown", "1265/BYT-DP"):
        assert shown in page
    answer = desk.post(page_of(made), {"typed": "366"})
    done = Clearance.objects.get()
    assert answer["Location"] == f"/arrivals/counter?last={done.pk}"
    assert (str(done.temperature), done.duty, done.document_seen) == ("36.6", "test", True)
    after = desk.get(answer["Location"]).content.decode()
    assert f"/arrivals/slips/{done.pk}" in after
    assert "MARTIN" not in after


def test_what_was_only_told_counts_once_it_was_seen(desk: Client) -> None:
    made = declared(test_kind="pcr", tested_at=NOON - timedelta(hours=5))
    page = desk.get(page_of(made)).content.decode()
    assert "By what was only told it would be: No duty." in page
    desk.post(page_of(made), {"typed": "36,6", "seen": ["test"]})
    assert Clearance.objects.get().duty == "none"


def test_otherwise_than_the_rule_asks_for_the_reason(desk: Client) -> None:
    made = declared()
    page = desk.post(page_of(made), {"typed": "366", "duty": "none"})
    assert page.status_code == 422
    assert "Say why you decide otherwise" in page.content.decode()
    desk.post(page_of(made), {"typed": "366", "duty": "none", "reason": "transit"})
    assert Clearance.objects.get().override_reason == "transit"


def test_a_second_decision_is_a_correction_when_it_says_which(desk: Client) -> None:
    made = declared()
    first = cleared(made)
    assert desk.post(page_of(made), {"typed": "366"}).status_code == 409
    said = {"typed": "366", "duty": "none", "reason": "transit", "correct": str(first.pk)}
    assert desk.post(page_of(made), said).status_code == 303
    assert Clearance.objects.get(replaces=first).duty == "none"


@pytest.mark.parametrize("typed", ["299", "", "46.0"])
def test_a_temperature_that_cannot_be_decides_nothing(desk: Client, typed: str) -> None:
    made = declared()
    assert desk.post(page_of(made), {"typed": typed}).status_code in (404, 422)
    assert not Clearance.objects.exists()


def test_a_certificate_in_the_same_box_is_checked_and_not_kept(desk: Client) -> None:
    made = declared()
    answer = desk.post(page_of(made), {"typed": "HC1:NOT-A-CERTIFICATE"})
    assert answer["Location"] == page_of(made)
    seen = CertificateSeen.objects.get()
    assert not seen.valid
    assert "Certificate does not count" in desk.get(page_of(made)).content.decode()
    assert not Clearance.objects.exists()


def test_a_gate_sees_its_own_travellers_only(desk: Client) -> None:
    gate("SGN")
    other = declared(gate=gate("SGN"))
    done = cleared(other)
    assert desk.get(page_of(other)).status_code == 404
    assert desk.get(f"/arrivals/slips/{done.pk}").status_code == 404
    assert desk.post("/arrivals/counter", {"typed": other.code}).status_code == 404
    assert f"/arrivals/{other.pk}/" not in desk.get("/arrivals/").content.decode()


def test_the_slip_is_one_page_and_its_look_is_logged(desk: Client) -> None:
    made = declared(name="NGUYEN " * 9 + "VAN AN")
    done = cleared(made)
    answer = desk.get(f"/arrivals/slips/{done.pk}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert isinstance(printing.slip(done, at=NOON, format="png"), bytes)
    assert AccessLog.objects.filter(part="entry slip", person=made.person).exists()


def test_who_comes_without_a_declaration_is_taken_down_by_the_officer(desk: Client) -> None:
    answer = desk.post("/arrivals/new", form())
    made = ArrivalDeclaration.objects.get()
    assert answer["Location"] == page_of(made)
    assert made.recorded_by.kind == "staff"
    assert desk.post("/arrivals/new", form(gate="XX")).status_code == 422


def test_the_list_counts_and_narrows(desk: Client) -> None:
    waits, done = declared(), declared(document_number="Z1111111")
    cleared(done)
    declared(document_number="Z2222222", arrives_on=TODAY + timedelta(days=1))

    def rows(query: str) -> int:
        return desk.get(f"/arrivals/?{query}").content.decode().count("MARTIN CLAIRE")

    assert (rows(""), rows("state=expected"), rows("state=cleared"), rows("duty=test")) == (3, 1, 1, 1)
    assert (rows("day=21/3/2022"), rows("vehicle=vn+18"), rows("vehicle=XX")) == (1, 3, 0)
    assert rows("state=nonsense&day=x&cursor=%00") == 3
    assert waits.pk


def test_the_list_costs_the_same_however_many_come(desk: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as taken:
            desk.get("/arrivals/")
        return len(taken)

    declared()
    cost()
    few = cost()
    for number in range(4):
        declared(document_number=f"Q000000{number}")
    assert cost() == few


def test_the_list_is_saved_as_a_file_without_names(desk: Client) -> None:
    made = declared()
    answer: Any = desk.post("/arrivals/export", {"ending": "csv"})
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()
    assert made.code in text
    assert "MARTIN" not in text
    assert NUMBER not in text


def test_of_the_navigation_one_page_is_the_current_one(desk: Client) -> None:
    for address, name in (("/arrivals/", "Arrivals"), ("/arrivals/counter", "Counter")):
        page = desk.get(address).content.decode()
        assert page.count('aria-current="page"') == 1
        assert f'aria-current="page">{name}' in page
