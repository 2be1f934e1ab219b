"""Keeping presences equal to what the scans add up to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from lachan.core import presences
from lachan.core.models import Presence, PresenceSource
from lachan.core.presences import Stay
from lachan.systems.checkpoints.commands.locks import hold_visits
from lachan.systems.checkpoints.commands.rulebook import Rulebook
from lachan.systems.checkpoints.models import Scan
from lachan.systems.checkpoints.rules import LONGEST, Passage, Visit, Walk, walk
from lachan.systems.checkpoints.rules.marks import DUPLICATE, NO_ENTRY

# A device that was revoked says nothing about what came after.
COUNTING = (
    Q(device__isnull=True) | Q(device__revoked_at__isnull=True) | Q(device__revoked_at__gt=F("happened_at"))
)


def counts(scan: Scan) -> bool:
    """Whether a scan can make a visit."""
    revoked_at = scan.device.revoked_at if scan.device else None
    return scan.person_id is not None and (revoked_at is None or revoked_at > scan.happened_at)


def save(scans: Sequence[Scan], rulebook: Rulebook) -> None:
    """Save new scans of one place, and the visits that they begin, end, shorten or extend."""
    if counting := [s for s in scans if counts(s)]:
        settle(_persons(counting), _since(counting), rulebook, new=counting)
    Scan.objects.bulk_create(scans)


def resettle(scans: Sequence[Scan], rulebook: Rulebook) -> None:
    """The same for stored scans of one place whose person has become known."""
    if counting := [s for s in scans if counts(s)]:
        settle(_persons(counting), _since(counting), rulebook)


def _persons(scans: Iterable[Scan]) -> set[int]:
    return {s.person_id for s in scans if s.person_id is not None}


def _since(scans: Iterable[Scan]) -> datetime:
    """The earliest visit that these scans can change began here."""
    return min(s.happened_at for s in scans) - LONGEST


def settle(
    person_ids: Collection[int], since: datetime, rulebook: Rulebook, new: Sequence[Scan] = ()
) -> None:
    """Walk stored and new scans together; make marks and presences from `since` on equal to what comes out.

    To know what was going on at `since`, the scans of LONGEST before it are walked too.
    """
    place = rulebook.place
    hold_visits(place.pk, person_ids)
    stored = Scan.objects.filter(
        COUNTING, place=place, person_id__in=person_ids, happened_at__gte=since - LONGEST
    )
    by_person: dict[int, list[Scan]] = defaultdict(list)
    for scan in [*stored, *new]:
        by_person[scan.person_id or 0].append(scan)
    fresh = {scan.id for scan in new}
    changed: list[Scan] = []
    stays: dict[UUID, Stay] = {}
    for person_id, scans in by_person.items():
        walked = walk(map(_passage, scans), rulebook.limits)
        noted = _note([s for s in scans if s.happened_at >= since], walked)
        changed += [s for s in noted if s.id not in fresh]
        stays |= {v.id: _stay(v, person_id, place.pk) for v in walked.visits if v.starts_at >= since}
    _update(changed)
    _make_equal(stays, [s.id for scans in by_person.values() for s in scans], since, rulebook.at)


def _passage(scan: Scan) -> Passage:
    return Passage(scan.id, scan.direction, scan.happened_at, f"{scan.client_id}:{scan.actor_id}")


def _stay(visit: Visit, person_id: int, place_id: int) -> Stay:
    return Stay(
        id=visit.id, person_id=person_id, place_id=place_id, starts_at=visit.starts_at, ends_at=visit.ends_at,
        source=PresenceSource.SCAN, source_ref=f"scan:{visit.id.hex}",
    )  # fmt: skip


def _note(scans: Sequence[Scan], walked: Walk) -> list[Scan]:
    """Write what came out into the scans; those that it changed."""
    visit_of = {pk: v.id for v in walked.visits for pk in (v.id, v.exit_id)}
    changed = []
    for scan in scans:
        before = (scan.marks, scan.presence_id)
        found = {DUPLICATE: scan.id in walked.duplicates, NO_ENTRY: scan.id in walked.no_entry}
        scan.marks = sorted(set(scan.marks) - found.keys() | {mark for mark, here in found.items() if here})
        scan.presence_id = visit_of.get(scan.id)
        if (scan.marks, scan.presence_id) != before:
            changed.append(scan)
    return changed


def _update(scans: Sequence[Scan]) -> None:
    if not scans:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE checkpoints_scan s SET presence_id = n.presence_id,"
            " marks = coalesce(string_to_array(nullif(n.marks, ''), ','), '{}')"
            " FROM unnest(%s::uuid[], %s::text[], %s::uuid[]) AS n(id, marks, presence_id) WHERE s.id = n.id",
            [[s.id for s in scans], [",".join(s.marks) for s in scans], [s.presence_id for s in scans]],
        )


def _make_equal(stays: dict[UUID, Stay], scan_ids: Sequence[UUID], since: datetime, at: datetime) -> None:
    """Delete, change and add presences. A presence has the id of the scan that began it.

    What retention no longer keeps is neither added nor looked for.
    """
    rows = Presence.objects.filter(id__in=scan_ids, starts_at__gte=since)
    there = dict(rows.values_list("id", "ends_at"))
    changed = [
        s for s in stays.values() if there.get(s.id) != s.ends_at and presences.keepable(s.starts_at, at=at)
    ]
    gone = (there.keys() - stays.keys()) | (there.keys() & {s.id for s in changed})
    if gone:
        rows.filter(id__in=gone).delete()
    if changed:
        presences.record(changed, at=at)
