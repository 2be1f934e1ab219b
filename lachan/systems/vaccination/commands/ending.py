"""How invitations end: answered by the person, cancelled with their session, withdrawn with the registration."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from lachan.core.eventlog import emit
from lachan.core.events import (
    Event,
    InvitationAccepted,
    InvitationCancelled,
    InvitationDeclined,
    RegistrationWithdrawn,
    SessionCancelled,
)
from lachan.core.models import Actor
from lachan.systems.vaccination.commands.inviting import CannotInvite, give_back
from lachan.systems.vaccination.models import Invitation, Registration, Session

LONGEST = 500


@transaction.atomic
def answer_invitation(*, invitation: Invitation, coming: bool, actor: Actor, at: datetime) -> None:
    """The person comes, or gives the place back; the same answer again changes nothing. Raises CannotInvite."""
    hold_sessions([invitation.session_id])
    held = Invitation.objects.select_for_update(of=("self",)).select_related("session").get(pk=invitation.pk)
    answer = "accepted" if coming else "declined"
    if held.answer == answer:
        return
    came = held.session.visits.filter(person=held.person_id).exists()
    if held.closed_at is not None or held.session.ends_at <= at or came:
        raise CannotInvite("invitation-over")
    held.answer, held.answered_at = answer, at
    if not coming:
        held.closed_at, held.end = at, "declined"
        give_back(held.session_id, 1)
    held.save(update_fields=["answer", "answered_at", "closed_at", "end"])
    kind = InvitationAccepted if coming else InvitationDeclined
    told = kind(
        person_id=held.person_id, place_id=held.session.site_id, happened_at=at, session_id=held.session_id,
        ref=f"vaccination.invitation:{held.pk}", invitation_id=held.pk, caused_by=held.cause,
    )  # fmt: skip
    emit([told], actor=actor)


@transaction.atomic
def cancel_session(*, session: Session, reason: str, actor: Actor, at: datetime) -> int:
    """Nobody is vaccinated there: all who were invited go back into the queue and are told; how many.
    Raises CannotInvite."""
    said = reason.strip()
    if not said:
        raise CannotInvite("reason-missing")
    if len(said) > LONGEST:
        raise CannotInvite("reason-long")
    held = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if held.cancelled_at is not None:
        raise CannotInvite("already-cancelled")
    if held.visits.exists() or held.ended_at is not None:
        raise CannotInvite("session-began")
    rows = open_invitations(Invitation.objects.filter(session=held))
    Session.objects.filter(pk=held.pk).update(
        cancelled_at=at, cancelled_by=actor, cancel_reason=said, taken=0
    )
    told = SessionCancelled(
        place_id=held.site_id, happened_at=at, ref=f"vaccination.session:{held.pk}", session_id=held.pk,
        invited=len(rows),
    )  # fmt: skip
    emit([told, *cancelled(rows, "session-cancelled", told.id, at)], actor=actor)
    return len(rows)


@transaction.atomic
def withdraw_registration(*, registration: Registration, actor: Actor, at: datetime) -> None:
    """The person does not want it any more; an open invitation goes with it. Twice is once."""
    rows = registration.invitations.filter(closed_at__isnull=True, session__ends_at__gt=at)
    hold_sessions(rows.values_list("session", flat=True))
    locked = Registration.objects.select_for_update(of=("self",)).select_related("person")
    held = locked.get(pk=registration.pk)
    if held.closed_at is not None:
        return
    held.closed_at, held.closed_by, held.closing = at, actor, "withdrawn"
    held.save(update_fields=["closed_at", "closed_by", "closing"])
    open_ = open_invitations(rows)
    for row in open_:
        give_back(row.session_id, 1)
    told = RegistrationWithdrawn(
        person_id=held.person.root_id, happened_at=at, ref=f"vaccination.registration:{held.pk}",
        registration_id=held.pk,
    )  # fmt: skip
    emit([told, *cancelled(open_, "withdrawn", told.id, at)], actor=actor)


def hold_sessions(sessions: Iterable[int]) -> None:
    """Sessions before their invitations, the lowest first: whoever comes from elsewhere waits and does not cross."""
    list(Session.objects.select_for_update(of=("self",)).filter(pk__in=list(sessions)).order_by("pk"))


def open_invitations(found: QuerySet[Invitation]) -> list[Invitation]:
    """Held against an answer at the same moment."""
    held = found.select_for_update(of=("self",)).filter(closed_at__isnull=True)
    return list(held.select_related("session").order_by("pk"))


def cancelled(rows: Sequence[Invitation], reason: str, cause: UUID, at: datetime) -> list[Event]:
    Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(closed_at=at, end=reason)
    return [
        InvitationCancelled(
            person_id=row.person_id, place_id=row.session.site_id, happened_at=at, caused_by=cause,
            ref=f"vaccination.invitation:{row.pk}", session_id=row.session_id, invitation_id=row.pk,
            slot_at=row.slot_at, reason=reason,
        )
        for row in rows
    ]  # fmt: skip
