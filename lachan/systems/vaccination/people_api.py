"""Before the line, for other programs: registrations of people who show their code, sessions, invitations."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from lachan.core import access, areas, clock
from lachan.core.access import Permission, Purpose
from lachan.platform.api import INT_MAX, Permit, Problem, Prose, once
from lachan.systems.vaccination import commands, queries
from lachan.systems.vaccination.commands import CannotRegister
from lachan.systems.vaccination.models import Session

router = Router(tags=["vaccination"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
LATEST = 200


class WishIn(Schema):
    """`person` is the personal code, `area` the code of a commune, `group` of a priority group."""

    person: str = Field(min_length=1, max_length=40)
    group: str = Field(min_length=1, max_length=10, pattern=r"^\w+$")
    area: str = Field(min_length=1, max_length=16, pattern=r"^\w+$")
    note: Prose = Field("", max_length=200)


class RegistrationOut(Schema):
    number: int
    person: str
    group: str
    area: str


class SessionIn(Schema):
    """Without `lot` the first to expire that is enough is planned."""

    product: str = Field(min_length=1, max_length=40)
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    tables: int = Field(ge=1, le=200)
    places: int = Field(ge=1, le=100_000)
    lot: int | None = Field(None, ge=1, le=INT_MAX)


class SessionOut(Schema):
    """`state`: planned, running, over or cancelled."""

    number: int
    site: int
    product: str
    lot: int | None
    starts_at: datetime
    ends_at: datetime
    tables: int
    places: int
    taken: int
    state: str


class InviteIn(Schema):
    most: int = Field(ge=1, le=100_000)


class InvitedOut(Schema):
    invited: int


@router.post(
    "/registrations", auth=Permit(Permission.TAKE_REGISTRATION), response={200: RegistrationOut, **REFUSED}
)
def take_registration(request: HttpRequest, body: WishIn) -> HttpResponse:
    """Register who shows their code. With an `Idempotency-Key` it may be sent again."""
    return once(request, lambda: (200, _registered(request, body)))


def _registered(request: Any, body: WishIn) -> dict[str, Any]:
    at = clock.now()
    area = areas.on(clock.local_date(at)).filter(code=body.area, level=3).first()
    if area is None:
        raise CannotRegister("area-too-wide")
    person = access.presented(
        request.posting, code=body.person, purpose=Purpose.CARE, part="vaccination", at=at
    )
    made = commands.register_for_vaccination(
        person=person, group=body.group, area=area, source="commune", note=body.note, actor=request.actor, at=at
    )  # fmt: skip
    return {"number": made.pk, "person": person.code, "group": made.group, "area": area.code}


@router.get(
    "/sessions", auth=Permit(Permission.VIEW_REGISTRATIONS), response={200: list[SessionOut], **REFUSED}
)
def list_sessions(request: HttpRequest) -> list[dict[str, Any]]:
    """The latest 200 at the sites of the posting."""
    posting = request.posting  # type: ignore[attr-defined]
    return [_shown(row) for row in queries.sessions(posting).order_by("-starts_at", "-pk")[:LATEST]]


@router.post(
    "/sites/{number}/sessions", auth=Permit(Permission.PLAN_SESSIONS), response={200: SessionOut, **REFUSED}
)
def add_session(request: HttpRequest, number: int, body: SessionIn) -> HttpResponse:
    """Plan a session at a vaccination site. With an `Idempotency-Key` it is planned once."""
    return once(request, lambda: (200, _planned(request, number, body)))


def _planned(request: Any, number: int, body: SessionIn) -> dict[str, Any]:
    given = body.dict()
    wanted = given.pop("lot")
    site = queries.store_for(request.posting, number if 0 < number <= INT_MAX else 0)
    lot = queries.lot_for(request.posting, wanted) if wanted else None
    made = commands.plan_session(site=site, lot=lot, actor=request.actor, at=clock.now(), **given)
    return _shown(made)


@router.post(
    "/sessions/{number}/invitations", auth=Permit(Permission.PLAN_SESSIONS), response={200: InvitedOut, **REFUSED}
)  # fmt: skip
def invite_to_session(request: HttpRequest, number: int, body: InviteIn) -> HttpResponse:
    """Invite so many of those who wait in the posting's area, by priority."""
    return once(request, lambda: (200, _invited(request, number, body)))


def _invited(request: Any, number: int, body: InviteIn) -> dict[str, Any]:
    row = queries.session_for(request.posting, number if 0 < number <= INT_MAX else 0)
    count = commands.invite_people(
        session=row, area=request.posting.area, most=body.most, actor=request.actor, at=clock.now()
    )
    return {"invited": count}


def _shown(row: Session) -> dict[str, Any]:
    return {
        "number": row.pk, "site": row.site_id, "product": row.product, "lot": row.lot_id, "starts_at": row.starts_at,
        "ends_at": row.ends_at, "tables": row.tables, "places": row.places, "taken": row.taken,
        "state": queries.running(row, at=clock.now()),
    }  # fmt: skip
