"""Asking and deciding on the pages: at the desk for somebody, and what the officer reads before they decide."""

import pytest
from django.test import Client

from lachan.core import persons
from lachan.core.models import IdentifierKind, Role
from lachan.systems.vaccination.models import CorrectionRequest, Dose
from lachan.systems.vaccination.tests.conftest import keeper, posting, province
from lachan.systems.vaccination.tests.test_correcting_doses import LATER, Line, asked, corrected
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
NEW = "/vaccination/corrections/new"


def officer() -> Client:
    return browser_of(posting(Role.VACCINE_OFFICER, area=province()))


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_the_desk_asks_for_somebody_and_a_colleague_decides() -> None:
    line, desk = Line(), officer()
    code = line.dose.person.code
    assert desk.get(NEW).status_code == 200
    assert desk.get(NEW, {"person": "nobody", "kind": "lot"}).status_code in (404, 422)
    there = f"{NEW}?person={code}&kind=lot"
    assert line.dose.lot_number in text(desk, there)
    assert desk.post(there, {"wanted": "A B", "dose": line.dose.pk, "words": "x"}).status_code == 422
    page = desk.post(there, {"wanted": line.lot.number, "dose": line.dose.pk, "words": "Phiếu"}, follow=True)
    row = CorrectionRequest.objects.get()
    assert line.lot.number in page.content.decode()
    where = f"/vaccination/corrections/{row.pk}/"
    assert desk.post(where, {"decision": "confirm", "answer": "x"}).status_code == 409
    shown = (
        officer().post(where, {"decision": "confirm", "answer": "Đã xem phiếu"}, follow=True).content.decode()
    )
    assert Dose.objects.get(replaces=line.dose).lot == line.lot
    assert f"<s>{shown.split('<s>')[1].split('</s>')[0]}</s>" in shown
    assert line.dose.lot_number in shown.split("<s>")[1]


def test_the_officer_says_where_the_dose_was_given() -> None:
    line = Line()
    row = asked(line.dose, "site", "Trường học", at=line.dose.given_at)
    where = f"/vaccination/corrections/{row.pk}/"
    decision = {"decision": "confirm", "answer": "x", "site": ""}
    assert officer().post(where, decision).status_code == 409
    assert Dose.objects.get().site == line.session.site


def test_the_officer_types_the_number_of_the_card_and_never_reads_it() -> None:
    line = Line()
    persons.claim_identifier(line.dose.person, IdentifierKind.NATIONAL_ID, "048080001234", at=LATER)
    row = asked(line.dose, "national_id", "048081001777", at=line.dose.given_at)
    where = f"/vaccination/corrections/{row.pk}/"
    page = text(officer(), where)
    assert "777" in page
    assert "048081001777" not in page
    decision = {"decision": "confirm", "answer": "x", "number": "048081001777"}
    assert officer().post(where, decision).status_code == 303
    assert persons.with_identifier(IdentifierKind.NATIONAL_ID, "048081001777") == [line.dose.person]


def test_the_record_shows_what_stood_there() -> None:
    line = Line()
    new = corrected(line.dose, "lot", line.lot.number)
    row = asked(new, "moment", "10/11/2026 12:10", actor=keeper())
    assert row.dose == new
    page = text(officer(), f"/vaccination/corrections/{CorrectionRequest.objects.order_by('pk')[0].pk}/")
    assert line.dose.lot_number in page
