"""Who had a recalled lot and has no number waits to be called; whoever calls finds the number first."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from lachan.core import areas, eventlog
from lachan.core.events import CallBackWished, RecallNoticeGiven
from lachan.core.models import AccessLog, Person, Role
from lachan.portals.response_centre import commands, handlers, queries
from lachan.portals.response_centre.models import Call, Wish
from lachan.portals.response_centre.tests.conftest import NINE, PHONE, caller, officer, province, wish
from lachan.systems.feedback.tests.conftest import posting
from tests.rows import browser_of

pytestmark = pytest.mark.django_db


def notice(who: Person) -> RecallNoticeGiven:
    return RecallNoticeGiven(
        person_id=who.pk, happened_at=NINE, lot_id=1, product="comirnaty", number="FH1234", way="call"
    )


def told(*people: Person) -> list[Wish]:
    events = [notice(who) for who in people]
    with transaction.atomic():
        eventlog.emit(events, actor=officer())
    for _ in range(2):
        handlers.call_recipients(events, NINE)
    return list(Wish.objects.order_by("pk"))


def test_they_wait_in_the_queue_of_their_province_once() -> None:
    here, nowhere = caller(), caller("+84912000001")
    Person.objects.filter(pk=nowhere.pk).update(home_area=None)
    first, second = told(here, nowhere)
    assert (first.person, first.area, first.subject, first.note) == (here, province(), "recall", "FH1234")
    assert (second.area, second.phone) == (areas.country(), None)
    assert len(eventlog.of_person(here.pk, [CallBackWished])) == 1


def test_the_agent_finds_the_number_calls_and_opens_the_record() -> None:
    agent = browser_of(posting(Role.CALL_AGENT, province()))
    who = caller()
    [row] = told(who)
    there = f"/response/wishes/{row.pk}/"
    desk = agent.get("/response/").content.decode()
    assert there in desk
    assert who.name not in desk
    assert who.name in agent.get(there).content.decode()
    assert AccessLog.objects.get().part == "call list"
    assert agent.post(f"{there}call", {"phone": "12"}).status_code == 422
    page = agent.post(f"{there}call", {"phone": "0912 000 009"}, follow=True).content.decode()
    assert who.code in page  # the record is named, and opened only for a purpose
    call = Call.objects.get()
    assert (call.wish, queries.number_of(call), call.person) == (row, "+84912000009", None)


def test_a_number_that_waits_already_is_called_from_its_own_place() -> None:
    agent = browser_of(posting(Role.CALL_AGENT, province()))
    wish(1)
    row = next(w for w in told(caller()) if w.phone is None)
    answer = agent.post(f"/response/wishes/{row.pk}/call", {"phone": "0912000001"})
    assert (answer.status_code, "waits in the queue already" in answer.content.decode()) == (409, True)
    row.refresh_from_db()
    assert (row.phone, row.claimed_at) == (None, None)


def test_the_number_that_was_found_stays_for_the_next_try() -> None:
    [row] = told(caller())
    agent = officer()
    with pytest.raises(commands.CannotCall) as refusal:
        commands.call_back(wish=row, actor=agent, at=NINE)
    assert refusal.value.code == "number-missing"
    call = commands.call_back(wish=row, phone=PHONE, actor=agent, at=NINE)
    commands.end_call(call=call, outcome="no-answer", note="", actor=agent, at=NINE)
    row.refresh_from_db()
    commands.call_back(wish=row, actor=agent, at=NINE + timedelta(hours=1))
    assert Call.objects.filter(wish=row).count() == 2


def test_the_database_keeps_a_wish_of_a_number_or_of_a_person_once_a_cause() -> None:
    [row] = told(caller())
    with pytest.raises(IntegrityError, match="wish_of_a_number_or_a_person"), transaction.atomic():
        Wish.objects.filter(pk=row.pk).update(person=None)
    with pytest.raises(IntegrityError, match="wish_one_a_cause"), transaction.atomic():
        Wish.objects.create(
            area=row.area,
            person=row.person,
            subject="recall",
            asked_at=NINE,
            asked_by=officer(),
            cause=row.cause,
        )
