"""Doses that come from makers and donors, and the lots that come with them."""

from datetime import date, datetime

from django.db import transaction

from lachan.codecs import gs1
from lachan.core import clock
from lachan.core.eventlog import emit
from lachan.core.events import LotReceived
from lachan.core.models import Actor, Place
from lachan.systems.vaccination.commands.ledger import (
    CannotMoveDoses,
    book,
    fitting,
    known_product,
    require_amount,
    require_store,
    require_usable,
)
from lachan.systems.vaccination.models import Lot, Movement

LONGEST_NUMBER = 20


@transaction.atomic
def record_receipt(
    *, store: Place, product: str, number: str, expires_on: date, doses: int, actor: Actor, at: datetime,
    gtin: str = "", note: str = "",
) -> Movement:  # fmt: skip
    """Doses of a lot from outside; the lot is registered with its first receipt. Raises CannotMoveDoses."""
    require_store(store, at)
    require_amount(doses)
    lot = _lot(product=product, number=number, expires_on=expires_on, gtin=gtin, actor=actor, at=at)
    require_usable(lot, at)
    row = book("received", store=store, lot=lot, doses=doses, note=fitting(note), actor=actor, at=at)
    told = LotReceived(
        place_id=store.pk, happened_at=at, ref=f"vaccination.movement:{row.pk}", lot_id=lot.pk,
        product=lot.product, doses=doses,
    )  # fmt: skip
    emit([told], actor=actor)
    return row


def _lot(*, product: str, number: str, expires_on: date, gtin: str, actor: Actor, at: datetime) -> Lot:
    code, printed = known_product(product, at).code, number.strip().upper()
    if not (0 < len(printed) <= LONGEST_NUMBER and all("!" <= c <= "~" for c in printed)):
        raise CannotMoveDoses("lot-number-wrong")
    digits = gtin.strip()
    if digits and not (gs1.is_gtin(digits) and len(digits) <= 14):
        raise CannotMoveDoses("gtin-wrong")
    if clock.local_date(at) > expires_on:
        raise CannotMoveDoses("lot-expired")
    facts = {"expires_on": expires_on, "gtin": digits.zfill(14) if digits else "", "registered_at": at,
             "registered_by": actor}  # fmt: skip
    lot, _made = Lot.objects.get_or_create(product=code, number=printed, defaults=facts)
    if lot.expires_on != expires_on:
        raise CannotMoveDoses("lot-differs")
    return lot
