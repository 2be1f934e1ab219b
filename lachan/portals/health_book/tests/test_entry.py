"""The way in: who holds the phone noted in a record opens it; nothing that one can know does."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lachan.core import clock
from lachan.core.models import AccessLog, Person
from lachan.platform.models import PhoneCode, PhoneSession
from lachan.portals.health_book.tests.conftest import (
    NOW,
    OTHER,
    SHARED,
    UNKNOWN,
    Enter,
    Families,
    text_of,
)

pytestmark = pytest.mark.django_db
IN, CODE, FAMILY = "/health-book/sign-in", "/health-book/code", "/health-book/family"


def book_of(person: Person) -> str:
    return f"/health-book/{person.code}/"


def test_alone_with_a_number_one_comes_to_ones_own_record(families: Families, enter: Enter) -> None:
    client = enter(OTHER)
    assert client.get("/health-book/").headers["Location"] == book_of(families.ba)
    page = text_of(client.get(book_of(families.ba)))
    assert "Đỗ Văn Ba" in page
    assert "My code" in page


def test_several_with_one_number_choose_by_given_name_first(families: Families, enter: Enter) -> None:
    client = enter(SHARED)
    assert client.get("/health-book/").headers["Location"] == FAMILY
    asked = text_of(client.get(FAMILY))
    assert "Hoa" in asked
    assert "Bé" in asked
    assert "Trần" not in asked
    assert client.get(book_of(families.hoa)).status_code == 404
    answer = client.post(FAMILY, {"person": families.hoa.code})
    assert answer.headers["Location"] == book_of(families.hoa)
    assert client.get(book_of(families.be)).status_code == 200


def test_nobody_of_another_telephone_can_be_chosen_or_opened(families: Families, enter: Enter) -> None:
    client = enter(SHARED, be=families.hoa)
    assert client.post(FAMILY, {"person": families.ba.code}).status_code == 404
    assert client.get(book_of(families.ba)).status_code == 404
    assert not AccessLog.objects.filter(person=families.ba).exists()


def test_a_number_that_no_record_has_is_told_only_to_who_holds_it(enter: Enter) -> None:
    page = text_of(enter(UNKNOWN).get(FAMILY))
    assert "No record has this number" in page


@pytest.mark.parametrize("code", ["", "0000000", "not a code", "\x00", "9" * 500])
def test_a_wrong_code_opens_nothing(enter: Enter, code: str) -> None:
    client = Client()
    client.post(IN, {"phone": SHARED})
    assert client.post(CODE, {"code": code}).status_code == 422
    assert client.get("/health-book/").status_code == 302
    assert not PhoneSession.objects.exists()


def test_a_code_opens_nothing_in_another_browser(families: Families, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda _n: 1234567)
    Client().post(IN, {"phone": SHARED})
    thief = Client()
    assert thief.post(CODE, {"code": "123 4567"}).status_code == 422


def test_a_number_that_is_none_is_refused_in_words(families: Families) -> None:
    answer = Client(headers={"accept-language": "en"}).post(IN, {"phone": "12"})
    assert answer.status_code == 422
    assert not PhoneCode.objects.exists()


def test_the_fourth_code_within_ten_minutes_is_refused(families: Families) -> None:
    client = Client()
    assert [client.post(IN, {"phone": SHARED}).status_code for _ in range(4)] == [303, 303, 303, 429]


def test_known_and_unknown_numbers_get_the_same_answer(families: Families) -> None:
    """Same status, same length, same headers, and the same statements sent to the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    told = []
    for phone in (SHARED, UNKNOWN):
        client = Client()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.post(IN, {"phone": phone})
        after = client.get(CODE)
        statements = [q["sql"].split(" VALUES")[0][:60] for q in asked.captured_queries]
        told.append(
            (
                answer.status_code,
                answer.headers["Location"],
                len(answer.content),
                len(after.content),
                statements,
            )
        )
    assert told[0] == told[1]


def test_no_code_is_shown_outside_a_demonstration(families: Families, settings: Any, enter: Enter) -> None:
    for demonstration in (False, True):
        settings.LACHAN_DEMO = demonstration
        client = Client()
        client.post(IN, {"phone": OTHER})
        assert ("123 4567." in text_of(client.get(CODE))) is demonstration


def test_the_book_closes_after_half_an_hour_and_when_asked(families: Families, enter: Enter) -> None:
    client = enter(OTHER)
    with clock.frozen(NOW + timedelta(minutes=31)):
        assert client.get(book_of(families.ba)).headers["Location"].startswith(IN)
    client = enter(OTHER)
    answer = client.post("/health-book/sign-out")
    assert answer.headers["Location"] == IN
    assert client.get(book_of(families.ba)).status_code == 302


def test_a_forged_or_changed_cookie_is_nobody(families: Families, enter: Enter) -> None:
    client = enter(OTHER)
    value = client.cookies["citizen"].value
    for forged in (f"{value}x", value.split(":")[0], "x", ""):
        client.cookies["citizen"] = forged
        assert client.get(book_of(families.ba)).status_code == 302


def test_the_cookie_is_hidden_from_scripts_and_other_sites(families: Families, enter: Enter) -> None:
    cookie = enter(OTHER).cookies["citizen"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", 12 * 3600)


def test_a_page_of_another_site_cannot_act_for_the_citizen(families: Families, enter: Enter) -> None:
    held = enter(OTHER)
    strange = Client(enforce_csrf_checks=True)
    strange.cookies["citizen"] = held.cookies["citizen"].value
    assert strange.post("/health-book/sign-out").status_code == 403
    assert strange.post(IN, {"phone": OTHER}).status_code == 403
    assert held.get(book_of(families.ba)).status_code == 200


def test_another_device_is_seen_and_can_be_closed(families: Families, enter: Enter) -> None:
    enter(SHARED, be=families.be)
    mine = enter(SHARED, be=families.hoa, HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 10) Chrome/120.0")
    enter(OTHER)
    page = text_of(mine.get("/health-book/devices"))
    assert "Chrome, Android (this one)" in page
    other, stranger = PhoneSession.objects.exclude(device__startswith="Chrome").order_by("pk")
    assert mine.post(f"/health-book/devices/{stranger.pk}/end").status_code == 404
    assert mine.post(f"/health-book/devices/{other.pk}/end").status_code == 303
    assert PhoneSession.objects.filter(ended_at__isnull=False).get() == other


def test_a_staff_sign_in_opens_no_book_and_a_book_no_desk(families: Families, enter: Enter) -> None:
    staff = Client()
    user = families.town.staff["health_officer"].user
    assert user is not None
    staff.force_login(user)
    assert staff.get(book_of(families.hoa)).headers["Location"].startswith(IN)
    citizen = enter(SHARED, be=families.hoa)
    assert citizen.get(f"/people/{families.hoa.code}/").headers["Location"].startswith("/sign-in/")
