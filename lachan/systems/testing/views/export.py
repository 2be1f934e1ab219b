"""The list of tests that are due as a file; without names."""

from collections.abc import Mapping
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
from lachan.systems.testing.forms import OrderFilter
from lachan.systems.testing.models import TestOrder
from lachan.systems.testing.views.orders import narrowed


def _found(posting: Posting, filters: Mapping[str, str], at: datetime) -> QuerySet[TestOrder]:
    found, _form = narrowed(posting, filters, clock.local_date(at))
    return found.order_by("due_on", "pk")


def _row(order: TestOrder) -> list[object]:
    person = order.person.merged_into or order.person
    return [order.pk, person.code, order.assay, order.reason, order.due_on, order.quarantine_order or ""]


TESTS = exports.Source(
    name="testing.orders",
    title=_("Tests that are due"),
    file_name="tests",
    permission=Permission.ORDER_TEST,
    purpose=Purpose.TESTING,
    part="test orders, file",
    heading=("order", "person", "assay", "reason", "due_on", "quarantine_order"),
    form=OrderFilter,
    found=_found,
    rows=lambda orders, _at: map(_row, orders),
    person=lambda order: order.person.root_id,
)


@door(Permission.ORDER_TEST)
@require_POST
def orders(request: DeskRequest) -> HttpResponse:
    """POST ending=csv|xlsx, with the filters of the list in the address."""
    return exports.answer(request, TESTS)
