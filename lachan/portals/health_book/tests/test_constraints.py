"""What the commands never write, the database refuses."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lachan.core import access
from lachan.core.access import Purpose
from lachan.core.models import AccessLog
from lachan.platform import citizens
from lachan.portals.health_book.commands import CannotAnswer, CannotAsk, ask_about_read, explain_read
from lachan.portals.health_book.models import ReadQuestion
from lachan.portals.health_book.tests.conftest import NOW, Families

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(families: Families) -> ReadQuestion:
    """Ba asks why a tracer looked."""
    posting = families.town.staff["tracer"].postings.get()
    access.note_reads([families.ba.pk], posting, purpose=Purpose.TRACING, part="case", at=NOW)
    actor = citizens.actor_of(families.ba, at=NOW)
    read = AccessLog.objects.get(person=families.ba)
    return ask_about_read(read=read, person=families.ba, text="Why?", actor=actor, at=NOW)


def test_a_look_is_asked_about_once(families: Families, asked: ReadQuestion) -> None:
    actor = citizens.actor_of(families.ba, at=NOW)
    with pytest.raises(CannotAsk, match="asked-before"):
        ask_about_read(read=asked.read, person=families.ba, text="Again?", actor=actor, at=NOW)
    asked.pk = None
    with pytest.raises(IntegrityError, match="question_once_a_read"), transaction.atomic():
        asked.save()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("question_answered_by_somebody", {"answer": "Because."}),
        ("question_answered_by_somebody", {"answered_at": NOW}),
        (
            "question_not_answered_by_the_reader",
            {"answer": "Because.", "answered_at": NOW, "answered_by": "reader"},
        ),
    ],
)
def test_an_answer_has_somebody_else_who_gave_it(
    asked: ReadQuestion, name: str, change: dict[str, Any]
) -> None:
    facts = {key: asked.reader if value == "reader" else value for key, value in change.items()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ReadQuestion.objects.filter(pk=asked.pk).update(**facts)


def test_who_looked_does_not_answer_and_nobody_answers_twice(families: Families, asked: ReadQuestion) -> None:
    staff = families.town.staff
    with pytest.raises(CannotAnswer, match="reader-answers"):
        explain_read(question=asked, answer="Because.", actor=staff["tracer"], at=NOW)
    explain_read(question=asked, answer="Your contacts were called.", actor=staff["administrator"], at=NOW)
    with pytest.raises(CannotAnswer, match="answered-before"):
        explain_read(question=asked, answer="Again.", actor=staff["health_officer"], at=NOW)
    assert ReadQuestion.objects.get().answer == "Your contacts were called."
