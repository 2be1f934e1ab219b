"""Ending stays together with the standing presence that tracing reads."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import F, Func, Value

from lachan.core.eventlog import emit
from lachan.core.events import BedVacated
from lachan.core.models import Actor, Residence
from lachan.systems.quarantine.models import Order, Stay


def end_stays(
    orders: Sequence[Order], *, actor: Actor, at: datetime, causes: Mapping[int, UUID] | None = None
) -> list[Stay]:
    """End the running stays of these orders at `at`, and what was booked beyond; tell of each.

    The event of the bed names the one that closes the order, or for an order that goes on the one in `causes` (by
    the order's number).
    """
    by_id = {o.pk: o for o in orders}
    stays = list(
        Stay.objects.select_related("room").filter(order__in=by_id, period__endswith__isnull=True)
    ) if by_id else []  # fmt: skip
    if not stays:
        return []
    persons = [by_id[s.order_id].person_id for s in stays]
    _end_periods([s.pk for s in stays], persons, at)
    led = {o.pk: o.closing_event_id for o in orders} | dict(causes or {})
    emit([_vacated(s, by_id[s.order_id], led[s.order_id], at) for s in stays], actor=actor)
    return stays


def _end_periods(stay_ids: Sequence[int], person_ids: Sequence[int], at: datetime) -> None:
    """Periods that began end now; those that were to begin later never were."""
    until_now = Func(
        F("period__startswith"), Value(at), function="tstzrange", output_field=DateTimeRangeField()
    )
    for running in (
        Stay.objects.filter(pk__in=stay_ids, period__endswith__isnull=True),
        Residence.objects.filter(person__in=person_ids, kind="room", period__endswith__isnull=True),
    ):
        running.filter(period__startswith__gte=at).delete()
        running.filter(period__startswith__lt=at).update(period=until_now)


def _vacated(stay: Stay, order: Order, cause: UUID | None, at: datetime) -> BedVacated:
    return BedVacated(
        person_id=order.person_id, place_id=stay.room.parent_id, happened_at=at, caused_by=cause,
        ref=f"quarantine.stay:{stay.pk}", stay_id=stay.pk, order_id=order.pk,
    )  # fmt: skip
