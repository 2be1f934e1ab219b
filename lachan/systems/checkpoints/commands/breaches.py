"""Telling that somebody under an order was somewhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from lachan.core import clock
from lachan.core.eventlog import emit
from lachan.core.events import OrderBreached
from lachan.core.models import Actor
from lachan.systems.checkpoints.models import Breach, Scan
from lachan.systems.checkpoints.rules import OpenOrder

Key = tuple[int, int, date]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A stored scan and the order that it goes against."""

    scan: Scan
    order: OpenOrder

    @property
    def key(self) -> Key:
        return (self.order.order_id, self.scan.place_id, clock.local_date(self.scan.happened_at))


def tell(sightings: Sequence[Sighting], *, actor: Actor, at: datetime) -> None:
    """Once for an order, a place and a day, however many scans show it."""
    if not sightings:
        return
    first = {s.key: s for s in reversed(sightings)}
    known = _known(list(first))
    told = [s for key, s in first.items() if key not in known]
    rows = Breach.objects.bulk_create([_row(s, at) for s in told])
    emit([_event(row, s) for row, s in zip(rows, told, strict=True)], actor=actor)


def _known(keys: Sequence[Key]) -> set[Key]:
    days = {day for _, _, day in keys}
    rows = Breach.objects.filter(
        Q(order_id__in={order for order, _, _ in keys}),
        place_id__in={place for _, place, _ in keys},
        on_date__in=days,
    )
    return set(rows.values_list("order_id", "place_id", "on_date"))


def _row(sighting: Sighting, at: datetime) -> Breach:
    scan, (order_id, place_id, day) = sighting.scan, sighting.key
    return Breach(
        scan=scan, person_id=scan.person_id or 0, place_id=place_id, order_id=order_id, on_date=day,
        happened_at=scan.happened_at, recorded_at=at,
    )  # fmt: skip


def _event(row: Breach, sighting: Sighting) -> OrderBreached:
    return OrderBreached(
        person_id=row.person_id, place_id=row.place_id, happened_at=row.happened_at, order_id=row.order_id,
        scan_id=str(row.scan_id), caused_by=sighting.order.issued_by, ref=f"checkpoints.breach:{row.pk}",
    )  # fmt: skip
