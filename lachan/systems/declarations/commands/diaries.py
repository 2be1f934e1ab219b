"""Reminding people of their diary."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from lachan.core import clock, persons
from lachan.core.eventlog import emit
from lachan.core.events import DiaryReminded
from lachan.core.models import Actor
from lachan.platform import jobs
from lachan.platform.messages import NewMessage, queue_messages
from lachan.platform.pages import outside
from lachan.systems.declarations import queries
from lachan.systems.declarations.models import Diary, Reminder

TEMPLATE = "diary-reminder"


AT_ONCE = 1_000


def remind_silent(*, actor: Actor, at: datetime) -> int:
    """Remind everybody who neither reported nor was measured today, batch by batch; how many. Once a person and day,
    however often it runs."""
    day, total, after = clock.local_date(at), 0, 0
    while batch := list(queries.to_remind(day).filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        total += remind_diaries(diaries=batch, actor=actor, at=at)
        after = batch[-1].pk
        jobs.go_on()
    return total


def link_of(code: str) -> str:
    """The page on which who has this code reports, as it stands in a text."""
    return outside(reverse("declare:diary", args=[code]))


@transaction.atomic
def remind_diaries(*, diaries: Sequence[Diary], actor: Actor, at: datetime) -> int:
    """Queue a text with the link to each person who was not reminded today; how many."""
    day = clock.local_date(at)
    held = Diary.objects.select_for_update(of=("self",)).filter(
        pk__in=[d.pk for d in diaries], closed_at__isnull=True
    )
    waiting = held.exclude(reminders__day=day).select_related("person").order_by("pk")
    fresh = _one_a_person(list(waiting), day)
    Reminder.objects.bulk_create(
        Reminder(diary=diary, day=day, reminded_at=at, reminded_by=actor) for diary in fresh
    )
    told = [
        DiaryReminded(
            person_id=d.person.root_id, diary_id=d.pk, happened_at=at, ref=f"declarations.diary:{d.pk}"
        )
        for d in fresh
    ]
    emit(told, actor=actor)
    queue_messages(
        [
            NewMessage(d.person.root_id, event.id, TEMPLATE, d.person.language, {"link": link_of(d.code)})
            for d, event in zip(fresh, told, strict=True)
        ],
        at=at,
    )
    return len(fresh)


def _one_a_person(diaries: Sequence[Diary], day: date) -> list[Diary]:
    """Whoever is under two orders gets one text, with the link of the first."""
    roots = persons.roots_locked(d.person_id for d in diaries)
    told = Reminder.objects.filter(day=day, diary__person__in=roots.values())
    seen = set(told.values_list("diary__person", flat=True))
    first = {roots[d.person_id]: d for d in reversed(diaries) if roots[d.person_id] not in seen}
    return sorted(first.values(), key=lambda d: d.pk)
