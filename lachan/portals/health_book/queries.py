"""Looks at a record in plain words, and the questions about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext_lazy

from lachan.core import access
from lachan.core.access import NotVisible, Permission, Purpose
from lachan.core.desk import DeskItem
from lachan.core.models import AccessLog, Actor, ActorKind, Person, Posting
from lachan.platform.record import group_of
from lachan.portals.health_book.models import ReadQuestion
from lachan.portals.health_book.words import part_words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

URGENCY = 50


@dataclass(frozen=True, slots=True)
class Look:
    """One read as the person sees it: the role and office of who looked, never their name."""

    read: AccessLog
    who: str
    purpose: "StrOrPromise"
    part: "StrOrPromise"
    own: bool
    question: ReadQuestion | None


def reads(person: Person) -> QuerySet[AccessLog]:
    """Every look at the record and at those joined into it."""
    return AccessLog.objects.filter(person__in=group_of(person)).select_related("actor__person")


def read_of(person: Person, number: int) -> AccessLog:
    """Raises NotVisible."""
    found = reads(person).filter(pk=number).first()
    if found is None:
        raise NotVisible
    return found


def looks(rows: Sequence[AccessLog], *, reader: Actor | None) -> list[Look]:
    """In words, for `reader`, whose own looks are marked."""
    postings = Posting.objects.select_related("area", "place").in_bulk(
        {r.posting_id for r in rows if r.posting_id}
    )
    asked = {q.read_id: q for q in ReadQuestion.objects.filter(read__in=[r.pk for r in rows])}
    return [_look(row, postings, asked.get(row.pk), reader) for row in rows]


def _look(
    row: AccessLog, postings: Mapping[int, Posting], question: ReadQuestion | None, reader: Actor | None
) -> Look:
    own = reader is not None and row.actor_id == reader.pk
    who = gettext("you") if own else _office(row, postings)
    purpose = dict(Purpose.choices).get(row.purpose, row.purpose)
    return Look(row, who, purpose, part_words(row.part), own, question)


def _office(row: AccessLog, postings: Mapping[int, Posting]) -> str:
    if row.actor.kind == ActorKind.CITIZEN:
        return gettext("somebody who shares your telephone")
    posting = postings.get(row.posting_id or 0)
    if posting is not None:
        return f"{posting.get_role_display()}, {posting.area or posting.place}"
    return (
        gettext("a programme of this system")
        if row.actor.kind != ActorKind.STAFF
        else gettext("health staff")
    )


def questions(posting: Posting) -> QuerySet[ReadQuestion]:
    """Questions about looks at the records of people whom the posting may see; not about its own holder's."""
    seen = ReadQuestion.objects.filter(person__in=access.visible(posting))
    return seen.exclude(reader=posting.actor_id).select_related("read__actor", "person__merged_into")


def question_for(posting: Posting, number: int) -> ReadQuestion:
    """Raises NotVisible."""
    found = questions(posting).filter(pk=number).first()
    if found is None:
        raise NotVisible
    return found


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Questions that wait for an answer."""
    if not access.may(posting, Permission.ANSWER_READS):
        return []
    waiting = questions(posting).filter(answered_at__isnull=True)
    oldest = waiting.aggregate(oldest=Min("asked_at"))["oldest"]
    count = waiting.count()
    label = ngettext_lazy("question about a look at a record", "questions about looks at records", count)
    return [DeskItem(label, count, reverse("health_book:questions"), URGENCY, oldest)]


def given_name(person: Person) -> str:
    """The last word, by which Vietnamese names call."""
    return person.name.split()[-1]
