"""Taking a call, opening the caller's record, and ending the call with what it led to."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import CallBackGivenUp, CallEnded, Event
from lachan.core.models import Actor, Area, Person
from lachan.core.sealed import blind_index, seal, unseal
from lachan.portals.response_centre.commands.wishes import PHONE, wish_call_back
from lachan.portals.response_centre.models import OUTCOMES, SUBJECTS, Call, Wish
from lachan.portals.response_centre.rules import MOST_TRIES

_SUBJECT = _("Choose what the call is about.")


class CannotCall(Refusal):
    """subject-unknown, call-open, wish-taken, number-missing, number-waits, call-over, outcome-unknown,
    purpose-missing."""


def take_call(*, area: Area, phone: str, subject: str, actor: Actor, at: datetime) -> Call:
    """Somebody calls in. Raises CannotCall: subject-unknown, call-open."""
    if subject not in SUBJECTS:
        raise CannotCall("subject-unknown", _SUBJECT)
    row = Call(
        area=area, outbound=False, phone=seal(PHONE, phone), phone_index=blind_index(PHONE, phone), subject=subject,
        started_at=at, taken_by=actor,
    )  # fmt: skip
    return _open(row)


@transaction.atomic
def call_back(*, wish: Wish, actor: Actor, at: datetime, phone: str = "") -> Call:
    """Take this wish in hand and call; `phone` is the number that was found for a wish without one. Two who take the
    same one: the first has it. Raises CannotCall: wish-taken, number-missing, number-waits, call-open."""
    free = Wish.objects.filter(pk=wish.pk, ended_at__isnull=True, claimed_at__isnull=True)
    if not free.update(claimed_at=at, claimed_by=actor):
        raise CannotCall("wish-taken", _("Somebody else has this call in hand, or it is over."))
    sealed, index = _number_of(wish, phone)
    row = Call(
        area_id=wish.area_id, outbound=True, phone=sealed, phone_index=index, wish=wish, person=None,
        subject=wish.subject, started_at=at, taken_by=actor,
    )  # fmt: skip
    return _open(row)


def _number_of(wish: Wish, found: str) -> tuple[bytes, bytes]:
    """The number sealed, and its index; one that was found now stays with the wish."""
    if wish.phone is not None and wish.phone_index is not None:
        return bytes(wish.phone), bytes(wish.phone_index)
    if not found:
        raise CannotCall("number-missing", _("Find a number first: ask the commune where the person lives."))
    sealed, index = seal(PHONE, found), blind_index(PHONE, found)
    try:
        with transaction.atomic():
            Wish.objects.filter(pk=wish.pk).update(phone=sealed, phone_index=index)
    except IntegrityError as error:
        if "wish_one_open_a_number" not in str(error):
            raise
        raise CannotCall(
            "number-waits", _("This number waits in the queue already: call it from there.")
        ) from error
    return sealed, index


def _open(row: Call) -> Call:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "call_one_at_a_time" not in str(error):
            raise
        raise CannotCall("call-open", _("End the call that you have open first.")) from error
    return row


def open_record(*, call: Call, person: Person, purpose: str, actor: Actor, at: datetime) -> None:
    """Whose record is on the screen, and what for; the door has logged the read. Raises CannotCall."""
    if not purpose:
        raise CannotCall("purpose-missing", _("Say what the record is opened for."))
    mine = Call.objects.filter(pk=call.pk, taken_by=actor, ended_at__isnull=True)
    if not mine.update(person=person, purpose=purpose):
        raise CannotCall("call-over", _("This call has ended."))


@transaction.atomic
def end_call(
    *, call: Call, outcome: str, note: str, actor: Actor, at: datetime, wrote: str = "", urgent: bool = False
) -> None:
    """End a call of one's own. Raises CannotCall: outcome-unknown, call-over.

    `no-answer` leaves the wish in its place, until it was tried as often as the rules ask. `call-back` puts the number
    into the queue. Everything else ends the wish that the call came of.
    """
    if outcome not in OUTCOMES:
        raise CannotCall("outcome-unknown", _("Choose how the call ended."))
    held = (
        Call.objects.select_for_update(of=("self",)).select_related("area", "person", "wish").get(pk=call.pk)
    )
    if held.ended_at is not None or held.taken_by_id != actor.pk:
        raise CannotCall("call-over", _("This call has ended."))
    held.ended_at, held.outcome, held.note, held.wrote = at, outcome, note.strip()[:1_000], wrote
    held.save(update_fields=["ended_at", "outcome", "note", "wrote"])
    told: list[Event] = [_ended(held, at)]
    if held.wish:
        told += _settle(held, held.wish, at)
    if outcome == "call-back":
        wish_call_back(
            area=held.area, phone=unseal(PHONE, held.phone), subject=held.subject, person=held.person, urgent=urgent,
            note=note, actor=actor, at=at,
        )  # fmt: skip
    emit(told, actor=actor)


def _ended(call: Call, at: datetime) -> CallEnded:
    return CallEnded(
        person_id=call.person_id, call_id=call.pk, subject=call.subject, outcome=call.outcome, wrote=call.wrote,
        happened_at=at, ref=f"response_centre.call:{call.pk}",
    )  # fmt: skip


def _settle(call: Call, wish: Wish, at: datetime) -> list[Event]:
    """The wish of a call that has just ended: back in its place, given up, or over."""
    tries = Call.objects.filter(wish=wish, outcome="no-answer").count()
    if call.outcome == "no-answer" and tries < MOST_TRIES:
        Wish.objects.filter(pk=wish.pk).update(claimed_at=None, claimed_by=None)
        return []
    ending = "gave-up" if call.outcome == "no-answer" else "called"
    Wish.objects.filter(pk=wish.pk, ended_at__isnull=True).update(ended_at=at, ending=ending)
    if ending == "called":
        return []
    return [
        CallBackGivenUp(
            person_id=wish.person_id, wish_id=wish.pk, happened_at=at, ref=f"response_centre.wish:{wish.pk}"
        )
    ]
