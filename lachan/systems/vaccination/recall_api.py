"""A recall for other programs: who has had the lot, and telling them all."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from lachan.core import clock
from lachan.core.access import Permission, Purpose
from lachan.platform import paging
from lachan.platform.api import INT_MAX, Permit, Problem, link_next, once
from lachan.systems.vaccination import commands, queries
from lachan.systems.vaccination.models import Lot
from lachan.systems.vaccination.queries import recalling

router = Router(tags=["vaccination"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
PAGE = 200


class RecipientOut(Schema):
    """A dose of the lot. `told`: text, call (no number is known), or null for who was not told yet."""

    person: str
    given_on: date
    site: int | None
    told: str | None


class RecallOut(Schema):
    """People who have had the lot, wherever: `people` = `told` + `without_phone` + `waiting`."""

    people: int
    told: int
    without_phone: int
    waiting: int
    asked_at: datetime


@router.get(
    "/lots/{number}/recipients",
    auth=Permit(Permission.VIEW_DOSES),
    response={200: list[RecipientOut], **REFUSED},
)
def list_recipients(
    request: HttpRequest,
    response: HttpResponse,
    number: int,
    purpose: Literal["vaccination", "care"],
    cursor: str = Query("", max_length=2000),  # type: ignore[type-arg]
) -> list[dict[str, Any]]:
    """Who has had the lot, at the posting's sites or living in its area; `purpose` stands in each person's log of
    looks. The head `Link` names the next page."""
    posting = request.posting  # type: ignore[attr-defined]
    lot = _lot(request, number)
    hold = recalling.recall_of(lot)
    page = paging.page(
        recalling.recipients_of_lot(posting, lot), key=("-given_at", "-pk"), cursor=cursor, size=PAGE
    )
    link_next(request, response, page)
    seen = recalling.looked_at(posting, page.rows, hold, purpose=Purpose(purpose), at=clock.now())
    return [
        {"person": who.code, "given_on": dose.given_on, "site": dose.site_id, "told": way or None}
        for dose, who, way in seen
    ]


@router.post("/lots/{number}/tell", auth=Permit(Permission.RECALL_LOT), response={200: RecallOut, **REFUSED})
def tell_who_had_it(request: HttpRequest, number: int) -> HttpResponse:
    """Have everybody told who has had a recalled lot and was not told before. With an `Idempotency-Key` once."""
    return once(request, lambda: (200, _told(request, number)))


def _told(request: Any, number: int) -> dict[str, Any]:
    lot = _lot(request, number)
    row = commands.tell_recipients(lot=lot, actor=request.actor, at=clock.now())
    found = recalling.reached(lot)
    return {
        "people": found.people, "told": found.told, "without_phone": found.without_phone, "waiting": found.waiting,
        "asked_at": row.asked_at,
    }  # fmt: skip


def _lot(request: Any, number: int) -> Lot:
    return queries.lot_for(request.posting, number if 0 < number <= INT_MAX else 0)
