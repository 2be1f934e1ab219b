"""Which stores, transfers and lots a posting may see: those of its area, or its store and what that supplies."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import areas
from lachan.core.errors import Refusal
from lachan.core.models import Place, PlaceKind, Posting
from lachan.systems.vaccination.models import Lot, Stock, Transfer, Vial

STORES = (PlaceKind.STORE, PlaceKind.VACCINATION_SITE)
SUPPLIED = (
    "",
    "parent__",
    "parent__parent__",
    "parent__parent__parent__",
)  # country, province, district, site


class StoreNotVisible(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "store-not-visible", _("There is no store with this number that your posting may see.")
        )


class LotNotVisible(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__("lot-not-visible", _("There is no lot with this number that your posting may see."))


class TransferNotVisible(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "transfer-not-visible", _("There is no transfer with this number that your posting may see.")
        )


def own(posting: Posting, prefix: str = "") -> Q:
    """That a place (its path: `prefix`) is the posting's, or lies in its area."""
    if posting.area is not None:
        return areas.inside(f"{prefix}area__", posting.area)
    own = Q()
    for step in SUPPLIED:
        own |= Q(**{f"{prefix}{step}pk": posting.place_id})
    return own


def stores(posting: Posting) -> QuerySet[Place]:
    """Stores and vaccination sites in use, by name."""
    found = Place.objects.filter(own(posting), kind__in=STORES, closed_at__isnull=True)
    return found.select_related("area__parent__parent", "parent").order_by("name", "pk")


def store_for(posting: Posting, number: int) -> Place:
    """Raises StoreNotVisible."""
    if (found := stores(posting).filter(pk=number).first()) is None:
        raise StoreNotVisible
    return found


def stocks(posting: Posting) -> QuerySet[Stock]:
    return Stock.objects.filter(own(posting, "store__")).select_related("store", "lot")


def vials(posting: Posting) -> QuerySet[Vial]:
    return Vial.objects.filter(own(posting, "store__")).select_related("store", "lot")


def transfers(posting: Posting) -> QuerySet[Transfer]:
    """From or to a store of the posting."""
    mine = own(posting, "origin__") | own(posting, "destination__")
    return Transfer.objects.filter(mine).select_related("origin", "destination", "lot")


def transfer_to(posting: Posting, number: int) -> Transfer:
    """On its way to a store of the posting, or arrived there. Raises TransferNotVisible."""
    found = transfers(posting).filter(own(posting, "destination__"), pk=number).first()
    if found is None:
        raise TransferNotVisible
    return found


def lots(posting: Posting) -> QuerySet[Lot]:
    """Lots that are or were in a store of the posting, or are on their way to one."""
    here = Exists(Stock.objects.filter(own(posting, "store__"), lot=OuterRef("pk")))
    coming = Exists(Transfer.objects.filter(own(posting, "destination__"), lot=OuterRef("pk")))
    return Lot.objects.filter(here | coming)


def lot_for(posting: Posting, number: int) -> Lot:
    """Raises LotNotVisible."""
    if (found := lots(posting).filter(pk=number).first()) is None:
        raise LotNotVisible
    return found


def destinations(store: Place) -> QuerySet[Place]:
    """Where a store sends: what it supplies, what supplies it, and its neighbours under the same store."""
    near = Q(parent=store) | Q(pk=store.parent_id or 0)
    if store.parent_id:
        near |= Q(parent=store.parent_id)
    found = Place.objects.filter(near, kind__in=STORES, closed_at__isnull=True).exclude(pk=store.pk)
    return found.order_by("name", "pk")
