"""What the rules would refuse, the database refuses too."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from lachan.core.codes import new_code
from lachan.core.models import Area, Posting
from lachan.systems.declarations.models import CallMade, Declaration, Diary, Reminder
from lachan.systems.declarations.tests.conftest import AT, Declare, day
from tests.rows import residents

pytestmark = pytest.mark.django_db


def copied(made: Declaration, **change: Any) -> None:
    """The same row again with something changed."""
    row = Declaration.objects.get(pk=made.pk)
    row.pk, row.key, row.code = None, uuid4(), new_code()
    for name, value in change.items():
        setattr(row, name, value)
    row.save()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"outcome": 5}, "declaration_outcome_by_a_rule"),
        ({"outcome": 0, "rule": "symptom"}, "declaration_outcome_by_a_rule"),
        ({"outcome": 1, "rule": ""}, "declaration_outcome_by_a_rule"),
        ({"channel": "dove"}, "declaration_channel_known"),
        ({"provenance": "seance"}, "declaration_channel_known"),
        ({"phone_shown": True}, "declaration_phone_shown_is_there"),
        ({"claimed_at": AT}, "declaration_claimed_was_assisted"),
        ({"made_at": AT + timedelta(days=1)}, "declaration_made_before_recorded"),
    ],
)
def test_the_database_refuses_impossible_declarations(
    declare: Declare, change: dict[str, Any], name: str
) -> None:
    made = declare(symptoms=["fever"])
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        copied(made, **change)


def test_a_declaration_is_corrected_once_and_not_by_itself(declare: Declare) -> None:
    made = declare()
    copied(made, corrects=made)
    with pytest.raises(IntegrityError, match="corrects"), transaction.atomic():
        copied(made, corrects=made)
    with pytest.raises(IntegrityError, match="declaration_corrects_another"), transaction.atomic():
        Declaration.objects.filter(pk=made.pk).update(corrects=made)


def test_key_and_code_name_one_declaration(declare: Declare) -> None:
    made = declare()
    for again in ({"key": made.key}, {"code": made.code}):
        with pytest.raises(IntegrityError), transaction.atomic():
            copied(made, **again)


def test_calls_diaries_and_reminders_are_possible_ones(
    declare: Declare, officer: Posting, commune: Area
) -> None:
    with pytest.raises(IntegrityError, match="declarer_call_outcome_known"), transaction.atomic():
        CallMade.objects.create(declaration=declare(), outcome="sang", called_at=AT, called_by=officer.actor)
    [person] = residents(1, area=commune, at=AT)
    given = {"order_number": 1, "person": person, "code": new_code(), "starts_on": day(8), "opened_at": AT}
    with pytest.raises(IntegrityError, match="diary_period_forward"), transaction.atomic():
        Diary.objects.create(**given, ends_on=day(7))
    diary = Diary.objects.create(**given, ends_on=day(9))
    for again in ({"code": new_code()}, {"order_number": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Diary.objects.create(**given | {"ends_on": day(9)} | again)
    row = {"diary": diary, "day": day(8), "reminded_at": AT, "reminded_by": officer.actor}
    Reminder.objects.create(**row)
    with pytest.raises(IntegrityError, match="diary_reminded_once_a_day"), transaction.atomic():
        Reminder.objects.create(**row)
