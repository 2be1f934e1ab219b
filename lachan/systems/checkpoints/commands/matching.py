"""Saying whose an unknown code is."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import persons
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import ScanMatched
from lachan.core.models import Actor, Person, Place
from lachan.systems.checkpoints.commands import breaches, travel, visits
from lachan.systems.checkpoints.commands.locks import hold
from lachan.systems.checkpoints.commands.rulebook import Rulebook
from lachan.systems.checkpoints.commands.scanning import sightings_of
from lachan.systems.checkpoints.models import Scan


class CannotMatch(Refusal):
    """scan-already-matched."""


@transaction.atomic
def match_unknown(*, scan: Scan, person: Person, actor: Actor, at: datetime) -> list[Scan]:
    """Give every unmatched scan of the same code, wherever it was read, to `person`; they become visits.

    The marks stay: the code was unknown then. Raises CannotMatch when somebody else was quicker.
    """
    code = bytes(scan.payload_hash or b"")
    hold([f"checkpoints.unknown:{code.hex()}"])
    root = persons.roots_locked([person.pk])[person.pk]
    travel.hold([root])
    same = Scan.objects.filter(payload_hash=code, person__isnull=True).select_related("place", "device")
    found = list(same.order_by("happened_at", "id"))
    if not found or scan.id not in {s.id for s in found}:
        raise CannotMatch("scan-already-matched", _("This code has been matched already."))
    Scan.objects.filter(pk__in=[s.pk for s in found]).update(person=root, matched_at=at)
    emit([_told(s, root, at) for s in found], actor=actor)
    for place, scans in _by_place(found, root, at).items():
        visits.resettle(scans, Rulebook(place, at=at))
        travel.flag(scans, place)
        breaches.tell(sightings_of(scans, place), actor=actor, at=at)
    return found


def _told(scan: Scan, root: int, at: datetime) -> ScanMatched:
    return ScanMatched(
        person_id=root,
        place_id=scan.place_id,
        happened_at=at,
        scan_id=str(scan.id),
        ref=f"checkpoints.scan:{scan.id}",
    )


def _by_place(scans: list[Scan], root: int, at: datetime) -> dict[Place, list[Scan]]:
    by_place: dict[Place, list[Scan]] = defaultdict(list)
    for scan in scans:
        scan.person_id, scan.matched_at = root, at
        by_place[scan.place].append(scan)
    return by_place
