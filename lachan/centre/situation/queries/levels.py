"""What stands at a moment: asked of the systems for the whole country at once, and kept for a minute."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from lachan.centre.situation.queries.ground import Part, owners_of
from lachan.centre.situation.queries.remembering import remembered
from lachan.centre.situation.rules.measures import LEVELS
from lachan.core import clock
from lachan.systems.feedback.models import Turn
from lachan.systems.quarantine.models import Bed, Order, Stay
from lachan.systems.testing.models import TestOrder
from lachan.systems.vaccination.models import Lot, Stock
from lachan.systems.vaccination.queries import refusals

ByUnit = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Levels:
    """How many of what there were as of `as_of`, by measure and unit."""

    as_of: datetime
    by_unit: Mapping[str, ByUnit]

    def of(self, units: frozenset[int] | None) -> dict[str, int]:
        """The sums over these units; of None over all."""
        return {m: _sum(self.by_unit[m], units) for m in LEVELS}

    def of_parts(self, below: Sequence[Part]) -> dict[int, dict[str, int]]:
        """The sums over each of these units, by the id of its area."""
        found = {part.area.pk: dict.fromkeys(LEVELS, 0) for part in below}
        owners = owners_of(below)
        for measure in LEVELS:
            for unit, n in self.by_unit[measure].items():
                for part in owners.get(unit, ()):
                    found[part][measure] += n
        return found


def _sum(by_unit: ByUnit, units: frozenset[int] | None) -> int:
    return sum(n for unit, n in by_unit.items() if units is None or unit in units)


def levels(at: datetime) -> Levels:
    """Not older than a minute."""
    return remembered("levels", at, lambda: counted(at))[1]


def counted(at: datetime) -> Levels:
    """One statement for each measure (and one for lots that may not be used), whatever the size of the country."""
    open_orders = Order.objects.filter(closed_at__isnull=True)
    in_use = Bed.objects.filter(closed_at__isnull=True)
    taken = Exists(Stay.objects.filter(bed=OuterRef("pk"), period__endswith__isnull=True))
    turns = Turn.objects.filter(ended_at__isnull=True)
    return Levels(at, {
        "orders_in_force": _by(open_orders, "area"),
        "in_facilities": _by(open_orders.filter(Exists(_running_stays())), "area"),
        "beds": _by(in_use, "room__area"),
        "free_beds": _by(in_use.filter(~taken), "room__area"),
        "stock": _stock(at),
        "reports_open": _by(turns, "report__area"),
        "reports_overdue": _by(turns.filter(due_at__lte=at), "report__area"),
        "tests_waiting": _by(_untested(), "area"),
    })  # fmt: skip


def _running_stays() -> QuerySet[Stay]:
    return Stay.objects.filter(order=OuterRef("pk"), period__endswith__isnull=True)


def _untested() -> QuerySet[TestOrder]:
    return TestOrder.objects.filter(cancelled_at__isnull=True, sample__isnull=True)


def _stock(at: datetime) -> ByUnit:
    """Doses of lots that may be used."""
    on_shelves = Stock.objects.filter(Q(sealed__gt=0) | Q(opened__gt=0))
    lots = Lot.objects.filter(Exists(on_shelves.filter(lot=OuterRef("pk"))))
    usable = on_shelves.exclude(lot__in=list(refusals(lots, on=clock.local_date(at))))
    return _pairs(usable.values_list("store__area").annotate(n=Sum(F("sealed") + F("opened"))))


def _by(found: "QuerySet[Any]", area: str) -> ByUnit:
    return _pairs(found.order_by().values_list(area).annotate(n=Count("pk")))


def _pairs(rows: Iterable[tuple[int | None, int]]) -> ByUnit:
    return {unit: n for unit, n in rows if unit is not None}
