"""Stopping a lot: one person holds it, a second one recalls it. Who takes from it at that moment comes first or not."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from lachan.core.eventlog import emit
from lachan.core.events import LotHeld, LotRecalled, LotReleased
from lachan.core.models import Actor
from lachan.systems.vaccination.commands.ledger import CannotMoveDoses, refusing, words_of
from lachan.systems.vaccination.models import Lot, LotHold, Stock


@transaction.atomic
def hold_lot(*, lot: Lot, reason: str, actor: Actor, at: datetime) -> LotHold:
    """From `at` nothing of the lot may be issued, opened or given, anywhere. Raises CannotMoveDoses."""
    said = words_of(reason)
    with refusing():
        hold = LotHold.objects.create(lot=lot, reason=said, held_at=at, held_by=actor)
    told = LotHeld(happened_at=at, ref=f"vaccination.lot:{lot.pk}", lot_id=lot.pk, product=lot.product)
    emit([told], actor=actor)
    return hold


@transaction.atomic
def release_lot(*, lot: Lot, reason: str, actor: Actor, at: datetime) -> LotHold:
    """The lot may be used again. Raises CannotMoveDoses: not-held, recalled-for-good, note-missing."""
    said, hold = words_of(reason), _standing(lot)
    if hold.recalled_at is not None:
        raise CannotMoveDoses("recalled-for-good")
    hold.released_at, hold.released_by, hold.release_reason = at, actor, said
    with refusing():
        hold.save(update_fields=["released_at", "released_by", "release_reason"])
    emit([LotReleased(happened_at=at, ref=f"vaccination.lot:{lot.pk}", lot_id=lot.pk)], actor=actor)
    return hold


@transaction.atomic
def recall_lot(*, lot: Lot, reason: str, actor: Actor, at: datetime) -> LotHold:
    """A second person turns the hold into a recall, for good. Raises CannotMoveDoses."""
    said, hold = words_of(reason), _standing(lot)
    if hold.recalled_at is not None:
        raise CannotMoveDoses("recalled-for-good")
    hold.recalled_at, hold.recalled_by, hold.recall_reason = at, actor, said
    with refusing():
        hold.save(update_fields=["recalled_at", "recalled_by", "recall_reason"])
    given = Stock.objects.filter(lot=lot).aggregate(n=Sum("given"))["n"] or 0
    told = LotRecalled(
        happened_at=at, ref=f"vaccination.lot:{lot.pk}", lot_id=lot.pk, product=lot.product, number=lot.number,
        given=given,
    )  # fmt: skip
    emit([told], actor=actor)
    return hold


def _standing(lot: Lot) -> LotHold:
    """The hold in force, held by this transaction. Raises CannotMoveDoses: not-held."""
    Lot.objects.select_for_update(no_key=True).get(pk=lot.pk)
    hold = LotHold.objects.filter(lot=lot, released_at__isnull=True).first()
    if hold is None:
        raise CannotMoveDoses("not-held")
    return hold
