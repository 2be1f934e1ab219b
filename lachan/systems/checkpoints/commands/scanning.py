"""Taking scans: one live, or what a device collected while it was offline. A scan is never refused, only marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from lachan.core import clock, persons
from lachan.core.events import Event
from lachan.core.ids import uuid7
from lachan.core.models import Actor, Place
from lachan.core.sealed import blind_index, seal
from lachan.systems.checkpoints import queries
from lachan.systems.checkpoints.commands import breaches, proofs, travel, visits
from lachan.systems.checkpoints.commands.breaches import Sighting
from lachan.systems.checkpoints.commands.certificates import Shown, weigh
from lachan.systems.checkpoints.commands.locks import hold
from lachan.systems.checkpoints.commands.people import Whose, whose
from lachan.systems.checkpoints.commands.rulebook import Rulebook
from lachan.systems.checkpoints.models import Device, Payload, Scan
from lachan.systems.checkpoints.rules import (
    Evidence,
    Timing,
    breaks,
    doubted,
    evidence_of,
    judge,
    time_marks,
    timing,
)
from lachan.systems.checkpoints.rules.certified import NOTHING
from lachan.systems.checkpoints.rules.marks import CLOCK_WRONG, UNKNOWN_CODE
from lachan.systems.checkpoints.rules.proving import DOUBTS

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
    tolerance = timedelta(minutes=rulebook.on(at).checkpoints.early_minutes)
    whens = [timing(r.device_time, gate.offset, at=at, tolerance=tolerance) for r in readings]
    found = _whose(readings, whens, actor=actor, at=at)
    roots = persons.roots_locked(f.person_id for f in found if f.person_id is not None)
    travel.hold(roots.values())
    told = queries.histories(roots.values())
    scans, sightings = [], []
    for reading, when, whom in zip(readings, whens, found, strict=True):
        scan = Scan(place=place, actor=actor, device=gate.device, recorded_at=at, client_id=reading.client_id)
        _fill(scan, reading, whom, roots)
        _time(scan, when, rulebook)
        scans.append(scan)
    proofs.note(scans, [r.text for r in readings], found, at=at)
    travel.flag(scans, place)
    levels = _levels(scans, rulebook)
    for scan, whom, level in zip(scans, found, levels, strict=True):
        evidence = _judge(scan, told, rulebook, whom.certificate, level)
        order = evidence.order if evidence else None
        if order and breaks(order, place.kind, clock.local_date(scan.happened_at)) and _accuses(scan):
            sightings.append(Sighting(scan, order))
    visits.save(scans, rulebook)
    breaches.tell(sightings, actor=actor, at=at)
    return scans


def _whose(
    readings: Sequence[Reading], whens: Sequence[Timing], *, actor: Actor, at: datetime
) -> list[Whose]:
    """By what was found by hand, else by what was read."""
    read = [(r.text, w.happened_at) for r, w in zip(readings, whens, strict=True) if r.person_id is None]
    scanned = iter(whose([text for text, _ in read], [moment for _, moment in read], actor=actor, at=at))
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


def _levels(scans: Sequence[Scan], rulebook: Rulebook) -> list[int]:
    """The signed level of where the person of each scan is from, where the policy asks at this kind of place."""
    asked = []
    for number, scan in enumerate(scans):
        policy = rulebook.on(scan.happened_at).checkpoints
        if scan.person_id is not None and policy.asks_for_area(rulebook.place.kind):
            asked.append((number, scan.person_id, scan.happened_at, policy.area_days))
    found = queries.area_levels([(person, at, days) for _number, person, at, days in asked])
    levels = dict(zip((number for number, *_rest in asked), found, strict=True))
    return [levels.get(number, 0) for number in range(len(scans))]


def _judge(
    scan: Scan, told: Mapping[int, Sequence[Event]], rulebook: Rulebook, certificate: Shown | None, level: int
) -> Evidence | None:
    """Answer by what was so when it happened; the evidence on record, if the person is known."""
    at, policy = scan.happened_at.astimezone(clock.zone()), rulebook.on(scan.happened_at)
    evidence = None
    if scan.person_id is not None:
        history = told.get(scan.person_id, ())
        told_of = evidence_of(history, at, case_days=policy.tracing.max_window_days)
        evidence = replace(told_of, area_level=level)
    shown = weigh(certificate, scan.happened_at, rulebook) if certificate else NOTHING
    if shown.mark:
        scan.marks = sorted({*scan.marks, shown.mark})
    judgement = judge(evidence, policy.checkpoints, rulebook.place.kind, at, shown=shown.evidence)
    judgement = doubted(judgement, scan.marks)
    scan.verdict, scan.reason, scan.policy_id = judgement.verdict, judgement.reason, judgement.policy_id
    return evidence


def _accuses(scan: Scan) -> bool:
    """What a visitor typed on a poster's page accuses nobody: anyone could type another's name. Nor does a code that
    does not prove whose it is: anyone could draw another's."""
    return visits.counts(scan) and scan.payload != Payload.SELF and not DOUBTS.keys() & set(scan.marks)


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
