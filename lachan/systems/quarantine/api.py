"""Quarantine for devices and other programs: orders of a person, free beds, readings in batches."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.errors import Refusal
from lachan.core.models import Posting
from lachan.platform.api import INT_MAX, Permit, Problem, once
from lachan.systems.quarantine import commands, queries
from lachan.systems.quarantine.commands.monitoring import Measured
from lachan.systems.quarantine.models import Order
from lachan.systems.quarantine.queries import OrderLine

router = Router(tags=["quarantine"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST_READINGS = 500


class OrderOut(Schema):
    """`ends_on`: the order ends when that day begins. `state` is computed as of the answer."""

    number: int
    subject: str
    kind: str
    state: str
    exposed_on: date
    starts_on: date
    ends_on: date
    test_dates: list[date]
    policy: str
    site: str | None


class BedOut(Schema):
    number: int
    room: str
    label: str


class ReadingIn(Schema):
    """Degrees Celsius, percent, a minute. Times carry their zone. Impossible values refuse the row, not the batch."""

    order: int = Field(ge=1, le=INT_MAX)
    taken_at: datetime
    temperature: Decimal | None = Field(None, ge=-1000, le=1000, max_digits=6, decimal_places=1)
    spo2: int | None = Field(None, ge=-INT_MAX, le=INT_MAX)
    pulse: int | None = Field(None, ge=-INT_MAX, le=INT_MAX)
    breaths: int | None = Field(None, ge=-INT_MAX, le=INT_MAX)
    symptoms: list[str] = Field(default_factory=list, max_length=20)


class ReadingsIn(Schema):
    readings: list[ReadingIn] = Field(min_length=1, max_length=MOST_READINGS)


class RowOut(Schema):
    row: int
    code: str
    message: str


class TakenOut(Schema):
    """taken + refused = rows sent."""

    taken: int
    refused: list[RowOut]


@router.get(
    "/persons/{code}/orders", auth=Permit(Permission.VIEW_ORDERS), response={200: list[OrderOut], **REFUSED}
)
def orders_of_person(request: HttpRequest, code: str) -> list[dict[str, Any]]:
    """Orders of the person with this code, newest first; the read is noted in their record."""
    posting, at = _posting(request), clock.now()
    person = access.person(posting, code=code[:100], purpose=Purpose.QUARANTINE, part="orders (API)", at=at)
    return [_order(line) for line in queries.lines(queries.orders_of(posting, person), at=at)]


@router.get(
    "/sites/{number}/beds", auth=Permit(Permission.ASSIGN_BED), response={200: list[BedOut], **REFUSED}
)
def beds(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """Beds of a site that nobody has."""
    site = queries.site_for(_posting(request), number if 0 < number <= INT_MAX else 0)
    return [{"number": b.pk, "room": b.room.name, "label": b.label} for b in queries.free_beds(site)[:2_000]]


@router.post("/readings", auth=Permit(Permission.MONITOR), response={200: TakenOut, **REFUSED})
def readings(request: HttpRequest, body: ReadingsIn) -> HttpResponse:
    """Keep readings, row by row. With an `Idempotency-Key` the same batch may be sent again."""
    return once(request, lambda: (200, _keep(request, body.readings)))


def _posting(request: Any) -> Posting:
    posting: Posting = request.posting
    return posting


def _order(line: OrderLine) -> dict[str, Any]:
    term = line.term
    return {
        "number": term.order_id, "subject": term.subject, "kind": term.kind, "state": line.status,
        "exposed_on": term.exposed_on, "starts_on": term.starts_on, "ends_on": term.ends_on,
        "test_dates": term.test_dates, "policy": term.policy_id,
        "site": line.order.site.name if line.order.site else None,
    }  # fmt: skip


def _keep(request: Any, rows: list[ReadingIn]) -> dict[str, Any]:
    mine = {
        t.order_id: t.order for t in queries.orders(request.posting).filter(order__in=[r.order for r in rows])
    }
    refused = [
        (n, refusal) for n, row in enumerate(rows) if (refusal := _take(request, row, mine.get(row.order)))
    ]
    return {
        "taken": len(rows) - len(refused),
        "refused": [{"row": n, "code": r.code, "message": str(r.message)} for n, r in refused],
    }


def _take(request: Any, row: ReadingIn, order: Order | None) -> Refusal | None:
    if order is None:
        return queries.OrderNotVisible()
    try:
        measured = Measured(**row.dict(exclude={"order", "symptoms", "taken_at"}), symptoms=tuple(row.symptoms),
                            taken_at=_aware(row.taken_at))  # fmt: skip
        commands.record_reading(order=order, measured=measured, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refusal
    return None


def _aware(at: datetime) -> datetime:
    """A time without a zone is local."""
    return at if at.tzinfo else at.replace(tzinfo=clock.zone())
