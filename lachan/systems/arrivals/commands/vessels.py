"""Vessels: announced, and arrived. With the arrival, whoever is known to be aboard was there."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.db import IntegrityError, transaction

from lachan.codecs.mrz.countries import CODES
from lachan.core import clock, places, presences
from lachan.core.copresence import LONGEST_STAY
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import ConveyanceLanded, ConveyanceRegistered
from lachan.core.models import Actor, Place, PlaceKind, PresenceSource
from lachan.core.presences import Stay
from lachan.systems.arrivals.commands.journeys import plain_vehicle
from lachan.systems.arrivals.manifest_words import REFUSED
from lachan.systems.arrivals.models import Conveyance, ConveyanceKind, Gate, Passenger
from lachan.systems.arrivals.rules.seats import BadSeat, read_layout

LONGEST_JOURNEY = timedelta(days=60)


class CannotRecordVessel(Refusal):
    """kind-unknown, number-shape, country-unknown, arrives-before-departing, journey-long, layout-shape, layout-rows,
    gate-not-open, conveyance-known, landed-already, landed-in-future."""

    status = 422

    def __init__(self, code: str) -> None:
        super().__init__(code, REFUSED[code])


@transaction.atomic
def register_conveyance(
    *, gate: Gate, kind: str, number: str, from_country: str, departs_at: datetime, arrives_at: datetime, actor: Actor,
    at: datetime, from_place: str = "", layout: str = "",
) -> Conveyance:  # fmt: skip
    """Announce a journey to the gate; once a number and day. Raises CannotRecordVessel."""
    written = plain_vehicle(number)
    _check(gate, kind, written, from_country, layout)
    _check_times(departs_at, arrives_at)
    arrives_on = clock.local_date(arrives_at)
    try:
        with transaction.atomic():
            row = Conveyance.objects.create(
                place=_place(gate, f"{written} {arrives_on:%d/%m/%Y}", at), gate=gate, kind=kind, number=written,
                from_country=from_country, from_place=from_place.strip()[:120], departs_at=departs_at,
                arrives_at=arrives_at, arrives_on=arrives_on, layout=layout.strip(), registered_at=at,
                registered_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise CannotRecordVessel("conveyance-known") from error
    told = ConveyanceRegistered(
        place_id=row.place_id, happened_at=at, ref=_ref(row), conveyance_id=row.pk, gate=gate.code,
        arrives_on=arrives_on,
    )  # fmt: skip
    emit([told], actor=actor)
    return row


def _check(gate: Gate, kind: str, number: str, from_country: str, layout: str) -> None:
    if gate.area is None:
        raise CannotRecordVessel("gate-not-open")
    if kind not in ConveyanceKind.values:
        raise CannotRecordVessel("kind-unknown")
    if (
        not 2 <= len(number) <= 20
        or not number.isascii()
        or not number.replace("-", "").replace(".", "").isalnum()
    ):
        raise CannotRecordVessel("number-shape")
    if from_country not in CODES:
        raise CannotRecordVessel("country-unknown")
    try:
        read_layout(layout)
    except BadSeat as error:
        raise CannotRecordVessel(error.code) from error


def _check_times(departed_at: datetime, arrived_at: datetime) -> None:
    if arrived_at <= departed_at:
        raise CannotRecordVessel("arrives-before-departing")
    if arrived_at - departed_at > LONGEST_JOURNEY:
        raise CannotRecordVessel("journey-long")


def _place(gate: Gate, name: str, at: datetime) -> Place:
    if gate.area is None:
        raise CannotRecordVessel("gate-not-open")
    return places.open_place(kind=PlaceKind.CONVEYANCE, name=name, area=gate.area, at=at, closed_space=True)


@transaction.atomic
def record_landing(
    *, conveyance: Conveyance, departed_at: datetime, landed_at: datetime, actor: Actor, at: datetime
) -> Conveyance:
    """The vessel has arrived: whoever is on its lists was aboard until now. Once. Raises CannotRecordVessel."""
    _check_times(departed_at, landed_at)
    if landed_at > at:
        raise CannotRecordVessel("landed-in-future")
    expected = Conveyance.objects.filter(pk=conveyance.pk, landed_at__isnull=True)
    if not expected.update(departed_at=departed_at, landed_at=landed_at):
        raise CannotRecordVessel("landed-already")
    conveyance.refresh_from_db()
    aboard = list(conveyance.passengers.all())
    seat(conveyance, aboard, at=at)
    told = ConveyanceLanded(
        place_id=conveyance.place_id, happened_at=landed_at, ref=_ref(conveyance), conveyance_id=conveyance.pk,
        gate=conveyance.gate.code, aboard=len(aboard),
    )  # fmt: skip
    emit([told], actor=actor)
    return conveyance


def seat(conveyance: Conveyance, aboard: list[Passenger], *, at: datetime) -> None:
    """Write the presences of these people on a vessel that has arrived; twice is once."""
    if conveyance.departed_at is None or conveyance.landed_at is None:
        return
    pieces = list(_pieces(conveyance.departed_at, conveyance.landed_at))
    presences.record(
        [_stay(conveyance, p, *piece) for p in aboard for piece in pieces if _kept(piece, at)], at=at
    )


def _pieces(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """A presence lasts a day at most; a voyage is several."""
    while since < until:
        yield since, min(until, since + LONGEST_STAY)
        since += LONGEST_STAY


def _kept(piece: tuple[datetime, datetime], at: datetime) -> bool:
    return presences.keepable(piece[0], at=at)


def _stay(conveyance: Conveyance, passenger: Passenger, since: datetime, until: datetime) -> Stay:
    rows: Any = None
    if passenger.row_from is not None and passenger.row_to is not None:
        rows = (passenger.row_from, passenger.row_to)
    return Stay(
        id=uuid5(NAMESPACE_OID, f"arrivals.passenger:{passenger.pk}:{since.timestamp()}"),
        person_id=passenger.person_id, place_id=conveyance.place_id, starts_at=since, ends_at=until, rows=rows,
        source=PresenceSource.SEAT, source_ref=_ref(conveyance),
    )  # fmt: skip


def _ref(conveyance: Conveyance) -> str:
    return f"arrivals.conveyance:{conveyance.pk}"
