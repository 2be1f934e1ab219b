"""Whom a case names: exposures by hand, and statements taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import persons
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import ExposuresRecorded, ExposureWithdrawn
from lachan.core.models import Actor, Person, Place
from lachan.core.persons import Identity
from lachan.systems.tracing.commands import graph
from lachan.systems.tracing.models import Case, Exposure

LONGEST = timedelta(days=60)


class CannotRecordExposure(Refusal):
    """exposure-with-oneself, exposure-period, exposure-in-the-future, exposure-of-nobody, exposure-too-long."""

    status = 422


class CannotWithdraw(Refusal):
    """exposure-already-withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedContact:
    """Somebody whom a case met in [starts_at, ends_at): known (`person`), or registered on the fly (`identity`).

    `masked`: both wore masks; None: not remembered.
    """

    starts_at: datetime
    ends_at: datetime
    setting: str
    person: Person | None = None
    identity: Identity | None = None
    place: Place | None = None
    masked: bool | None = None
    closed_space: bool | None = None


@transaction.atomic
def add_exposures(
    *, case: Case, contacts: Sequence[NamedContact], actor: Actor, at: datetime
) -> list[Exposure]:
    """Write down whom the person of `case` met; levels follow at once. The same statement twice adds nothing.

    Returns the exposures, old ones included. Raises CannotRecordExposure, BadName.
    """
    graph.hold()
    for named in contacts:
        _check(named, at)
    met = [named.person or _registered(named, actor, at) for named in contacts]
    roots = persons.roots_locked([case.person_id, *(p.pk for p in met)])
    if any(roots[p.pk] == roots[case.person_id] for p in met):
        raise CannotRecordExposure("exposure-with-oneself", _("A person cannot be their own contact."))
    told = ExposuresRecorded(
        person_id=roots[case.person_id], people=len(contacts), by="interview", happened_at=at,
        ref=f"tracing.case:{case.pk}",
    )  # fmt: skip
    emit([told], actor=actor)
    rows = [
        _row(case, named, person, roots, told.id, at) for named, person in zip(contacts, met, strict=True)
    ]
    Exposure.objects.bulk_create(rows, ignore_conflicts=True)
    graph.settle({roots[case.person_id]: told.id}, actor=actor, at=at)
    starts = [named.starts_at for named in contacts]
    return list(
        Exposure.objects.filter(source=case.person_id, person__in=met, starts_at__in=starts, kind="interview")
    )


def _check(named: NamedContact, at: datetime) -> None:
    if named.ends_at <= named.starts_at:
        raise CannotRecordExposure("exposure-period", _("The meeting ends before it begins."))
    if named.starts_at > at:
        raise CannotRecordExposure("exposure-in-the-future", _("The meeting is in the future."))
    if named.ends_at - named.starts_at > LONGEST:
        raise CannotRecordExposure("exposure-too-long", _("A meeting cannot last longer than 60 days."))
    if named.person is None and named.identity is None:
        raise CannotRecordExposure("exposure-of-nobody", _("Say whom the case met: a code or a name."))


def _registered(named: NamedContact, actor: Actor, at: datetime) -> Person:
    if named.identity is None:
        raise CannotRecordExposure("exposure-of-nobody", _("Say whom the case met: a code or a name."))
    return persons.register(named.identity, actor=actor, at=at)


def _row(
    case: Case, named: NamedContact, person: Person, roots: dict[int, int], event_id: UUID, at: datetime
) -> Exposure:
    ends_at = min(named.ends_at, max(at, named.starts_at + timedelta(minutes=1)))
    return Exposure(
        source_id=case.person_id, person=person, source_root_id=roots[case.person_id],
        person_root_id=roots[person.pk], place=named.place, starts_at=named.starts_at, ends_at=ends_at,
        minutes=(ends_at - named.starts_at) // timedelta(minutes=1), masked=named.masked,
        closed_space=named.closed_space, kind="interview", setting=named.setting, event_id=event_id, found_at=at,
        ref=f"tracing.case:{case.pk}",
    )  # fmt: skip


@transaction.atomic
def withdraw_exposure(*, exposure: Exposure, reason: str, actor: Actor, at: datetime) -> None:
    """Note that this meeting did not take place (or not like this). It stays readable. Raises CannotWithdraw."""
    graph.hold()
    changed = Exposure.objects.filter(pk=exposure.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=at, withdrawn_by=actor, withdrawn_reason=reason
    )
    if not changed:
        raise CannotWithdraw("exposure-already-withdrawn", _("This statement was taken back before."))
    told = ExposureWithdrawn(
        person_id=exposure.person_root_id, exposure_id=exposure.pk, source_id=exposure.source_root_id,
        happened_at=at, ref=f"tracing.exposure:{exposure.pk}",
    )  # fmt: skip
    emit([told], actor=actor)
    graph.settle({exposure.person_root_id: told.id}, actor=actor, at=at)
