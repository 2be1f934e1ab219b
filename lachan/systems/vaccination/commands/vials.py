"""Vials: opened once, emptied dose by dose, by whichever tables draw from them."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from lachan.core import clock, prepared
from lachan.core.eventlog import emit
from lachan.core.events import DoseTakenBack, VialOpened
from lachan.core.models import Actor, Place
from lachan.systems.vaccination.commands.ledger import (
    CannotMoveDoses,
    book,
    product_of,
    require_store,
    require_usable,
    words_of,
)
from lachan.systems.vaccination.models import Lot, Movement, Session, Vial
from lachan.systems.vaccination.rules.stock import use_by


@transaction.atomic
def open_vial(*, store: Place, lot: Lot, actor: Actor, at: datetime, session: Session | None = None) -> Vial:
    """Open one vial with as many doses as its label says, for a session at a site. Raises CannotMoveDoses."""
    require_store(store, at)
    require_usable(lot, at)
    product = product_of(lot, at)
    end_of_lot = clock.day_bounds(lot.expires_on)[1]
    vial = Vial.objects.create(
        store=store, lot=lot, session=session, doses=product.vial_doses, most=product.vial_most, opened_at=at,
        opened_by=actor, use_by=min(use_by(at, product), end_of_lot),
    )  # fmt: skip
    book("opened", store=store, lot=lot, doses=vial.doses, vial=vial, actor=actor, at=at)
    vial.refresh_from_db()
    told = VialOpened(
        place_id=store.pk, happened_at=at, ref=f"vaccination.vial:{vial.pk}", vial_id=vial.pk, lot_id=lot.pk,
        doses=vial.doses,
    )  # fmt: skip
    emit([told], actor=actor)
    return vial


def vials_held(keys: Collection[int]) -> dict[int, Vial]:
    """The vials with their lots, held until the transaction ends (lowest key first)."""
    found = {}
    for row in prepared.rows(HELD, [list(keys)]):
        vial, lot = prepared.instances(row, Vial, Lot)
        vial.lot = lot
        found[vial.pk] = vial
    return found


HELD = f"""
    SELECT {prepared.columns(Vial, "v")}, {prepared.columns(Lot, "l")}
    FROM vaccination_vial v JOIN vaccination_lot l ON l.id = v.lot_id WHERE v.id = ANY(%s::bigint[])
    ORDER BY v.id FOR NO KEY UPDATE OF v
"""  # noqa: S608 - our own names


@transaction.atomic
def take_dose(*, vial: Vial, actor: Actor, at: datetime) -> Movement:
    """Give one dose of the vial, in the transaction of the record of that dose, which tells the event (DoseGiven).

    When what the label says is gone, a further dose is drawn as long as the rules know of more in such a vial: it is
    booked as extra, and is no error. Raises CannotMoveDoses: vial-exhausted, vial-not-open, lot-….
    """
    try:
        return _given(vial, actor, at)
    except CannotMoveDoses as refusal:
        if refusal.code != "vial-empty":
            raise
    book("extra", store=vial.store_id, lot=vial.lot_id, doses=1, vial=vial, actor=actor, at=at)
    return _given(vial, actor, at)


def _given(vial: Vial, actor: Actor, at: datetime) -> Movement:
    return book("given", store=vial.store_id, lot=vial.lot_id, doses=1, vial=vial, actor=actor, at=at)


@transaction.atomic
def take_back_dose(*, vial: Vial, note: str, actor: Actor, at: datetime) -> Movement:
    """A dose was written down as of this vial by mistake: it is in the vial again. Raises CannotMoveDoses."""
    said = words_of(note)
    given = sum(m.doses if m.kind == "given" else -m.doses for m in _of_doses(vial))
    if given < 1:
        raise CannotMoveDoses("nothing-given")
    row = book(
        "taken_back", store=vial.store_id, lot=vial.lot_id, doses=1, vial=vial, note=said, actor=actor, at=at
    )
    told = DoseTakenBack(
        place_id=vial.store_id, happened_at=at, ref=f"vaccination.movement:{row.pk}", vial_id=vial.pk,
        lot_id=vial.lot_id,
    )  # fmt: skip
    emit([told], actor=actor)
    return row


def _of_doses(vial: Vial) -> list[Movement]:
    """The vial is held: two corrections of one dose follow each other."""
    Vial.objects.select_for_update(no_key=True).get(pk=vial.pk)
    return list(Movement.objects.filter(vial=vial, kind__in=("given", "taken_back")))
