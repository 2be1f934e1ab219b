"""A person's orders as they stand in their own record: what, until when, by what right, and how to object."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lachan.core.models import Person
from lachan.platform.record import Section, group_of
from lachan.systems.quarantine import queries, words
from lachan.systems.quarantine.models import OrderTerm
from lachan.systems.quarantine.queries import OrderLine
from lachan.systems.quarantine.views.pieces import basis_of

MOST = 20


def _orders(person: Person, at: datetime) -> Mapping[str, Any] | None:
    """Orders in force and past ones, newest first; None where there never was one."""
    terms = OrderTerm.objects.filter(superseded_at__isnull=True, order__person__in=group_of(person))
    newest = terms.select_related("order__area", "order__site").order_by("-order__issued_at", "-order")
    found = [_shown(line) for line in queries.lines(list(newest[:MOST]), at=at)]
    return {"orders": found} if found else None


def _shown(line: OrderLine) -> dict[str, Any]:
    term, basis = line.term, basis_of(line.term)
    return {
        "term": term,
        "kind": words.kind_of(term.subject, term.kind),
        "reason": words.SUBJECT[term.subject],
        "badge": words.status_badge(line.status),
        "in_force": term.order.closed_at is None,
        "basis": basis.decision if basis else term.policy_id,
        "area": term.order.area,
        "site": term.order.site if term.kind == "facility" else None,
    }


ORDERS = Section("orders", _("My quarantine orders"), "quarantine/book.html", _orders)
