"""The ledger of a corrected dose: given back to the wrong vial, given from the right one. No line is changed.

A dose that was written off of the right vial because nobody knew whom it was given to is found again first. What is
given back to a vial of a day that is over stands in the list of what does not add up, until somebody says what became
of it.
"""

from datetime import datetime

from django.db.models import Q, Sum

from lachan.core.models import Actor
from lachan.systems.vaccination.commands.correcting.refusals import CannotCorrect
from lachan.systems.vaccination.commands.ledger import book
from lachan.systems.vaccination.commands.vials import take_back_dose, take_dose
from lachan.systems.vaccination.models import Dose, Lot, Movement, Stock, Vial


def vial_in_books(lot: Lot, *, store: int, session: int, at: datetime) -> Vial:
    """The vial of the lot, open at the store at the moment of a dose, of which it can have been: of the same session
    before others, and one with something left before one of which something was written off.

    Raises CannotCorrect: lot-not-in-books.
    """
    open_then = Vial.objects.filter(lot=lot, store=store, opened_at__lte=at, use_by__gte=at)
    ranked = sorted(open_then, key=lambda vial: (vial.session_id != session, vial.left == 0, vial.pk))
    for vial in ranked:
        if vial.left or vial.most > vial.doses + vial.extra or _written_off(vial):
            return vial
    raise CannotCorrect("lot-not-in-books")


def _written_off(vial: Vial) -> int:
    lost = Sum("doses", filter=Q(kind="wasted"), default=0) - Sum("doses", filter=Q(kind="found"), default=0)
    found = Movement.objects.filter(vial=vial).aggregate(n=lost)
    return int(found["n"])


def hold_books(old: Dose, new: Dose) -> None:
    """Both vials and their balances, in the order in which everybody takes them: two corrections of one site wait for
    each other and do not lock up."""
    if old.vial is None or new.vial is None:
        return
    vials = Vial.objects.select_for_update(no_key=True).filter(pk__in={old.vial_id, new.vial_id})
    list(vials.order_by("pk"))
    balances = Stock.objects.filter(store=old.vial.store_id, lot__in={old.vial.lot_id, new.vial.lot_id})
    list(balances.select_for_update(no_key=True).order_by("pk"))


def give_from_books(wrong: Vial, new: Dose, *, note: str, actor: Actor, at: datetime) -> Movement:
    """In the caller's transaction: one back, one given at the moment of the dose. Raises CannotMoveDoses (vial-…)."""
    take_back_dose(vial=wrong, note=note[:500], actor=actor, at=at)
    right = Vial.objects.get(pk=new.vial_id or 0)
    if right.left == 0 and _written_off(right):
        book(
            "found",
            store=right.store_id,
            lot=right.lot_id,
            doses=1,
            vial=right,
            note=note[:500],
            actor=actor,
            at=at,
        )
    return take_dose(vial=right, actor=actor, at=new.given_at)
