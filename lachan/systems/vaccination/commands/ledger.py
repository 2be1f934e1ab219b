"""Writing the ledger: a movement is inserted, the database books it, and what it refuses is said in words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.errors import Refusal
from lachan.core.models import Actor, Place, PlaceKind
from lachan.platform import policies
from lachan.policy import Product
from lachan.systems.vaccination.models import Lot, LotHold, Movement
from lachan.systems.vaccination.rules.stock import MOST_DOSES, refusal_of_lot

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STORES: Final = (PlaceKind.STORE, PlaceKind.VACCINATION_SITE)
LINE: Final = 500  # characters of a reason or note

WORDS: Final[Mapping[str, "StrOrPromise"]] = {
    "lot-expired": _("The lot has expired: it may only be written off or sent back."),
    "lot-held": _("The lot is held: nothing of it may be used until it is released."),
    "lot-recalled": _("The lot has been recalled: it may only be written off or sent back."),
    "not-enough-doses": _("There are not as many doses of this lot here."),
    "vial-empty": _("The vial is empty."),
    "vial-exhausted": _("No more doses can be drawn from this vial."),
    "vial-not-open": _("The vial was not open then: its hours were over, or it was opened later."),
    "not-a-store": _("Doses are kept in stores and vaccination sites only."),
    "store-closed": _("The store is closed."),
    "same-store": _("Doses are sent from one store to another."),
    "no-parent-store": _("It is not known to which store this one sends back."),
    "doses-impossible": _("Give a number of doses from 1 to 100,000,000."),
    "count-impossible": _("Give a number of doses from 0 to 100,000,000."),
    "purpose-unknown": _("This is no purpose for sending doses."),
    "product-unknown": _("The rules of today do not know this vaccine."),
    "lot-number-wrong": _("A lot number has 1 to 20 printed characters and no spaces."),
    "gtin-wrong": _("This is not a GTIN: the check digit does not fit."),
    "lot-differs": _("This lot is known with another expiry date."),
    "already-received": _("This transfer has been received already."),
    "difference-unexplained": _("Say why the count differs from what was sent."),
    "reason-unknown": _("Choose a reason from the list."),
    "note-missing": _("Give a reason in words."),
    "note-too-long": _("The reason is too long: 500 characters at most."),
    "nothing-differs": _("The count is what was written down."),
    "already-held": _("The lot is held already."),
    "not-held": _("The lot is not held."),
    "second-person": _("A recall takes a second person: not the one who held the lot."),
    "recalled-for-good": _("A recalled lot is not released."),
    "nothing-given": _("No dose of this vial has been given."),
}

# What the database says, as the same refusals.
BROKEN: Final = {
    "movement_lot_expired": "lot-expired",
    "movement_lot_held": "lot-held",
    "movement_lot_recalled": "lot-recalled",
    "stock_sealed_not_below_zero": "not-enough-doses",
    "stock_opened_not_below_zero": "not-enough-doses",
    "stock_sums_not_below_zero": "nothing-given",
    "vial_left_not_below_zero": "vial-empty",
    "vial_gives_at_most": "vial-exhausted",
    "vial_holds_no_more_than_drawn": "nothing-given",
    "movement_within_the_life_of_its_vial": "vial-not-open",
    "movement_once_a_transfer": "already-received",
    "hold_one_a_lot": "already-held",
    "hold_recalled_by_a_second_person": "second-person",
}


class CannotMoveDoses(Refusal):
    """The codes are the keys of WORDS."""

    def __init__(self, code: str) -> None:
        super().__init__(code, WORDS[code])


@contextmanager
def refusing() -> Iterator[None]:
    """What the database refuses within is raised as CannotMoveDoses; its part of the transaction is undone."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if name not in BROKEN:
            raise
        raise CannotMoveDoses(BROKEN[name]) from error


def book(
    kind: str, *, store: Place | int, lot: Lot | int, doses: int, actor: Actor, at: datetime, **more: Any
) -> Movement:
    """One line of the ledger, in the caller's transaction. Raises CannotMoveDoses."""
    where = store.pk if isinstance(store, Place) else store
    what = lot.pk if isinstance(lot, Lot) else lot
    with refusing():
        return Movement.objects.create(
            kind=kind, store_id=where, lot_id=what, doses=doses, happened_at=at, recorded_by=actor, **more
        )


def require_store(store: Place, at: datetime) -> None:
    """Raises CannotMoveDoses: not-a-store, store-closed."""
    if store.kind not in STORES:
        raise CannotMoveDoses("not-a-store")
    if store.closed_at is not None and store.closed_at <= at:
        raise CannotMoveDoses("store-closed")


def require_amount(doses: int) -> None:
    """Raises CannotMoveDoses: doses-impossible."""
    if not 1 <= doses <= MOST_DOSES:
        raise CannotMoveDoses("doses-impossible")


def words_of(text: str) -> str:
    """A reason in words. Raises CannotMoveDoses: note-missing, note-too-long."""
    said = text.strip()
    if not said:
        raise CannotMoveDoses("note-missing")
    return fitting(said)


def fitting(text: str) -> str:
    """Raises CannotMoveDoses: note-too-long."""
    if len(text) > LINE:
        raise CannotMoveDoses("note-too-long")
    return text.strip()


def product_of(lot: Lot, at: datetime) -> Product:
    """What the rules of the day know of the vaccine. Raises CannotMoveDoses: product-unknown."""
    return known_product(lot.product, at)


def known_product(code: str, at: datetime) -> Product:
    """Raises CannotMoveDoses: product-unknown."""
    rules = policies.at(clock.local_date(at)).vaccination
    product = rules.product(code) if rules else None
    if product is None:
        raise CannotMoveDoses("product-unknown")
    return product


def require_usable(lot: Lot, at: datetime) -> None:
    """Raises CannotMoveDoses: lot-expired, lot-held, lot-recalled. The database looks again as the doses move."""
    hold = LotHold.objects.filter(lot=lot, released_at__isnull=True).first()
    why = refusal_of_lot(
        expires_on=lot.expires_on, on=clock.local_date(at), held=hold is not None,
        recalled=hold is not None and hold.recalled_at is not None,
    )  # fmt: skip
    if why:
        raise CannotMoveDoses(why)
