"""Writing down what is measured."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import Event, ReadingTaken, SymptomsDeclared
from lachan.core.models import Actor
from lachan.systems.quarantine.models import Order, Reading
from lachan.systems.quarantine.queries.evidence import as_reading
from lachan.systems.quarantine.rules import SYMPTOMS
from lachan.systems.quarantine.rules.readings import declared

LIMITS: dict[str, tuple[int, int]] = {
    "temperature": (30, 45),
    "spo2": (40, 100),
    "pulse": (20, 250),
    "breaths": (4, 90),
}
AHEAD = timedelta(minutes=5)
KEPT = timedelta(days=60)


class CannotRecordReading(Refusal):
    """order-closed, reading-empty, reading-impossible, symptom-unknown, reading-time, reading-twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Degrees Celsius, percent, a minute. `nothing_felt` says that symptoms were asked for and there were none."""

    taken_at: datetime
    temperature: Decimal | None = None
    spo2: int | None = None
    pulse: int | None = None
    breaths: int | None = None
    symptoms: tuple[str, ...] = field(default=())


@transaction.atomic
def record_reading(*, order: Order, measured: Measured, actor: Actor, at: datetime) -> Reading:
    """Keep a reading; symptoms in it are told to all. Raises CannotRecordReading."""
    _refuse(measured, at)
    held = Order.objects.select_for_update().get(pk=order.pk)
    if held.closed_at is not None or measured.taken_at < held.issued_at - timedelta(days=1):
        raise CannotRecordReading("order-closed", _("There is no open order for this reading."))
    row, made = Reading.objects.get_or_create(
        order=held, taken_at=measured.taken_at,
        defaults={name: getattr(measured, name) for name in LIMITS}
        | {"symptoms": list(measured.symptoms), "recorded_by": actor, "recorded_at": at},
    )  # fmt: skip
    if not made:
        raise CannotRecordReading("reading-twice", _("There is already a reading of this time."))
    emit(_told(row, held), actor=actor)
    return row


def _told(row: Reading, order: Order) -> list[Event]:
    envelope: dict[str, Any] = {
        "person_id": order.person_id, "place_id": order.site_id, "happened_at": row.taken_at,
        "ref": f"quarantine.reading:{row.pk}",
    }  # fmt: skip
    taken = ReadingTaken(order_id=order.pk, reading_id=row.pk, caused_by=order.led_by, **envelope)
    symptoms = declared(as_reading(row))
    return (
        [taken, SymptomsDeclared(symptoms=symptoms, caused_by=taken.id, **envelope)] if symptoms else [taken]
    )


def _refuse(measured: Measured, at: datetime) -> None:
    values = {name: getattr(measured, name) for name in LIMITS}
    if not at - KEPT <= measured.taken_at <= at + AHEAD:
        raise CannotRecordReading(
            "reading-time", _("The time of the reading is in the future or too long ago.")
        )
    if not measured.symptoms and all(value is None for value in values.values()):
        raise CannotRecordReading("reading-empty", _("Write down at least the temperature or a symptom."))
    if any(s not in SYMPTOMS for s in measured.symptoms):
        raise CannotRecordReading("symptom-unknown", _("This symptom is not on the list."))
    for name, value in values.items():
        if value is not None and not LIMITS[name][0] <= value <= LIMITS[name][1]:
            raise CannotRecordReading("reading-impossible", _("A value is impossible. Measure again."))
