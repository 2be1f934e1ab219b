"""The list of orders as a file; without names and addresses of people."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.models import Posting
from lachan.platform import exports
from lachan.systems.quarantine import queries
from lachan.systems.quarantine.forms import OrderFilter
from lachan.systems.quarantine.models import OrderTerm
from lachan.systems.quarantine.queries import OrderLine
from lachan.systems.quarantine.views.orders import narrowed
from lachan.systems.quarantine.views.pieces import root_of


def _found(posting: Posting, filters: Mapping[str, str], at: datetime) -> QuerySet[OrderTerm]:
    terms, _form = narrowed(posting, filters, at)
    return terms.order_by("ends_on", "pk")


def _row(line: OrderLine) -> list[object]:
    term, area = line.term, root_of(line.term).home_area
    return [
        root_of(term).code, term.order_id, term.subject, term.kind, line.status, term.exposed_on, term.starts_on,
        term.ends_on, term.policy_id, area.code if area else "",
    ]  # fmt: skip


ORDERS = exports.Source(
    name="quarantine.orders",
    title=_("Quarantine orders"),
    file_name="quarantine",
    permission=Permission.VIEW_ORDERS,
    purpose=Purpose.QUARANTINE,
    part="orders export",
    heading=(
        "person", "order", "subject", "kind", "state", "day_0", "starts_on", "ends_on", "policy", "area",
    ),
    form=OrderFilter,
    found=_found,
    rows=lambda terms, at: (_row(line) for line in queries.lines(terms, at=at)),
    person=lambda term: root_of(term).pk,
)  # fmt: skip


@door(Permission.VIEW_ORDERS)
@require_POST
def orders(request: DeskRequest) -> HttpResponse:
    """POST ending=csv|xlsx, with the filters of the list in the address."""
    return exports.answer(request, ORDERS)
