"""Sessions as a posting sees them: planned, running, over; who is invited, who came, who is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import areas
from lachan.core.errors import Refusal
from lachan.core.models import Person, Place, PlaceKind, Posting
from lachan.systems.vaccination.models import Dose, Invitation, Session, Visit

Running = Literal["planned", "running", "over", "cancelled"]
Guest = Literal["asked", "accepted", "declined", "cancelled", "came", "vaccinated", "missing"]


class SessionNotVisible(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "session-not-visible", _("There is no session with this number that your posting may see.")
        )


@dataclass(frozen=True, slots=True)
class GuestLine:
    invitation: Invitation
    person: Person
    is_: Guest


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCounts:
    """People: `came` with or without an invitation, `doses` given to them, `missing` were invited and did not come
    though the session is over."""

    invited: int
    accepted: int
    came: int
    doses: int
    missing: int


def sessions(posting: Posting) -> QuerySet[Session]:
    """At sites of the posting's area, or at its site."""
    mine = areas.inside("site__area__", posting.area) if posting.area else Q(site=posting.place_id)
    return Session.objects.filter(mine).select_related("site__area__parent__parent", "lot")


def session_for(posting: Posting, number: int) -> Session:
    """Raises SessionNotVisible."""
    if (found := sessions(posting).filter(pk=number).first()) is None:
        raise SessionNotVisible
    return found


def sites(posting: Posting) -> QuerySet[Place]:
    """Vaccination sites in use in the posting's area, by name."""
    if posting.area is None:
        return Place.objects.filter(pk=posting.place_id or 0, kind=PlaceKind.VACCINATION_SITE)
    mine = areas.inside("area__", posting.area)
    found = Place.objects.filter(mine, kind=PlaceKind.VACCINATION_SITE, closed_at__isnull=True)
    return found.select_related("parent").order_by("name", "pk")


def running(session: Session, *, at: datetime) -> Running:
    """Computed from its hours and what was said of it."""
    if session.cancelled_at is not None:
        return "cancelled"
    if session.ended_at is not None or session.ends_at <= at:
        return "over"
    return "running" if session.starts_at <= at else "planned"


def guests(session: Session) -> QuerySet[Any]:
    """Everybody who was invited, in order of the slots."""
    came = Visit.objects.filter(session=session, person=OuterRef("person"))
    given = Dose.objects.filter(visit__session=session, person=OuterRef("person"), withdrawn_at__isnull=True)
    found: QuerySet[Any] = Invitation.objects.filter(session=session)
    found = found.annotate(came=Exists(came), given=Exists(given))
    return found.select_related("person__merged_into").order_by("slot_at", "pk")


def guest_lines(found: Sequence[Invitation], session: Session, *, at: datetime) -> list[GuestLine]:
    over = session.ends_at <= at
    return [GuestLine(i, i.person.merged_into or i.person, _guest(i, over)) for i in found]


def _guest(row: Invitation, over: bool) -> Guest:
    if getattr(row, "given", False):
        return "vaccinated"
    if getattr(row, "came", False):
        return "came"
    if row.closed_at is not None and row.end != "over":
        return "declined" if row.end == "declined" else "cancelled"
    if over:
        return "missing"
    return "accepted" if row.answer == "accepted" else "asked"


def counts(session: Session, *, at: datetime) -> SessionCounts:
    valid = guests(session).filter(Q(closed_at__isnull=True) | Q(end="over"))
    asked = valid.count()
    return SessionCounts(
        invited=asked, accepted=valid.filter(answer="accepted").count(),
        came=Visit.objects.filter(session=session).count(),
        doses=Dose.objects.filter(visit__session=session, withdrawn_at__isnull=True).count(),
        missing=valid.filter(came=False).count() if session.ends_at <= at else 0,
    )  # fmt: skip
