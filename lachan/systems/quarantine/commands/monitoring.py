"""Writing down what is measured."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What somebody under an order wrote into the diary themselves; nothing felt is a clean report."""

    order_id: int
    taken_at: datetime
    by: int
    cause: UUID
    temperature: float | None = None
    felt: tuple[str, ...] = ()


@transaction.atomic
def take_reports(*, reports: Sequence[Reported], actor: Actor, at: datetime) -> int:
    """Keep diaries as readings of their orders; how many were new. What was felt was told to all by the diary."""
    held = {
        o.pk: o
        for o in Order.objects.select_for_update(of=("self",))
        .filter(pk__in={r.order_id for r in reports})
        .order_by("pk")
    }
    same = Reading.objects.filter(order__in=held, taken_at__in={r.taken_at for r in reports})
    known = set(same.values_list("order_id", "taken_at"))
    fresh = {
        (r.order_id, r.taken_at): r
        for r in reports
        if r.order_id in held and _runs(held[r.order_id], r.taken_at)
        and (r.order_id, r.taken_at) not in known
    }  # fmt: skip
    rows = Reading.objects.bulk_create([_row(r, at) for r in fresh.values()], batch_size=1_000)
    emit(
        [_taken(row, held[row.order_id], r.cause) for row, r in zip(rows, fresh.values(), strict=True)],
        actor=actor,
    )
    return len(rows)


def _runs(order: Order, taken_at: datetime) -> bool:
    return order.closed_at is None or taken_at < order.closed_at


def _row(report: Reported, at: datetime) -> Reading:
    return Reading(
        order_id=report.order_id, taken_at=report.taken_at, recorded_by_id=report.by, recorded_at=at,
        temperature=None if report.temperature is None else Decimal(f"{report.temperature:.1f}"),
        symptoms=[s for s in report.felt if s in SYMPTOMS],
    )  # fmt: skip


def _taken(row: Reading, order: Order, cause: UUID) -> ReadingTaken:
    return ReadingTaken(
        person_id=order.person_id, place_id=order.site_id, happened_at=row.taken_at, caused_by=cause,
        ref=f"quarantine.reading:{row.pk}", order_id=order.pk, reading_id=row.pk,
    )  # fmt: skip


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
