"""Diaries follow orders."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.core import clock, eventlog
from lachan.core.events import (
    DiaryReminded,
    DiaryReported,
    OrderChanged,
    OrderIssued,
    OrderLifted,
    PersonReleased,
    ReadingTaken,
)
from lachan.core.models import Area, Posting
from lachan.platform import messages
from lachan.platform.models import Message
from lachan.systems.declarations import handlers, tasks
from lachan.systems.declarations.commands import Sender, diaries, remind_diaries
from lachan.systems.declarations.models import Diary
from lachan.systems.declarations.tests.conftest import AT, Declare, day
from tests.rows import residents

pytestmark = pytest.mark.django_db


def issued(person_id: int, number: int, **more: Any) -> OrderIssued:
    given: dict[str, Any] = {
        "subject": "F1", "order_kind": "home", "starts_on": day(8), "ends_on": day(15), "test_dates": (),
        "policy_id": "p",
    }  # fmt: skip
    return OrderIssued(person_id=person_id, order_id=number, happened_at=AT, **given | more)


def test_each_order_has_a_diary_once_in_few_statements(commune: Area) -> None:
    people = residents(30, area=commune, at=AT)
    events = [issued(p.pk, n) for n, p in enumerate(people)]
    with CaptureQueriesContext(
        connection,
    ) as few:
        handlers.open_diaries(events[:2], AT)
    with CaptureQueriesContext(connection) as many:
        handlers.open_diaries(events, AT)
    handlers.open_diaries(events, AT)
    assert len(many) == len(few)
    assert Diary.objects.count() == 30


def test_a_diary_ends_when_its_order_ends(commune: Area) -> None:
    [person] = residents(1, area=commune, at=AT)
    handlers.open_diaries([issued(person.pk, 7), issued(person.pk, 8)], AT)
    changed = OrderChanged(
        person_id=person.pk, order_id=7, subject="F1", order_kind="home", ends_on=day(20), test_dates=(),
        policy_id="p", reason="exposed again", happened_at=AT,
    )  # fmt: skip
    handlers.move_diaries([changed], AT)
    assert Diary.objects.get(order_number=7).ends_on == day(20)
    handlers.close_diaries([OrderLifted(person_id=person.pk, order_id=7, reason="x", happened_at=AT)], AT)
    handlers.close_diaries([PersonReleased(person_id=person.pk, order_id=8, early=False, happened_at=AT)], AT)
    assert not Diary.objects.filter(closed_at__isnull=True).exists()


def test_nobody_is_reminded_twice_a_day_nor_after_the_order(
    commune: Area, officer: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "_words", {"diary-reminder": "%(link)s"})
    people = residents(3, area=commune, at=AT)
    handlers.open_diaries([issued(p.pk, n) for n, p in enumerate(people)], AT)
    handlers.close_diaries([OrderLifted(person_id=people[2].pk, order_id=2, reason="x", happened_at=AT)], AT)
    kept = list(Diary.objects.order_by("pk"))

    def remind(at: Any) -> int:
        return remind_diaries(diaries=kept, actor=officer.actor, at=at)

    assert [remind(AT), remind(AT), remind(AT + timedelta(days=1))] == [2, 0, 2]
    assert Message.objects.count() == 4
    assert len(eventlog.of_person(people[0].pk, [DiaryReminded])) == 2
    assert {m.facts["link"] for m in Message.objects.all()} == {
        f"{settings.SITE_ADDRESS}/declare/d/{d.code}" for d in kept[:2]
    }


@pytest.fixture
def reminded(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], int]:
    """`reminded(hour)`: the evening's job of 10 March at this hour; how many texts there are then."""
    monkeypatch.setattr(messages, "_words", {"diary-reminder": "%(link)s"})

    def run(hour: int) -> int:
        with clock.frozen(clock.day_start(day(10)) + timedelta(hours=hour)):
            tasks.remind_of_diaries()
        return Message.objects.count()

    return run


def test_in_the_evening_each_who_was_silent_gets_one_text(
    commune: Area, elsewhere: Area, declare: Declare, officer: Posting, reminded: Callable[[int], int]
) -> None:
    silent, reported, measured = residents(3, area=commune, at=AT)
    [twice] = residents(1, area=elsewhere, at=AT)
    orders = [silent, reported, measured, twice, twice]
    handlers.open_diaries([issued(p.pk, n) for n, p in enumerate(orders)], AT)
    declare(reported, form="diary", sender=Sender(channel="diary"), diary=Diary.objects.get(order_number=1))
    taken = ReadingTaken(person_id=measured.pk, order_id=2, reading_id=1, happened_at=AT)
    eventlog.emit([taken], actor=officer.actor)
    assert [reminded(19), reminded(20)] == [2, 2]
    assert {m.person_id for m in Message.objects.all()} == {silent.pk, twice.pk}
    assert {m.facts["link"][-17:] for m in Message.objects.filter(person=twice)} == {
        Diary.objects.get(order_number=3).code
    }


def test_the_evenings_job_goes_on_where_a_batch_ended(
    commune: Area, reminded: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diaries, "AT_ONCE", 2)
    people = residents(5, area=commune, at=AT)
    handlers.open_diaries([issued(p.pk, n) for n, p in enumerate(people)], AT)
    assert reminded(19) == 5


def test_what_a_diary_tells_is_the_reading_of_the_day(declare: Declare, commune: Area) -> None:
    [person] = residents(1, area=commune, at=AT)
    handlers.open_diaries([issued(person.pk, 7)], AT)
    diary = Diary.objects.get()
    declare(person, form="diary", diary=diary)
    declare(
        person, form="diary", diary=diary, temperature=38.4, symptoms=["fatigue"], at=AT + timedelta(days=1)
    )
    declare(person)
    clean, ill = eventlog.of_person(person.pk, [DiaryReported])
    assert (clean.order_id, clean.felt, clean.temperature) == (7, (), None)
    assert (ill.order_id, set(ill.felt), ill.temperature) == (7, {"fatigue", "fever"}, 38.4)
