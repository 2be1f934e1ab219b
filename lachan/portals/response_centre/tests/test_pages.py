"""The pages of the response centre, as an agent uses them."""

import pytest
from django.test import Client

from lachan.core.models import AccessLog, Role
from lachan.portals.response_centre.models import Call, Wish
from lachan.portals.response_centre.tests.conftest import PHONE, caller, province, wish
from lachan.systems.feedback.tests.conftest import posting
from tests.rows import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Client:
    return browser_of(posting(Role.CALL_AGENT, province()))


def test_a_call_is_taken_opened_and_ended_with_three_buttons(agent: Client) -> None:
    person = caller()
    page = agent.post("/response/take", {"phone": "0912 345 678", "subject": "health"}, follow=True)
    assert person.name in page.content.decode()  # who has this number
    call = Call.objects.get()
    page = agent.post(
        f"/response/calls/{call.pk}/open", {"person": person.code, "purpose": "care"}, follow=True
    )
    assert "Opened for:" in page.content.decode()
    assert set(AccessLog.objects.filter(person=person).values_list("part", flat=True)) == {"caller", "call"}
    ended = agent.post(
        f"/response/calls/{call.pk}/end",
        {"outcome": "answered", "write": "symptoms", "symptoms": ["fever"], "note": "Sốt từ hôm qua"}, follow=True,
    )  # fmt: skip
    assert "Written down" in ended.content.decode()
    call.refresh_from_db()
    assert call.outcome == "written"


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(agent: Client) -> None:
    agent.post("/response/take", {"phone": PHONE, "subject": "other"})
    call = Call.objects.get()
    page = agent.post(
        f"/response/calls/{call.pk}/end", {"outcome": "answered", "write": "test", "note": "Nhớ tôi"}
    )
    assert (page.status_code, "Nhớ tôi" in page.content.decode()) == (409, True)
    assert (
        agent.post(f"/response/calls/{call.pk}/open", {"person": "rác", "purpose": "care"}).status_code == 422
    )


def test_a_person_of_another_province_is_not_opened(agent: Client) -> None:
    from tests.rows import area_in

    stranger = caller("+84987654321", area=area_in(province().parent, "f48", "Đà Nẵng", level=1))
    agent.post("/response/take", {"phone": "0987654321", "subject": "other"})
    call = Call.objects.get()
    page = agent.get(f"/response/calls/{call.pk}/").content.decode()
    assert stranger.name not in page
    assert agent.post(
        f"/response/calls/{call.pk}/open", {"person": stranger.code, "purpose": "care"}
    ).status_code == 422  # fmt: skip


def test_the_next_one_is_called_with_one_button(agent: Client) -> None:
    row = wish(7, urgent=True)
    assert "urgent" in agent.get("/response/").content.decode()
    page = agent.post(f"/response/wishes/{row.pk}/call", follow=True)
    assert "+84912000007" in page.content.decode()
    assert agent.get("/").content.decode().count("urgent calls back wait") == 0  # it is in hand


def test_a_wish_from_the_form_says_its_place(agent: Client) -> None:
    wish(1)
    page = agent.post("/response/wishes/new", {"phone": "0912000002", "subject": "vaccination"}, follow=True)
    assert "at place 2" in page.content.decode()
    assert Wish.objects.count() == 2


def test_the_list_of_calls_names_nobody(agent: Client) -> None:
    person = caller()
    agent.post("/response/take", {"phone": PHONE, "subject": "order"})
    call = Call.objects.get()
    agent.post(f"/response/calls/{call.pk}/end", {"outcome": "answered", "write": "nothing"})
    page = agent.get("/response/calls/").content.decode()
    assert ("quarantine, an order" in page, person.name in page, "0912345678" in page) == (True, False, False)


def test_a_shift_leaves_a_note_that_the_next_takes_over(agent: Client) -> None:
    agent.post("/response/notes", {"text": "Hai cuộc gọi khẩn"})
    other = browser_of(posting(Role.CALL_AGENT, province()))
    assert "Hai cuộc gọi khẩn" in other.get("/response/").content.decode()
    number = other.get("/response/").context["note"].pk
    assert other.post(f"/response/notes/{number}/take").status_code == 303
    assert "Hai cuộc gọi khẩn" not in other.get("/response/").content.decode()
