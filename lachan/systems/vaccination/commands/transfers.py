"""Doses from one store to another: sent, in transit, received once, differences explained."""

from datetime import datetime

from django.db import transaction

from lachan.core.eventlog import emit
from lachan.core.events import StockReceived, StockSent
from lachan.core.models import Actor, Place
from lachan.systems.vaccination.commands.ledger import (
    CannotMoveDoses,
    book,
    fitting,
    require_amount,
    require_store,
    require_usable,
)
from lachan.systems.vaccination.models import Lot, Transfer
from lachan.systems.vaccination.rules.stock import MOST_DOSES, PURPOSES


@transaction.atomic
def send_transfer(
    *, lot: Lot, origin: Place, destination: Place, doses: int, actor: Actor, at: datetime, purpose: str = "supply"
) -> Transfer:  # fmt: skip
    """Send closed vials off; `purpose`: supply, session (for a session at that site) or return.

    What goes back may be of a lot that is stopped or expired. Raises CannotMoveDoses.
    """
    require_amount(doses)
    for store in (origin, destination):
        require_store(store, at)
    if origin.pk == destination.pk:
        raise CannotMoveDoses("same-store")
    if purpose not in PURPOSES:
        raise CannotMoveDoses("purpose-unknown")
    if purpose != "return":
        require_usable(lot, at)
    transfer = Transfer.objects.create(
        lot=lot, origin=origin, destination=destination, doses=doses, purpose=purpose, sent_at=at, sent_by=actor
    )  # fmt: skip
    book("sent", store=origin, lot=lot, doses=doses, transfer=transfer, actor=actor, at=at)
    told = StockSent(
        place_id=origin.pk, happened_at=at, ref=f"vaccination.transfer:{transfer.pk}", transfer_id=transfer.pk,
        lot_id=lot.pk, doses=doses, to_place_id=destination.pk,
    )  # fmt: skip
    emit([told], actor=actor)
    return transfer


def return_doses(*, lot: Lot, origin: Place, doses: int, actor: Actor, at: datetime) -> Transfer:
    """Send closed vials back to the store above, also those of a lot that is stopped. Raises CannotMoveDoses."""
    if origin.parent is None:
        raise CannotMoveDoses("no-parent-store")
    return send_transfer(
        lot=lot, origin=origin, destination=origin.parent, doses=doses, actor=actor, at=at, purpose="return"
    )


@transaction.atomic
def receive_transfer(
    *, transfer: Transfer, counted: int, actor: Actor, at: datetime, note: str = ""
) -> Transfer:
    """Take a transfer in, once. Missing doses are written off here, a surplus is booked, both in words.

    Raises CannotMoveDoses.
    """
    if not 0 <= counted <= MOST_DOSES:
        raise CannotMoveDoses("count-impossible")
    said = fitting(note)
    if counted != transfer.doses and not said:
        raise CannotMoveDoses("difference-unexplained")
    _claim(transfer, counted, said, actor, at)
    place, lot = transfer.destination_id, transfer.lot_id
    book("arrived", store=place, lot=lot, doses=transfer.doses, transfer=transfer, actor=actor, at=at)
    if counted < transfer.doses:
        book("wasted", store=place, lot=lot, doses=transfer.doses - counted, reason="missing", note=said, actor=actor,
             at=at)  # fmt: skip
    elif counted > transfer.doses:
        book("adjusted", store=place, lot=lot, doses=counted - transfer.doses, reason="surplus", note=said,
             actor=actor, at=at)  # fmt: skip
    told = StockReceived(
        place_id=place, happened_at=at, ref=f"vaccination.transfer:{transfer.pk}", transfer_id=transfer.pk,
        lot_id=lot, sent=transfer.doses, counted=counted,
    )  # fmt: skip
    emit([told], actor=actor)
    return transfer


def _claim(transfer: Transfer, counted: int, note: str, actor: Actor, at: datetime) -> None:
    """Whoever writes first has received it."""
    waiting = Transfer.objects.filter(pk=transfer.pk, received_at__isnull=True)
    if not waiting.update(received_at=at, received_by=actor, counted=counted, note=note):
        raise CannotMoveDoses("already-received")
    transfer.refresh_from_db()
