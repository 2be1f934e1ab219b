"""Doses that are written off, and counts that differ from what was written down."""

from datetime import datetime

from django.db import transaction

from lachan.core.eventlog import emit
from lachan.core.events import DosesWasted, StockCounted
from lachan.core.models import Actor, Place
from lachan.systems.vaccination.commands.ledger import (
    CannotMoveDoses,
    book,
    fitting,
    require_amount,
    words_of,
)
from lachan.systems.vaccination.models import Lot, Movement, Stock, Vial
from lachan.systems.vaccination.rules.stock import MOST_DOSES, WASTE_REASONS

CHOSEN = tuple(reason for reason in WASTE_REASONS if reason != "missing")
COUNTED = ("count", "wrong-entry")


@transaction.atomic
def waste_doses(
    *, store: Place, lot: Lot, doses: int, reason: str, actor: Actor, at: datetime, vial: Vial | None = None,
    note: str = "",
) -> Movement:  # fmt: skip
    """Write off doses of closed vials, or of what is left in `vial`, for a reason of CHOSEN. Raises CannotMoveDoses."""
    require_amount(doses)
    if reason not in CHOSEN:
        raise CannotMoveDoses("reason-unknown")
    row = book("wasted", store=store, lot=lot, doses=doses, vial=vial, reason=reason, note=fitting(note), actor=actor,
               at=at)  # fmt: skip
    told = DosesWasted(
        place_id=store.pk, happened_at=at, ref=f"vaccination.movement:{row.pk}", lot_id=lot.pk, doses=doses,
        reason=reason,
    )  # fmt: skip
    emit([told], actor=actor)
    return row


@transaction.atomic
def adjust_count(
    *, store: Place, lot: Lot, counted: int, reason: str, note: str, actor: Actor, at: datetime
) -> Movement:
    """So many doses in closed vials were counted: book the difference, by whom and why. Raises CannotMoveDoses.

    The balance is held from the look to the booking: nothing moves in between.
    """
    said = words_of(note)
    if reason not in COUNTED:
        raise CannotMoveDoses("reason-unknown")
    if not 0 <= counted <= MOST_DOSES:
        raise CannotMoveDoses("count-impossible")
    stock = Stock.objects.select_for_update(no_key=True).filter(store=store, lot=lot).first()
    if stock is None:
        raise CannotMoveDoses("not-enough-doses")
    difference = counted - stock.sealed
    if difference == 0:
        raise CannotMoveDoses("nothing-differs")
    row = book(
        "adjusted", store=store, lot=lot, doses=difference, reason=reason, note=said, actor=actor, at=at
    )
    told = StockCounted(
        place_id=store.pk, happened_at=at, ref=f"vaccination.movement:{row.pk}", lot_id=lot.pk,
        difference=difference, reason=reason,
    )  # fmt: skip
    emit([told], actor=actor)
    return row
