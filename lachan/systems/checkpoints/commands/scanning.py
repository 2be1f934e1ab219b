"""Taking scans: one live, or what a device collected while it was offline. A scan is never refused, only marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from lachan.core import clock, persons
from lachan.core.events import Event
from lachan.core.ids import uuid7
from lachan.core.models import Actor, Place
from lachan.core.sealed import blind_index, seal
from lachan.systems.checkpoints import queries
from lachan.systems.checkpoints.commands import breaches, visits
from lachan.systems.checkpoints.commands.breaches import Sighting
from lachan.systems.checkpoints.commands.locks import hold
from lachan.systems.checkpoints.commands.people import Whose, whose
from lachan.systems.checkpoints.commands.rulebook import Rulebook
from lachan.systems.checkpoints.models import Device, Payload, Scan
from lachan.systems.checkpoints.rules import Evidence, Timing, breaks, evidence_of, judge, time_marks, timing
from lachan.systems.checkpoints.rules.marks import CLOCK_WRONG, UNKNOWN_CODE

SEALED_KIND = "scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a gate read. `client_id` is the same when the same reading is sent again.

    `text` is what stood in the code. `person_id` is given where somebody was found by hand. `device_time` None:
    unreadable.
    """

    client_id: str
    text: str = ""
    direction: str = "in"
    device_time: datetime | None = None
    payload: str = Payload.UNKNOWN
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Where, by whom and when scans are taken; `offset` corrects the clock of `device`."""

    place: Place
    actor: Actor
    at: datetime
    device: Device | None = None
    offset: timedelta = timedelta(0)


@transaction.atomic
def record_scan(
    *,
    place: Place,
    payload: str,
    actor: Actor,
    at: datetime,
    direction: str = "in",
    client_id: str = "",
    device: Device | None = None,
    happened_at: datetime | None = None,
) -> Scan:
    """One scan, judged and kept: `verdict`, `reason`, `marks` of the row are the answer.

    The same `client_id` of the same actor gives the same row again.
    """
    reading = Reading(
        client_id=client_id or uuid7().hex, text=payload, direction=direction, device_time=happened_at or at
    )
    [scan] = take([reading], Gate(place=place, actor=actor, at=at, device=device))
    return scan


@transaction.atomic
def record_batch(
    *,
    device: Device,
    readings: Sequence[Reading],
    actor: Actor,
    at: datetime,
    device_now: datetime | None = None,
) -> list[Scan]:
    """What a device collected; the row of each reading, in order (sent again, the row that is already there).

    `device_now` is the device's clock as it sends: the difference corrects the times of its readings. A constant
    number of queries.
    """
    hold([f"checkpoints.device:{device.pk}"])
    device.refresh_from_db(fields=["revoked_at", "clock_offset_seconds"])
    offset = _offset(device, device_now, at)
    Device.objects.filter(pk=device.pk).update(seen_at=at, clock_offset_seconds=offset.total_seconds())
    return take(readings, Gate(place=device.place, actor=actor, at=at, device=device, offset=offset))


def _offset(device: Device, device_now: datetime | None, at: datetime) -> timedelta:
    if device_now is None:
        return timedelta(seconds=device.clock_offset_seconds)
    seconds = round((at - device_now).total_seconds())
    return timedelta(seconds=max(-(2**31), min(seconds, 2**31 - 1)))


def take(readings: Sequence[Reading], gate: Gate) -> list[Scan]:
    """Keep each reading once; inside the caller's transaction."""
    first = {r.client_id: r for r in reversed(readings)}
    if gate.device is None:
        hold(f"checkpoints.client:{gate.actor.pk}:{client_id}" for client_id in first)
    stored = Scan.objects.filter(actor=gate.actor, client_id__in=list(first)).select_related("person")
    known = {s.client_id: s for s in stored}
    fresh = [r for client_id, r in first.items() if client_id not in known]
    new = _new_scans(fresh, gate) if fresh else []
    known |= {s.client_id: s for s in new}
    return [known[r.client_id] for r in readings]


