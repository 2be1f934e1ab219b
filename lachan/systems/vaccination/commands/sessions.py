"""Planning sessions, and calling them off."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import SessionPlanned
from lachan.core.models import Actor, Place, PlaceKind
from lachan.systems.vaccination.commands.ledger import CannotMoveDoses, known_product, require_store
from lachan.systems.vaccination.models import Lot, Session, Stock
from lachan.systems.vaccination.queries.lots import refusals
from lachan.systems.vaccination.rules.stock import Batch, first_to_expire

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST: Final = timedelta(hours=16)
MOST_TABLES, MOST_PLACES = 200, 100_000

WORDS: Final[Mapping[str, "StrOrPromise"]] = {
    "not-a-site": _("Sessions are held at vaccination sites only."),
    "session-past": _("The session would be over already. Choose a later time."),
    "session-hours": _("A session begins and ends on one day, and ends after it begins."),
    "session-tables": _("Give a number of tables from 1 to 200."),
    "session-places": _("Give a number of places from 1 to 100,000."),
    "product-not-approved": _("This vaccine is not approved yet on that day."),
    "lot-of-another-vaccine": _("This lot is of another vaccine."),
}


class CannotPlan(Refusal):
    """The codes are the keys of WORDS."""

    status = 422

    def __init__(self, code: str) -> None:
        super().__init__(code, WORDS[code])


@transaction.atomic
def plan_session(
    *, site: Place, product: str, starts_at: datetime, ends_at: datetime, tables: int, places: int, actor: Actor,
    at: datetime, lot: Lot | None = None,
) -> Session:  # fmt: skip
    """A session with so many places. `lot` has to be usable on that day, with a dose for each place at the site or in
    the store that supplies it; without one the first to expire of those is planned, or none where no lot is enough.

    Raises CannotPlan, CannotMoveDoses (lot-…, not-enough-doses, product-unknown, store-closed).
    """
    _require_times(site, starts_at, ends_at, at)
    _require_size(tables, places)
    on = clock.local_date(starts_at)
    if known_product(product, starts_at).approved_on > on:
        raise CannotPlan("product-not-approved")
    if lot is not None:
        _require_lot(lot, product, site, places, on)
    chosen = lot.pk if lot else _first_to_expire(site, product, places, on)
    session = Session.objects.create(
        site=site, product=product, lot_id=chosen, starts_at=starts_at, ends_at=ends_at, tables=tables, places=places,
        planned_at=at, planned_by=actor,
    )  # fmt: skip
    told = SessionPlanned(
        place_id=site.pk, happened_at=at, ref=f"vaccination.session:{session.pk}", session_id=session.pk,
        product=product, places=places,
    )  # fmt: skip
    emit([told], actor=actor)
    session.refresh_from_db()
    return session


def _require_times(site: Place, starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if site.kind != PlaceKind.VACCINATION_SITE:
        raise CannotPlan("not-a-site")
    require_store(site, at)
    if not timedelta() < ends_at - starts_at <= LONGEST:
        raise CannotPlan("session-hours")
    if clock.local_date(starts_at) != clock.local_date(ends_at - timedelta(microseconds=1)):
        raise CannotPlan("session-hours")
    if ends_at <= at:
        raise CannotPlan("session-past")


def _require_size(tables: int, places: int) -> None:
    if not 1 <= tables <= MOST_TABLES:
        raise CannotPlan("session-tables")
    if not 1 <= places <= MOST_PLACES:
        raise CannotPlan("session-places")


def _require_lot(lot: Lot, product: str, site: Place, places: int, on: date) -> None:
    if lot.product != product:
        raise CannotPlan("lot-of-another-vaccine")
    if why := refusals([lot], on=on).get(lot.pk):
        raise CannotMoveDoses(why)
    if _on_hand(site, product).get(lot, 0) < places:
        raise CannotMoveDoses("not-enough-doses")


def _on_hand(site: Place, product: str) -> dict[Lot, int]:
    """Doses by lot at the site and in the store that supplies it."""
    found = Stock.objects.filter(store__in=[site.pk, site.parent_id or site.pk], lot__product=product)
    doses: dict[Lot, int] = defaultdict(int)
    for stock in found.select_related("lot"):
        doses[stock.lot] += stock.on_hand
    return dict(doses)


def _first_to_expire(site: Place, product: str, places: int, on: date) -> int | None:
    """The lot with enough doses that goes first."""
    doses = _on_hand(site, product)
    stopped = refusals(doses, on=on)
    batches = [
        Batch(lot=lot.pk, expires_on=lot.expires_on, doses=count, stopped=lot.pk in stopped)
        for lot, count in doses.items()
        if count >= places
    ]
    picked = first_to_expire(batches, doses=places, on=on)
    return picked[0].lot if picked else None
