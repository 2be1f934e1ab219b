"""Who is to be measured today, and what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lachan.core import clock
from lachan.core.models import Posting
from lachan.platform import policies
from lachan.systems.quarantine.models import OrderTerm, Reading
from lachan.systems.quarantine.queries.evidence import as_reading
from lachan.systems.quarantine.queries.lists import orders
from lachan.systems.quarantine.rules import alarms


@dataclass(frozen=True, slots=True)
class Monitored:
    """`taken` of `wanted` readings of today; `alarms` of the last reading, whenever it was."""

    term: OrderTerm
    taken: int
    wanted: int
    last: Reading | None
    alarms: tuple[str, ...]


def readings_wanted(at: datetime) -> int:
    return policies.at(clock.local_date(at)).quarantine.readings_per_day


def to_measure(posting: Posting, *, at: datetime) -> QuerySet[OrderTerm]:
    """Open orders of the posting with fewer readings today than the policy asks for; `taken` is their number."""
    from_at, to_at = clock.day_bounds(clock.local_date(at))
    today = (
        Reading.objects.filter(order=OuterRef("order"), taken_at__gte=from_at, taken_at__lt=to_at)
        .order_by()
        .values("order")
        .annotate(n=Count("pk"))
        .values("n")
    )
    taken = Coalesce(Subquery(today, output_field=IntegerField()), 0)
    open_ones = orders(posting).filter(order__closed_at__isnull=True).annotate(taken=taken)
    return open_ones.filter(taken__lt=readings_wanted(at))


def monitored(terms: Sequence[OrderTerm], *, at: datetime) -> list[Monitored]:
    """The rows of `to_measure` with the last reading of each."""
    wanted = readings_wanted(at)
    newest = Reading.objects.filter(order__in=[t.order_id for t in terms]).order_by("order_id", "-taken_at")
    last = {r.order_id: r for r in newest.distinct("order_id")}
    return [
        Monitored(t, getattr(t, "taken", 0), wanted, row, alarms(as_reading(row)) if row else ())
        for t in terms
        for row in [last.get(t.order_id)]
    ]
