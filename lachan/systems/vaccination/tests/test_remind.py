"""Reminders go out once: of tomorrow's invitation, of a dose from the day on which it may be given."""

from datetime import timedelta

import pytest

from lachan.platform.messages import text_of
from lachan.platform.models import Message
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.tests.conftest import NOON, keeper
from lachan.systems.vaccination.tests.people import (
    dosed,
    invited,
    person,
    session,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told(template: str) -> list[int]:
    return list(Message.objects.filter(template=template).order_by("pk").values_list("person", flat=True))


def test_who_is_expected_tomorrow_is_reminded_once() -> None:
    row = invited()
    invited(to=session(starts_at=NOON + 3 * DAY))
    for _ in range(2):
        assert commands.remind_invited(at=NOON) == 1
    assert told("vaccination-tomorrow") == [row.person_id]
    assert "08:00 11/11/2026, Trạm y tế Thạch Thang" in text_of(Message.objects.get())


def test_who_declined_is_not_reminded() -> None:
    commands.answer_invitation(invitation=invited(), coming=False, actor=keeper(), at=NOON)
    assert commands.remind_invited(at=NOON) == 0


@pytest.mark.parametrize(("days_ago", "reminded"), [(27, 0), (28, 1), (33, 1), (36, 0)])
def test_a_dose_is_due_from_the_end_of_its_interval_for_a_week(days_ago: int, reminded: int) -> None:
    who = person()
    dosed(who, days_ago=days_ago)
    assert commands.remind_due(at=NOON) == reminded
    assert told("vaccination-due") == [who.pk] * reminded


def test_a_due_dose_is_told_once_whatever_the_nights() -> None:
    dose = dosed(person(), days_ago=28)
    for night in range(3):
        commands.remind_due(at=NOON + night * DAY)
    message = Message.objects.get(template="vaccination-due")
    assert message.cause_id == dose.event_id
    assert "10/11/2026" in text_of(message)
