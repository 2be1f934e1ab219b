"""What stands on which shelf, as a file: no row is about a person."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lachan.core import clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.models import Posting
from lachan.platform import exports
from lachan.systems.vaccination import queries
from lachan.systems.vaccination.forms import LotFilter
from lachan.systems.vaccination.models import Stock
from lachan.systems.vaccination.views.lots import narrowed


def _found(posting: Posting, filters: Mapping[str, str], at: datetime) -> QuerySet[Stock]:
    lots = narrowed(queries.lots(posting), LotFilter(dict(filters)))
    mine = queries.stocks(posting).filter(lot__in=lots).select_related("store__area")
    return mine.order_by("store", "pk")


def _rows(found: Sequence[Stock], at: datetime) -> Iterable[Sequence[object]]:
    stopped = queries.refusals([s.lot for s in found], on=clock.local_date(at))
    for s in found:
        yield [
            s.store.code, s.store.name, s.store.area.code, s.lot.product, s.lot.number, s.lot.gtin, s.lot.expires_on,
            stopped.get(s.lot_id, ""), s.received, s.arrived, s.adjusted, s.sealed, s.opened, s.sent, s.given, s.wasted,
        ]  # fmt: skip


STOCK = exports.Source(
    name="vaccination.stock",
    title=_("Vaccine stock"),
    file_name="vaccine-stock",
    permission=Permission.VIEW_STOCK,
    purpose=Purpose.CARE,
    part="vaccine stock export",
    heading=(
        "store", "name", "area", "product", "lot", "gtin", "last_day", "refusal", "received", "arrived", "adjusted",
        "sealed", "opened", "sent", "given", "wasted",
    ),
    form=LotFilter,
    found=_found,
    rows=_rows,
    person=lambda _stock: None,
)  # fmt: skip


@door(Permission.VIEW_STOCK)
@require_POST
def stock(request: DeskRequest) -> HttpResponse:
    """POST ending=csv|xlsx, with the filters of the list of lots in the address."""
    return exports.answer(request, STOCK)
