"""The supply of vaccines for other programs: the stock of a store, receipts, transfers. Amounts are doses."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.models import Posting
from lachan.platform.api import INT_MAX, Permit, Problem, once
from lachan.systems.vaccination import commands, queries
from lachan.systems.vaccination.models import Transfer
from lachan.systems.vaccination.rules.stock import MOST_DOSES

router = Router(tags=["vaccination"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class StockOut(Schema):
    """`refusal`: lot-expired, lot-held or lot-recalled; null for a lot that may be used. `days` of supply."""

    lot: int
    product: str
    number: str
    expires_on: date
    sealed: int
    opened: int
    refusal: str | None
    days: int | None


class ReceiptIn(Schema):
    """Doses of a lot from a maker or donor. `expires_on` is the last day of use."""

    product: str = Field(min_length=1, max_length=40)
    number: str = Field(min_length=1, max_length=40)
    expires_on: date
    doses: int = Field(ge=1, le=MOST_DOSES)
    gtin: str = Field("", max_length=14)
    note: str = Field("", max_length=500)


class MovedOut(Schema):
    movement: int
    lot: int
    doses: int


class TransferIn(Schema):
    """`lot` and `to` are numbers, as the stock of a store and the page of a store show them."""

    lot: int = Field(ge=1, le=INT_MAX)
    to: int = Field(ge=1, le=INT_MAX)
    doses: int = Field(ge=1, le=MOST_DOSES)
    purpose: Literal["supply", "session", "return"] = "supply"


class TransferOut(Schema):
    """`counted` is null while the doses are on their way."""

    number: int
    lot: int
    doses: int
    counted: int | None


class ArrivalIn(Schema):
    counted: int = Field(ge=0, le=MOST_DOSES)
    note: str = Field("", max_length=500)


@router.get(
    "/stores/{number}/stock", auth=Permit(Permission.VIEW_STOCK), response={200: list[StockOut], **REFUSED}
)
def stock(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """What is on the shelves of a store, what expires first first."""
    store = queries.store_for(_posting(request), _number(number))
    return [
        {
            "lot": s.stock.lot_id, "product": s.stock.lot.product, "number": s.stock.lot.number,
            "expires_on": s.stock.lot.expires_on, "sealed": s.stock.sealed, "opened": s.stock.opened,
            "refusal": s.refusal, "days": s.days,
        }
        for s in queries.lines(store, at=clock.now())
    ]  # fmt: skip


@router.post(
    "/stores/{number}/receipts", auth=Permit(Permission.MOVE_STOCK), response={200: MovedOut, **REFUSED}
)
def book_receipt(request: HttpRequest, number: int, body: ReceiptIn) -> HttpResponse:
    """Book doses from outside. With an `Idempotency-Key` the same receipt may be sent again."""
    return once(request, lambda: (200, _receive(request, number, body)))


def _receive(request: Any, number: int, body: ReceiptIn) -> dict[str, Any]:
    store = queries.store_for(request.posting, _number(number))
    row = commands.record_receipt(store=store, actor=request.actor, at=clock.now(), **body.dict())
    return {"movement": row.pk, "lot": row.lot_id, "doses": row.doses}


@router.post(
    "/stores/{number}/transfers", auth=Permit(Permission.MOVE_STOCK), response={200: TransferOut, **REFUSED}
)
def send_doses(request: HttpRequest, number: int, body: TransferIn) -> HttpResponse:
    """Send doses to a store nearby. With an `Idempotency-Key` they leave once."""
    return once(request, lambda: (200, _send(request, number, body)))


def _send(request: Any, number: int, body: TransferIn) -> dict[str, Any]:
    store = queries.store_for(request.posting, _number(number))
    there = queries.destinations(store).filter(pk=body.to).first()
    if there is None:
        raise queries.StoreNotVisible
    sent = commands.send_transfer(
        lot=queries.lot_for(request.posting, body.lot), origin=store, destination=there, doses=body.doses,
        purpose=body.purpose, actor=request.actor, at=clock.now(),
    )  # fmt: skip
    return _shown(sent)


@router.post(
    "/transfers/{number}/arrival", auth=Permit(Permission.MOVE_STOCK), response={200: TransferOut, **REFUSED}
)
def take_in(request: HttpRequest, number: int, body: ArrivalIn) -> HttpResponse:
    """Say how many doses of a transfer arrived; a difference needs a note."""
    return once(request, lambda: (200, _take_in(request, number, body)))


def _take_in(request: Any, number: int, body: ArrivalIn) -> dict[str, Any]:
    transfer = queries.transfer_to(request.posting, _number(number))
    done = commands.receive_transfer(
        transfer=transfer, counted=body.counted, note=body.note, actor=request.actor, at=clock.now()
    )
    return _shown(done)


def _shown(transfer: Transfer) -> dict[str, Any]:
    return {
        "number": transfer.pk, "lot": transfer.lot_id, "doses": transfer.doses, "counted": transfer.counted,
    }  # fmt: skip


def _posting(request: Any) -> Posting:
    posting: Posting = request.posting
    return posting


def _number(number: int) -> int:
    return number if 0 < number <= INT_MAX else 0
