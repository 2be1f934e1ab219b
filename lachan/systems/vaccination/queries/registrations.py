"""Registrations as a posting sees them, each with its state and what that follows from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import areas
from lachan.core.errors import Refusal
from lachan.core.models import Person, Posting
from lachan.systems.vaccination.models import (
    Invitation,
    Registration,
    RegistrationDecision,
    RegistrationList,
    Visit,
)
from lachan.systems.vaccination.rules.registrations import Came, Evidence, Invited, State, state


class RegistrationNotVisible(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "registration-not-visible",
            _("There is no registration with this number that your posting may see."),
        )


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    """`person` is the one that counts after merges; `visit` the latest since the invitation."""

    registration: Registration
    person: Person
    state: State
    decision: RegistrationDecision | None
    invitation: Invitation | None
    visit: Visit | None


def registrations(posting: Posting) -> QuerySet[Registration]:
    """Of people who want it in the posting's area, or whom its health centre invites."""
    if posting.area is None:
        return Registration.objects.none()
    here = RegistrationDecision.objects.filter(
        areas.inside("allocated__", posting.area), registration=OuterRef("pk"), replaced_at__isnull=True
    )
    found = Registration.objects.filter(areas.inside("area__", posting.area) | Q(Exists(here)))
    return found.select_related("person__merged_into", "area__parent__parent")


def registration_for(posting: Posting, number: int) -> Registration:
    """Raises RegistrationNotVisible."""
    if (found := registrations(posting).filter(pk=number).first()) is None:
        raise RegistrationNotVisible
    return found


def in_state(found: QuerySet[Registration], wanted: str, *, at: datetime) -> QuerySet[Registration]:
    """`wanted`: undecided, waiting (nobody has invited them), invited, missed, closed; anything else: all that are
    open."""
    decided = RegistrationDecision.objects.filter(registration=OuterRef("pk"), replaced_at__isnull=True)
    asked = Invitation.objects.filter(registration=OuterRef("pk"), closed_at__isnull=True)
    came = Visit.objects.filter(session=OuterRef("session"), person=OuterRef("person"))
    if wanted == "closed":
        return found.filter(closed_at__isnull=False)
    open_ = found.filter(closed_at__isnull=True)
    if wanted == "undecided":
        return open_.filter(~Exists(decided))
    if wanted == "waiting":
        return open_.filter(Exists(decided), ~Exists(asked.filter(session__ends_at__gt=at)))
    if wanted == "invited":
        return open_.filter(Exists(asked.filter(session__ends_at__gt=at)))
    if wanted == "missed":
        return open_.filter(Exists(asked.filter(~Exists(came), session__ends_at__lte=at)))
    return open_


def lines(rows: Sequence[Registration], *, at: datetime) -> list[RegistrationLine]:
    """A constant number of queries, whatever their number."""
    decisions = {
        d.registration_id: d
        for d in RegistrationDecision.objects.filter(
            registration__in=rows, replaced_at__isnull=True
        ).select_related("allocated")
    }
    asked = (
        Invitation.objects.filter(registration__in=rows).select_related("session__site__area").order_by("pk")
    )
    invitations = {i.registration_id: i for i in asked}
    visits = _visits({row.person.root_id for row in rows})
    return [
        _line(row, decisions.get(row.pk), invitations.get(row.pk), visits.get(row.person.root_id), at) for row in rows
    ]  # fmt: skip


def _visits(people: Iterable[int]) -> dict[int, Visit]:
    found = Visit.objects.filter(person__in=people).prefetch_related("forms", "doses__observation")
    return {visit.person_id: visit for visit in found.order_by("arrived_at", "pk")}


def _line(
    row: Registration, decision: RegistrationDecision | None, invitation: Invitation | None, visit: Visit | None,
    at: datetime,
) -> RegistrationLine:  # fmt: skip
    since = invitation.invited_at if invitation else row.registered_at
    latest = visit if visit is not None and visit.arrived_at >= since else None
    evidence = Evidence(
        closing=row.closing, approved=decision is not None and decision.allocated_id is not None,
        invited=_invited(invitation), came=_came(latest),
    )  # fmt: skip
    person = row.person.merged_into or row.person
    return RegistrationLine(row, person, state(evidence, at=at), decision, invitation, latest)


def _invited(invitation: Invitation | None) -> Invited | None:
    if invitation is None:
        return None
    return Invited(
        ends_at=invitation.session.ends_at, accepted=invitation.answer == "accepted",
        closed=invitation.closed_at is not None and invitation.end != "over",
    )  # fmt: skip


def _came(visit: Any) -> Came | None:
    if visit is None:
        return None
    forms = sorted(visit.forms.all(), key=lambda form: (form.screened_at, form.pk))
    dose = next((d for d in visit.doses.all() if d.withdrawn_at is None), None)
    return Came(
        outcome=forms[-1].outcome if forms else "", injected=dose is not None, left=visit.left_at is not None,
        watched=dose is not None and hasattr(dose, "observation"),
    )  # fmt: skip


class ListNotVisible(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "list-not-visible", _("There is no list with this number that your posting may see.")
        )


def registration_lists(posting: Posting) -> QuerySet[RegistrationList]:
    """Lists for the posting's area."""
    if posting.area is None:
        return RegistrationList.objects.none()
    return RegistrationList.objects.filter(areas.inside("area__", posting.area)).defer("body")


def registration_list_for(posting: Posting, number: int) -> RegistrationList:
    """Raises ListNotVisible."""
    if (found := registration_lists(posting).filter(pk=number).first()) is None:
        raise ListNotVisible
    return found