def _new_scans(readings: Sequence[Reading], gate: Gate) -> list[Scan]:
    place, actor, at = gate.place, gate.actor, gate.at
    rulebook = Rulebook(place, at=at)
    found = _whose(readings, actor=actor, at=at)
    roots = persons.roots_locked(f.person_id for f in found if f.person_id is not None)
    told = queries.histories(roots.values())
    tolerance = timedelta(minutes=rulebook.on(at).checkpoints.early_minutes)
    scans, sightings = [], []
    for reading, whom in zip(readings, found, strict=True):
        when = timing(reading.device_time, gate.offset, at=at, tolerance=tolerance)
        scan = Scan(place=place, actor=actor, device=gate.device, recorded_at=at, client_id=reading.client_id)
        _fill(scan, reading, whom, roots)
        _time(scan, when, rulebook)
        evidence = _judge(scan, told, rulebook)
        scans.append(scan)
        order = evidence.order if evidence else None
        if order and breaks(order, place.kind, clock.local_date(scan.happened_at)) and _accuses(scan):
            sightings.append(Sighting(scan, order))
    visits.save(scans, rulebook)
    breaches.tell(sightings, actor=actor, at=at)
    return scans


def _whose(readings: Sequence[Reading], *, actor: Actor, at: datetime) -> list[Whose]:
    """By what was found by hand, else by what was read."""
    scanned = iter(whose([r.text for r in readings if r.person_id is None], actor=actor, at=at))
    return [next(scanned) if r.person_id is None else Whose(r.payload, r.person_id) for r in readings]


def _fill(scan: Scan, reading: Reading, whom: Whose, roots: Mapping[int, int]) -> None:
    """Who and what; a code of nobody is kept sealed until somebody says whose it is."""
    scan.direction, scan.payload = reading.direction, whom.payload
    scan.person_id = None if whom.person_id is None else roots[whom.person_id]
    if scan.person_id is None:
        text = reading.text.encode("utf-8", "replace").decode()
        scan.sealed, scan.payload_hash = seal(SEALED_KIND, text), blind_index(SEALED_KIND, text.strip())


def _time(scan: Scan, when: Timing, rulebook: Rulebook) -> None:
    scan.device_time, scan.happened_at = when.device_time, when.happened_at
    revoked_at = scan.device.revoked_at if scan.device else None
    policy = rulebook.on(scan.happened_at).checkpoints
    marks = time_marks(scan.happened_at, at=rulebook.at, revoked_at=revoked_at, policy=policy)
    marks |= {CLOCK_WRONG} if when.clock_wrong else set()
    marks |= {UNKNOWN_CODE} if scan.person_id is None else set()
    scan.marks = sorted(marks)


def _judge(scan: Scan, told: Mapping[int, Sequence[Event]], rulebook: Rulebook) -> Evidence | None:
    """Answer by what was so when it happened; the evidence, if the person is known."""
    at, policy = scan.happened_at.astimezone(clock.zone()), rulebook.on(scan.happened_at)
    evidence = None
    if scan.person_id is not None:
        history = told.get(scan.person_id, ())
        evidence = evidence_of(history, at, case_days=policy.tracing.max_window_days)
    judgement = judge(evidence, policy.checkpoints, rulebook.place.kind, at)
    scan.verdict, scan.reason, scan.policy_id = judgement.verdict, judgement.reason, judgement.policy_id
    return evidence


def _accuses(scan: Scan) -> bool:
    """What a visitor typed on a poster's page accuses nobody: anyone could type another's name."""
    return visits.counts(scan) and scan.payload != Payload.SELF


def sightings_of(scans: Sequence[Scan], place: Place) -> list[Sighting]:
    """Which of these stored scans of one place go against an order."""
    rulebook = Rulebook(place, at=max(s.recorded_at for s in scans))
    told = queries.histories(s.person_id for s in scans if s.person_id is not None)
    found: dict[UUID, Sighting] = {}
    for scan in filter(_accuses, scans):
        days = rulebook.on(scan.happened_at).tracing.max_window_days
        at = scan.happened_at.astimezone(clock.zone())
        order = evidence_of(told.get(scan.person_id or 0, ()), at, case_days=days).order
        if order and breaks(order, place.kind, at.date()):
            found[scan.id] = Sighting(scan, order)
    return list(found.values())
