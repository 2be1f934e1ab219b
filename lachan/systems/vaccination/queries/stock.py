"""What a store has, how long that lasts, and which lot goes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet, Sum

from lachan.core import clock
from lachan.core.models import Place
from lachan.systems.vaccination.models import Movement, Stock, Transfer, Vial
from lachan.systems.vaccination.queries.lots import refusals
from lachan.systems.vaccination.rules.stock import (
    Batch,
    Pick,
    Shelf,
    days_of_supply,
    first_to_expire,
    shelf,
)

PACE_DAYS = 28
LEAVING = ("given", "sent", "wasted")


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLine:
    """A lot on the shelf of a store. `refusal`: why it may not be used; `days`: of supply at the pace of four weeks."""

    stock: Stock
    shelf: Shelf
    refusal: str | None
    days: int | None


def stock_of(store: Place) -> QuerySet[Stock]:
    """What is on hand, the earliest expiry first."""
    here = Stock.objects.filter(store=store).annotate(here=F("sealed") + F("opened")).filter(here__gt=0)
    return here.select_related("lot").order_by("lot__expires_on", "lot")


def lines(store: Place, *, at: datetime) -> list[StockLine]:
    """Three statements, whatever the number of lots."""
    on = clock.local_date(at)
    found: Sequence[Stock] = list(stock_of(store))
    stopped = refusals([s.lot for s in found], on=on)
    pace = _pace(store, at)
    return [
        StockLine(
            stock=s, shelf=shelf(s.lot.expires_on, on=on), refusal=stopped.get(s.lot_id),
            days=days_of_supply(s.on_hand, used=pace.get(s.lot_id, 0), days=PACE_DAYS),
        )
        for s in found
    ]  # fmt: skip


def supply(store: Place, product: str, *, at: datetime) -> int | None:
    """Days for which the usable doses of a product last at the pace of the last four weeks."""
    mine = [line for line in lines(store, at=at) if line.stock.lot.product == product and not line.refusal]
    used = _left(store, at).filter(lot__product=product).aggregate(n=Sum("doses"))["n"] or 0
    return days_of_supply(sum(line.stock.on_hand for line in mine), used=used, days=PACE_DAYS)


def _left(store: Place, at: datetime) -> QuerySet[Movement]:
    since = at - timedelta(days=PACE_DAYS)
    return Movement.objects.filter(store=store, kind__in=LEAVING, happened_at__gt=since, happened_at__lte=at)


def _pace(store: Place, at: datetime) -> dict[int, int]:
    counted = _left(store, at).values("lot").annotate(n=Sum("doses")).order_by("lot")
    return {row["lot"]: row["n"] for row in counted}


def proposal(store: Place, product: str, doses: int, *, at: datetime) -> list[Pick]:
    """From which lots to take closed vials: first what expires first (FEFO)."""
    on = clock.local_date(at)
    mine = [s for s in stock_of(store) if s.lot.product == product]
    stopped = refusals([s.lot for s in mine], on=on)
    batches = [
        Batch(lot=s.lot_id, expires_on=s.lot.expires_on, doses=s.sealed, stopped=s.lot_id in stopped)
        for s in mine
    ]
    return first_to_expire(batches, doses=doses, on=on)


def open_vials(store: Place, *, at: datetime) -> QuerySet[Vial]:
    """Vials with something left that may still be used, those that end first first."""
    found = Vial.objects.filter(store=store, left__gt=0, use_by__gte=at)
    return found.select_related("lot").order_by("use_by", "pk")


def awaited(store: Place) -> QuerySet[Transfer]:
    found = Transfer.objects.filter(destination=store, received_at__isnull=True)
    return found.select_related("origin", "lot").order_by("sent_at", "pk")


def under_way(store: Place) -> QuerySet[Transfer]:
    found = Transfer.objects.filter(origin=store, received_at__isnull=True)
    return found.select_related("destination", "lot").order_by("sent_at", "pk")


@dataclass(frozen=True, slots=True)
class Shelves:
    """Doses on hand: those that may be used, and those of lots that are held, recalled or expired."""

    usable: int = 0
    stopped: int = 0


def totals(stores: Sequence[Place], *, at: datetime) -> dict[int, Shelves]:
    """By store; one statement for all of them and one for the holds."""
    found = list(Stock.objects.filter(store__in=stores).exclude(sealed=0, opened=0).select_related("lot"))
    refused = refusals({s.lot for s in found}, on=clock.local_date(at))
    sums = {store.pk: Shelves() for store in stores}
    for s in found:
        was, no = sums[s.store_id], s.lot_id in refused
        sums[s.store_id] = Shelves(was.usable + s.on_hand * (not no), was.stopped + s.on_hand * no)
    return sums
