"""Letting registrations and invitations follow when records are joined, and when a join is undone.

A person has one open registration, held by the database: of two that meet in one person the one that has come further
stays, the other is closed as joined to it, and opens again when the records part.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from lachan.core import bulk, persons
from lachan.core.eventlog import emit
from lachan.core.events import Event, PersonsMerged, PersonsSplit, RegistrationJoined, RegistrationReopened
from lachan.core.models import Actor
from lachan.systems.vaccination.commands.ending import cancelled, hold_sessions, open_invitations
from lachan.systems.vaccination.commands.inviting import give_back
from lachan.systems.vaccination.models import Invitation, Registration, RegistrationDecision

FIELDS = ("person", "record", "closed_at", "closed_by", "closing", "joined_to")


@dataclass(slots=True)
class _Plan:
    """What is to become of registrations: `joined` are closed, `moved` only change the person, `reopened` come last."""

    joined: list[Registration] = field(default_factory=list)
    moved: list[Registration] = field(default_factory=list)
    reopened: list[Registration] = field(default_factory=list)


@transaction.atomic
def follow_roots(*, told: Sequence[PersonsMerged | PersonsSplit], actor: Actor, at: datetime) -> None:
    """Bring what is open to the persons that count now. Doing so twice changes nothing, and late is as good: the roots
    of this moment count."""
    causes = persons.causes(told)
    roots = persons.roots_locked([*causes, *persons.with_joined(causes).values_list("pk", flat=True)])
    theirs = Q(person__in=roots) | Q(record__in=roots)
    waiting = Invitation.objects.filter(
        registration__in=Registration.objects.filter(theirs), closed_at__isnull=True
    )
    hold_sessions(waiting.values_list("session", flat=True))
    plan = _planned(_held(theirs), roots, actor, at)
    for step in (plan.joined, plan.moved, plan.reopened):
        bulk.update(step, FIELDS)
    _move_invitations([*plan.moved, *plan.reopened])
    emit([*_joined(plan.joined, causes, at), *_reopened(plan.reopened, causes, at)], actor=actor)


def _held(theirs: Q) -> list[Registration]:
    """Open ones and those that were joined to others, what has come further first."""
    invited = Invitation.objects.filter(registration=OuterRef("pk"), closed_at__isnull=True)
    decided = RegistrationDecision.objects.filter(registration=OuterRef("pk"), replaced_at__isnull=True)
    found = Registration.objects.select_for_update(of=("self",)).filter(theirs, closing__in=("", "joined"))
    rows = found.select_related("joined_to__person").annotate(
        invited=Exists(invited), decided=Exists(decided)
    )
    return list(rows.order_by("-invited", "-decided", "registered_at", "pk"))


def _planned(rows: Sequence[Registration], roots: Mapping[int, int], actor: Actor, at: datetime) -> _Plan:
    plan, by_root = _Plan(), defaultdict[int, list[Registration]](list)
    for row in rows:
        root = roots[_own(row)]
        if row.joined_to is None or _root_of(row.joined_to, roots) != root:
            by_root[root].append(row)
    for root, (kept, *others) in by_root.items():
        for row in others:
            if not row.closing:
                row.closed_at, row.closed_by, row.closing, row.joined_to = at, actor, "joined", kept
                plan.joined.append(row)
        if kept.closing or kept.person_id != root:
            (plan.reopened if kept.closing else plan.moved).append(kept)
            kept.person_id, kept.record_id = root, None if _own(kept) == root else _own(kept)
            kept.closed_at, kept.closed_by, kept.closing, kept.joined_to = None, None, "", None
    return plan


def _own(row: Registration) -> int:
    """The record under which it was registered."""
    return row.record_id or row.person_id


def _root_of(row: Registration, roots: Mapping[int, int]) -> int:
    own = _own(row)
    return roots.get(own, row.person.root_id)


def _move_invitations(rows: Sequence[Registration]) -> None:
    people = {row.pk: row.person_id for row in rows}
    open_ = list(Invitation.objects.filter(registration__in=people, closed_at__isnull=True))
    for invitation in open_:
        invitation.person_id = people[invitation.registration_id]
    bulk.update(open_, ("person",))


def _joined(rows: Sequence[Registration], causes: Mapping[int, UUID], at: datetime) -> list[Event]:
    """Their places are free again: the person has one invitation."""
    told: list[Event] = []
    for row in rows:
        ending = open_invitations(row.invitations.all())
        for invitation in ending:
            give_back(invitation.session_id, 1)
        event = RegistrationJoined(
            person_id=row.person_id, happened_at=at, ref=f"vaccination.registration:{row.pk}", registration_id=row.pk,
            joined_to=row.joined_to_id or 0, caused_by=causes.get(_own(row)),
        )  # fmt: skip
        told += [event, *cancelled(ending, "joined", event.id, at)]
    return told


def _reopened(rows: Sequence[Registration], causes: Mapping[int, UUID], at: datetime) -> list[Event]:
    return [
        RegistrationReopened(
            person_id=row.person_id, happened_at=at, ref=f"vaccination.registration:{row.pk}", registration_id=row.pk,
            caused_by=causes.get(_own(row)),
        )
        for row in rows
    ]  # fmt: skip
