"""Wishes to be called back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import areas, bulk, persons
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import CallBackWished, ReactionReported, RecallNoticeGiven
from lachan.core.models import Actor, Area, Identifier, IdentifierKind, Person
from lachan.core.persons import identifier_value
from lachan.core.sealed import blind_index, seal
from lachan.portals.response_centre.models import SUBJECTS, Call, Wish

PHONE = IdentifierKind.PHONE.value


class CannotWish(Refusal):
    """subject-unknown, wish-waits-already, wish-over."""


def wish_call_back(
    *, area: Area, phone: str, subject: str, actor: Actor, at: datetime, person: Person | None = None,
    urgent: bool = False, note: str = "", cause: UUID | None = None,
) -> Wish:  # fmt: skip
    """Put a number (E.164) in the queue of the area's centre. Raises CannotWish.

    Who waits already keeps the place that they have; that the matter has become urgent is written down.
    """
    if subject not in SUBJECTS:
        raise CannotWish("subject-unknown", _("Choose what the call is about."))
    index = blind_index(PHONE, phone)
    row = Wish(
        area=area, phone=seal(PHONE, phone), phone_index=index, person=person, subject=subject, urgent=urgent,
        note=note.strip()[:500], asked_at=at, asked_by=actor, cause=cause,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            emit([_wished(row, at)], actor=actor)
    except IntegrityError as error:
        if "wish_one_open_a_number" not in str(error):
            raise
        return _already(area, index, urgent)
    return row


def _wished(row: Wish, at: datetime) -> CallBackWished:
    return CallBackWished(
        person_id=row.person_id, wish_id=row.pk, subject=row.subject, urgent=row.urgent, happened_at=at,
        ref=f"response_centre.wish:{row.pk}", caused_by=row.cause,
    )  # fmt: skip


def _already(area: Area, index: bytes, urgent: bool) -> Wish:
    open_ones = Wish.objects.filter(area=area, phone_index=index, ended_at__isnull=True)
    if urgent:
        open_ones.update(urgent=True)
    found = open_ones.first()
    if found is None:  # it ended a moment ago
        raise CannotWish("wish-over", _("The number was called this very moment. Try again."))
    return found


@transaction.atomic
def call_urgently(*, events: Sequence[ReactionReported], actor: Actor, at: datetime) -> list[Wish]:
    """An urgent wish for each of these people who has a telephone, with the centre of the province where they live.
    Told twice it changes nothing: who waits keeps the place that they have, and who was called is not called again."""
    answered = _told_in_calls(events)
    wanted = {e.person_id: e for e in events if e.person_id and e.ref not in answered}
    called = set(
        Wish.objects.filter(cause__in=[e.id for e in wanted.values()]).values_list("cause", flat=True)
    )
    people = Person.objects.select_related("home_area__parent__parent").in_bulk(wanted)
    phones = Identifier.objects.filter(person__in=people, kind=PHONE).order_by(
        "person", "-recorded_at", "-pk"
    )
    made = []
    for identifier in phones.distinct("person"):
        event, person = wanted[identifier.person_id], people[identifier.person_id]
        if event.id in called or person.home_area is None:
            continue
        made.append(
            wish_call_back(
                area=areas.province_of(person.home_area), phone=identifier_value(identifier), subject="reaction",
                person=person, urgent=True, cause=event.id, actor=actor, at=at,
            )
        )  # fmt: skip
    return made


def _told_in_calls(events: Sequence[ReactionReported]) -> set[str]:
    """What was told to an agent, who has spoken with them already."""
    people = {e.person_id for e in events}
    told = Call.objects.filter(person__in=people) | Call.objects.filter(person__merged_into__in=people)
    return set(told.filter(wrote__in=[e.ref for e in events]).values_list("wrote", flat=True))


@transaction.atomic
def call_recipients(*, events: Sequence[RecallNoticeGiven], actor: Actor, at: datetime) -> list[Wish]:
    """A wish without a number for each of these people, with the centre of the province where they live. Told twice it
    changes nothing."""
    wanted = {e.id: e for e in events if e.person_id}
    known = set(Wish.objects.filter(cause__in=wanted).values_list("cause", flat=True))
    fresh = [e for pk, e in wanted.items() if pk not in known]
    roots = persons.roots_locked(e.about for e in fresh)
    people = Person.objects.select_related("home_area__parent__parent").in_bulk(roots.values())
    rows = [
        Wish(
            area=_centre_for(people[roots[e.about]]), person=people[roots[e.about]], subject="recall", note=e.number,
            asked_at=at, asked_by=actor, cause=e.id,
        )
        for e in fresh
    ]  # fmt: skip
    bulk.insert(rows)
    emit([_wished(row, at) for row in rows], actor=actor)
    return rows


def _centre_for(person: Person) -> Area:
    return areas.province_of(person.home_area) if person.home_area else areas.country()


@transaction.atomic
def end_wish(*, wish: Wish, actor: Actor, at: datetime) -> None:
    """The caller does not want it any more. Raises CannotWish: wish-over."""
    ended = Wish.objects.filter(pk=wish.pk, ended_at__isnull=True).update(ended_at=at, ending="not-wanted")
    if not ended:
        raise CannotWish("wish-over", _("This wish has ended already."))
