"""Taking on contacts, and calling them."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import ContactCalled, ContactTaken, SymptomsDeclared
from lachan.core.models import Actor
from lachan.systems.tracing.models import CallOutcome, Contact, FollowUpCall


class CannotTakeContact(Refusal):
    """contact-taken, contact-over, contact-not-yours."""


class CannotCall(Refusal):
    """contact-over, call-next-not-later, call-symptoms-unreached."""


@transaction.atomic
def take_contact(*, contact: Contact, actor: Actor, at: datetime) -> None:
    """Become the tracer of this contact; of several who try at once one does. Taking twice changes nothing.
    Raises CannotTakeContact."""
    taken = Contact.objects.filter(pk=contact.pk, tracer__isnull=True, ended_at__isnull=True).update(
        tracer=actor, taken_at=at
    )
    if taken:
        emit([_taken(contact, actor.pk, at)], actor=actor)
        return
    now = Contact.objects.get(pk=contact.pk)
    if now.ended_at is not None:
        raise CannotTakeContact("contact-over", _("This person is no longer a contact."))
    if now.tracer_id != actor.pk:
        raise CannotTakeContact("contact-taken", _("Another tracer has taken this contact on."))


@transaction.atomic
def give_back_contact(*, contact: Contact, actor: Actor, at: datetime) -> None:
    """Let somebody else take it. Raises CannotTakeContact."""
    given = Contact.objects.filter(pk=contact.pk, tracer=actor).update(tracer=None, taken_at=None)
    if not given:
        raise CannotTakeContact("contact-not-yours", _("You are not the tracer of this contact."))
    emit([_taken(contact, None, at)], actor=actor)


def _taken(contact: Contact, tracer_id: int | None, at: datetime) -> ContactTaken:
    return ContactTaken(
        person_id=contact.person_id, contact_id=contact.pk, tracer_id=tracer_id, happened_at=at,
        caused_by=contact.found_event, ref=f"tracing.contact:{contact.pk}",
    )  # fmt: skip


@transaction.atomic
def record_call(
    *,
    contact: Contact,
    outcome: CallOutcome,
    actor: Actor,
    at: datetime,
    symptoms: tuple[str, ...] = (),
    onset_on: date | None = None,
    next_at: datetime | None = None,
    note: str = "",
) -> FollowUpCall:
    """Note how a call went; symptoms that were told are declared at once. Raises CannotCall."""
    live = Contact.objects.select_for_update().filter(pk=contact.pk, ended_at__isnull=True).exists()
    if not live:
        raise CannotCall("contact-over", _("This person is no longer a contact."))
    if next_at is not None and next_at <= at:
        raise CannotCall("call-next-not-later", _("The next call must be later than this one."))
    if symptoms and outcome != CallOutcome.REACHED:
        raise CannotCall(
            "call-symptoms-unreached", _("Symptoms can only be noted when the person was reached.")
        )
    call = FollowUpCall.objects.create(
        contact=contact, called_at=at, called_by=actor, outcome=outcome, symptoms=list(symptoms), next_at=next_at,
        note=note,
    )  # fmt: skip
    called = ContactCalled(
        person_id=contact.person_id, contact_id=contact.pk, outcome=outcome, happened_at=at,
        caused_by=contact.found_event, ref=f"tracing.contact:{contact.pk}",
    )  # fmt: skip
    ill = SymptomsDeclared(
        person_id=contact.person_id, symptoms=symptoms, onset_on=onset_on, happened_at=at, caused_by=called.id,
        ref=f"tracing.contact:{contact.pk}",
    )  # fmt: skip
    emit([called, ill] if symptoms else [called], actor=actor)
    return call
