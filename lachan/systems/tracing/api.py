"""Tracing for other programs: cases, their contacts, interviews, the worklist."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.dates import BirthDate
from lachan.core.models import Posting
from lachan.core.persons import Identity
from lachan.platform import paging
from lachan.platform.api import INT_MAX, Permit, Problem, link_next, once
from lachan.systems.tracing import queries
from lachan.systems.tracing.commands import interviews
from lachan.systems.tracing.models import Case, Contact

router = Router(tags=["tracing"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST_CONTACTS = 200
MOST_WORK = 500


class CaseOut(Schema):
    """`infectious_until` empty: the window still runs."""

    number: int
    person: str
    classification: str
    onset_on: date | None
    first_positive_at: datetime | None
    infectious_from: datetime | None
    infectious_until: datetime | None


class ContactOut(Schema):
    number: int
    person: str
    level: int
    exposed_at: datetime
    found_at: datetime


class WorkOut(ContactOut):
    """`urgency` 0 late, 1 not reached yet, 2 call due, 3 nothing to do now."""

    urgency: int


class NamedIn(Schema):
    """Somebody whom the case met: by code, or by name (registered then). Times carry their zone."""

    code: str | None = Field(None, max_length=100)
    name: str | None = Field(None, max_length=200)
    birth_year: int | None = Field(None, ge=1890, le=2200)
    setting: Literal["household", "workplace", "school", "friend", "care", "conveyance", "other"]
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    masked: bool | None = None


class InterviewIn(Schema):
    contacts: list[NamedIn] = Field(min_length=1, max_length=MOST_CONTACTS)


class KeptOut(Schema):
    kept: int


@router.get("/persons/{code}/case", auth=Permit(Permission.VIEW_CASES), response={200: CaseOut, **REFUSED})
def case_of_person(request: HttpRequest, code: str) -> dict[str, Any]:
    """The newest case of the person with this code; the read is noted in their record."""
    posting = _posting(request)
    person = access.person(
        posting, code=code[:100], purpose=Purpose.TRACING, part="case (API)", at=clock.now()
    )
    return _case(queries.case_of_person(posting, person))


@router.get(
    "/cases/{number}/contacts",
    auth=Permit(Permission.VIEW_CASES),
    response={200: list[ContactOut], **REFUSED},
)
def contacts_of_case(
    request: HttpRequest, response: HttpResponse, number: int, cursor: str | None = None
) -> list[dict[str, Any]]:
    """Live contacts of a case, nearest first, by code; 200 at a time, the next ones behind the head `Link`."""
    found = queries.contacts_of(_visible(request, number))
    page = paging.page(found, key=queries.CONTACT_KEY, cursor=cursor, size=MOST_CONTACTS)
    link_next(request, response, page)
    return _noted(request, page.rows, "contacts (API)")


@router.post(
    "/cases/{number}/exposures", auth=Permit(Permission.INTERVIEW), response={200: KeptOut, **REFUSED}
)
def record_interview(request: HttpRequest, number: int, body: InterviewIn) -> HttpResponse:
    """Whom the case named. With an `Idempotency-Key` the same request may be sent again."""
    return once(request, lambda: (200, _keep(request, number, body)))


@router.get("/worklist", auth=Permit(Permission.INTERVIEW), response={200: list[WorkOut], **REFUSED})
def worklist(
    request: HttpRequest, response: HttpResponse, limit: int = 100, cursor: str | None = None
) -> list[dict[str, Any]]:
    """Contacts to be called, the most urgent first; `limit` (at most 500) at a time, the next behind the head
    `Link`."""
    found = queries.worklist(_posting(request), at=clock.now())
    size = max(1, min(limit, MOST_WORK))
    page = paging.page(found, key=queries.WORK_KEY, cursor=cursor, size=size)
    link_next(request, response, page)
    answers = _noted(request, page.rows, "worklist (API)")
    return [answer | {"urgency": c.urgency} for answer, c in zip(answers, page.rows, strict=True)]


def _noted(request: HttpRequest, shown: Sequence[Contact], part: str) -> list[dict[str, Any]]:
    """These contacts as they are sent, each told of it in their own log."""
    people = [c.person_id for c in shown]
    access.note_reads(people, _posting(request), purpose=Purpose.TRACING, part=part, at=clock.now())
    return [_contact(c) for c in shown]


def _posting(request: Any) -> Posting:
    posting: Posting = request.posting
    return posting


def _visible(request: HttpRequest, number: int) -> Case:
    return queries.case_for(_posting(request), number if 0 < number <= INT_MAX else 0)


def _case(case: Case) -> dict[str, Any]:
    names = ("classification", "onset_on", "first_positive_at", "infectious_from", "infectious_until")
    return {"number": case.pk, "person": case.root.code} | {name: getattr(case, name) for name in names}


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "number": contact.pk, "person": contact.person.code, "level": contact.level,
        "exposed_at": contact.exposed_at, "found_at": contact.found_at,
    }  # fmt: skip


def _keep(request: Any, number: int, body: InterviewIn) -> dict[str, Any]:
    case, at = _visible(request, number), clock.now()
    named = [_named(request, row, at) for row in body.contacts]
    kept = interviews.add_exposures(case=case, contacts=named, actor=request.actor, at=at)
    return {"kept": len(kept)}


def _named(request: Any, row: NamedIn, at: datetime) -> interviews.NamedContact:
    known = (
        access.person(request.posting, code=row.code, purpose=Purpose.TRACING, part="interview (API)", at=at)
        if row.code
        else None
    )
    return interviews.NamedContact(
        person=known, identity=None if known else _identity(row), setting=row.setting, starts_at=row.starts_at,
        ends_at=row.ends_at, masked=row.masked,
    )  # fmt: skip


def _identity(row: NamedIn) -> Identity | None:
    if not row.name:
        return None
    return Identity(name=row.name, birth=BirthDate(row.birth_year) if row.birth_year else None)
