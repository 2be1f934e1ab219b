"""A recall carried out at the desk and through the API: whoever looks says what for, and one button tells all."""

import json

import pytest
from django.test import Client

from lachan.core.models import AccessLog, Actor, Person, Role
from lachan.issuer.models import RecallRequest, RevocationOrder
from lachan.platform.api import token_hash
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Lot, RecallRound
from lachan.systems.vaccination.tests.conftest import NOON, keeper, posting, province
from lachan.systems.vaccination.tests.line_rows import session
from lachan.systems.vaccination.tests.people import elsewhere
from lachan.systems.vaccination.tests.recalls import recalled, three
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
TOKEN = "b" * 43


@pytest.fixture
def people() -> tuple[Person, Person, Person]:
    return three()


@pytest.fixture
def lot(people: tuple[Person, Person, Person]) -> Lot:
    return recalled(*people)


@pytest.fixture
def officer() -> Client:
    return browser_of(posting(Role.HEALTH_OFFICER, area=province()))


def page(client: Client, lot: Lot, asked: str = "") -> str:
    return client.get(f"/vaccination/lots/{lot.pk}/recipients{asked}").content.decode()


def test_names_stand_there_only_for_a_purpose_which_each_of_them_can_read(
    officer: Client, lot: Lot, people: tuple[Person, ...]
) -> None:
    assert people[0].name not in page(officer, lot)
    assert not AccessLog.objects.exists()
    shown = page(officer, lot, "?purpose=care")
    assert all(who.name in shown for who in people)
    assert set(AccessLog.objects.values_list("person", "purpose")) == {(who.pk, "care") for who in people}
    assert people[0].name not in page(officer, lot, "?purpose=curiosity")


def test_one_button_tells_them_all(officer: Client, lot: Lot) -> None:
    answer = officer.post(f"/vaccination/lots/{lot.pk}/recipients/tell", follow=True)
    assert "They are being told." in answer.content.decode()
    again = officer.post(f"/vaccination/lots/{lot.pk}/recipients/tell", follow=True)
    assert "being told already" in again.content.decode()
    commands.finish_round(RecallRound.objects.get().pk, at=NOON)  # what the job does
    shown = page(officer, lot, "?purpose=care")
    assert "2 by text, 1 to be called, 0 told before" in shown
    assert shown.count("by text</span>") == 3  # two badges and the figure above


def test_the_page_of_a_lot_leads_there_once_it_is_recalled(officer: Client, lot: Lot) -> None:
    there = f"/vaccination/lots/{lot.pk}/recipients"
    assert there in officer.get(f"/vaccination/lots/{lot.pk}/").content.decode()
    other = session().lot
    assert other is not None
    assert "recipients" not in officer.get(f"/vaccination/lots/{other.pk}/").content.decode()
    assert "not recalled" in page(officer, other)


def test_a_person_decides_that_certificates_count_no_more_and_says_on_what_it_rests(
    officer: Client, lot: Lot
) -> None:
    there = f"/vaccination/lots/{lot.pk}/recipients/certificates"
    assert officer.post(there, {"evidence": "văn bản 123"}).status_code == 422  # the box is not ticked
    assert officer.post(there, {"sure": "on"}).status_code == 422
    assert not RevocationOrder.objects.exists()
    answer = officer.post(there, {"sure": "on", "evidence": "văn bản 123"}, follow=True)
    assert "3 certificates are taken back." in answer.content.decode()
    order = RevocationOrder.objects.get()
    assert (order.lot, order.reason, order.certificates) == (lot.number, "lot-recalled", 3)
    assert officer.post(there, {"sure": "on", "evidence": "nữa"}).status_code == 409


def test_more_than_twenty_certificates_take_a_second_officer(
    officer: Client, lot: Lot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lachan.issuer.commands.asking.MOST_ALONE", 2)
    there = f"/vaccination/lots/{lot.pk}/recipients/certificates"
    answer = officer.post(there, {"sure": "on", "evidence": "văn bản 123"}, follow=True)
    assert "A second officer has to agree" in answer.content.decode()
    assert RecallRequest.objects.get().lot == lot.number
    assert not RevocationOrder.objects.exists()


def test_nothing_is_taken_back_for_a_lot_that_is_only_held(officer: Client) -> None:
    held = session().lot
    assert held is not None
    commands.hold_lot(lot=held, reason="sốt", actor=keeper(), at=NOON)
    there = f"/vaccination/lots/{held.pk}/recipients/certificates"
    answer = officer.post(there, {"sure": "on", "evidence": "văn bản"}, follow=True)
    assert "not recalled" in answer.content.decode()
    assert not RevocationOrder.objects.exists()


@pytest.fixture
def program() -> Client:
    holder = posting(Role.VACCINE_OFFICER, area=province())
    Actor.objects.filter(pk=holder.actor_id).update(token_hash=token_hash(TOKEN))
    return Client(headers={"authorization": f"Bearer {TOKEN}", "accept-language": "en"})


def test_a_program_reads_the_list_for_a_purpose_and_has_them_told(
    program: Client, lot: Lot, people: tuple[Person, ...]
) -> None:
    there = f"/api/vaccination/lots/{lot.pk}"
    assert program.get(f"{there}/recipients").status_code == 422
    rows = program.get(f"{there}/recipients?purpose=vaccination").json()
    assert {row["person"]: row["told"] for row in rows} == dict.fromkeys(who.code for who in people)
    assert AccessLog.objects.filter(purpose="vaccination").count() == 3
    answer = program.post(f"{there}/tell", json.dumps({}), content_type="application/json")
    assert (answer.status_code, answer.json()["waiting"]) == (200, 3)
    assert program.post(f"{there}/tell").status_code == 409
    commands.finish_round(RecallRound.objects.get().pk, at=NOON)  # what the job does
    rows = program.get(f"{there}/recipients?purpose=vaccination").json()
    assert sorted(row["told"] for row in rows) == ["call", "text", "text"]


def test_another_province_sees_nothing_of_a_lot_that_it_never_had(lot: Lot) -> None:
    stranger = browser_of(posting(Role.VACCINE_OFFICER, area=elsewhere()))
    assert stranger.get(f"/vaccination/lots/{lot.pk}/recipients").status_code == 404
    assert stranger.post(f"/vaccination/lots/{lot.pk}/recipients/tell").status_code == 404
