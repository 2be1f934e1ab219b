"""Inviting people to a session: as many as there are places, each from the start of their half-hour."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lachan.core.codes import new_codes
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import InvitedToSession
from lachan.core.ids import uuid7
from lachan.core.models import Actor, Area
from lachan.systems.vaccination.commands.ledger import require_usable
from lachan.systems.vaccination.models import Invitation, Session
from lachan.systems.vaccination.queries.waiting import invitable
from lachan.systems.vaccination.rules.registrations import next_slots, slots

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WORDS: Final[Mapping[str, "StrOrPromise"]] = {
    "session-cancelled": _("The session was cancelled."),
    "session-over": _("The session is over."),
    "session-full": _("All places of the session are taken."),
    "nobody-waits": _("Nobody waits here to whom this vaccine may be given on that day."),
    "session-began": _("People have been received at this session: it can only be ended."),
    "already-cancelled": _("The session was cancelled before."),
    "reason-missing": _("Give the reason in words: the people invited read it."),
    "reason-long": _("The reason is too long: 500 characters at most."),
    "invitation-over": _("This invitation holds no longer."),
}
# The row is held from the first look: of two clerks the second counts from what the first has left.
TAKE = """
    WITH seen AS (SELECT id, taken FROM vaccination_session WHERE id = %s FOR UPDATE)
    UPDATE vaccination_session s SET taken = least(s.places, s.taken + %s) FROM seen
    WHERE s.id = seen.id AND s.cancelled_at IS NULL AND s.ended_at IS NULL RETURNING s.taken - seen.taken
"""
INSERT = """
    INSERT INTO vaccination_invitation (session_id, registration_id, person_id, code, slot_at, cause, invited_at,
        invited_by_id, answer, "end")
    SELECT %s, registration, person, code, slot_at, cause, %s, %s, '', ''
    FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::uuid[])
        AS asked(registration, person, code, slot_at, cause) ORDER BY person
    ON CONFLICT (person_id) WHERE closed_at IS NULL DO NOTHING
    RETURNING id, person_id, slot_at, cause
"""


class CannotInvite(Refusal):
    """The codes are the keys of WORDS."""

    def __init__(self, code: str) -> None:
        super().__init__(code, WORDS[code])


@transaction.atomic
def invite_people(
    *, session: Session, area: Area, most: int, actor: Actor, at: datetime, near: Area | None = None
) -> int:  # fmt: skip
    """Invite up to `most` of those allocated to `area` to whom the vaccine is allowed that day, by priority; how many.
    `near`: only who want it there. Raises CannotInvite, CannotMoveDoses (the planned lot is stopped)."""
    _require_running(session, at)
    granted = take_places(session, most)
    with closing(invitable(session, area, at=at, near=near)) as found:
        chosen = list(islice(found, granted))
    made = _invited(session, chosen, actor, at)
    give_back(session.pk, granted - len(made))
    if not granted:
        raise CannotInvite("session-full")
    if not made:
        raise CannotInvite("nobody-waits")
    return len(made)


def _require_running(session: Session, at: datetime) -> None:
    if session.cancelled_at is not None:
        raise CannotInvite("session-cancelled")
    if session.ended_at is not None or session.ends_at <= at:
        raise CannotInvite("session-over")
    if session.lot is not None:
        require_usable(session.lot, session.starts_at)


def take_places(session: Session, wanted: int) -> int:
    """How many of the `wanted` places were left, and are taken now."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [session.pk, wanted])
        found = cursor.fetchone()
    if found is None:
        raise CannotInvite("session-cancelled")
    return int(found[0])


def give_back(session: int, places: int) -> None:
    """Places that are free again."""
    if places:
        Session.objects.filter(pk=session, taken__gte=places).update(taken=F("taken") - places)


def _invited(
    session: Session, chosen: Sequence[tuple[int, int]], actor: Actor, at: datetime
) -> list[tuple[int, int, datetime, UUID]]:
    """(invitation, person, slot, cause) of those whom nobody else has invited meanwhile."""
    if not chosen:
        return []
    people = [person for _pk, person in chosen]
    missed = Invitation.objects.filter(person__in=people, closed_at__isnull=True, session__ends_at__lte=at)
    missed.update(closed_at=at, end="over")
    rows: list[Any] = [
        session.pk, at, actor.pk, [pk for pk, _person in chosen], people, new_codes(len(chosen)),
        _slots(session, len(chosen)), [uuid7() for _ in chosen],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(INSERT, rows)
        made: list[tuple[int, int, datetime, UUID]] = cursor.fetchall()
    emit(
        [
            InvitedToSession(
                id=cause, person_id=person, place_id=session.site_id, happened_at=at, session_id=session.pk,
                ref=f"vaccination.invitation:{pk}", invitation_id=pk, product=session.product, slot_at=slot,
            )
            for pk, person, slot, cause in made
        ],
        actor=actor,
    )  # fmt: skip
    return made


def _slots(session: Session, wanted: int) -> list[datetime]:
    open_ = Invitation.objects.filter(session=session, closed_at__isnull=True)
    held = Counter(open_.values_list("slot_at", flat=True))
    starts = slots(session.starts_at, session.ends_at)
    return next_slots(starts, places=session.places, held=held, wanted=wanted)
