"""Asking about a look at one's record, and answering."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import ReadExplained, ReadQuestioned
from lachan.core.models import AccessLog, Actor, Person
from lachan.portals.health_book.models import ReadQuestion


class CannotAsk(Refusal):
    """asked-before: one question a look; own-look: the person looked themselves."""


class CannotAnswer(Refusal):
    """answered-before, or answered by the one who looked."""


@transaction.atomic
def ask_about_read(*, read: AccessLog, person: Person, text: str, actor: Actor, at: datetime) -> ReadQuestion:
    """Note what the person wants to know; the oversight desk answers. Raises CannotAsk."""
    if read.actor_id == actor.pk:
        raise CannotAsk("own-look", _("This was your own look."))
    asked, made = ReadQuestion.objects.get_or_create(
        read=read, defaults={"person": person, "reader_id": read.actor_id, "text": text, "asked_at": at}
    )
    if not made:
        raise CannotAsk("asked-before", _("You have asked about this look. The answer will stand here."))
    emit([ReadQuestioned(person_id=person.pk, happened_at=at, question_id=asked.pk)], actor=actor)
    return asked


@transaction.atomic
def explain_read(*, question: ReadQuestion, answer: str, actor: Actor, at: datetime) -> None:
    """Answer in words that the person reads in their book. Raises CannotAnswer."""
    if question.reader_id == actor.pk:
        raise CannotAnswer(
            "reader-answers", _("You looked at this record yourself. Somebody else must answer.")
        )
    waiting = ReadQuestion.objects.filter(pk=question.pk, answered_at__isnull=True)
    if not waiting.update(answer=answer, answered_by=actor, answered_at=at):
        raise CannotAnswer("answered-before", _("This question was answered before."))
    emit([ReadExplained(person_id=question.person_id, happened_at=at, question_id=question.pk)], actor=actor)
