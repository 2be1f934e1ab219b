"""Marking that one person was read at two places too far apart. A mark, and no more: twins share no code, but people
lend cards and clocks are wrong, so that somebody has to look."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Func, Q, Value

from lachan.core.models import Place
from lachan.systems.checkpoints.commands import visits
from lachan.systems.checkpoints.models import Payload, Scan
from lachan.systems.checkpoints.rules import Sight, Spot, impossible_travel
from lachan.systems.checkpoints.rules.marks import CLOCK_WRONG, IMPOSSIBLE_TRAVEL
from lachan.systems.checkpoints.rules.travel import WITHIN

PLACE_ERROR_KM, AREA_ERROR_KM = 1.0, 15.0
_WHERE = ("place__lat", "place__lon", "place__area__lat", "place__area__lon")


def hold(person_ids: Iterable[int]) -> None:
    """Let two posts that read one person at once wait for each other: the second sees the scan of the first.

    After `roots_locked`, whose weaker lock on the same rows does not conflict with this one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM core_person WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [sorted(set(person_ids))],
        )


def flag(scans: Sequence[Scan], place: Place) -> None:
    """Mark those of these scans of one place, and stored ones elsewhere, that no journey joins."""
    own = [scan for scan in scans if _tells(scan)]
    if not own:
        return
    elsewhere = _elsewhere(own, place)
    if not elsewhere:
        return
    spot = _spot(place.lat, place.lon, place.area.lat, place.area.lon)
    for scan in own:
        if scan.person_id in elsewhere:
            elsewhere[scan.person_id].append(Sight(scan.id, scan.happened_at, spot))
    found = set().union(*(impossible_travel(sights) for sights in elsewhere.values()))
    if found:
        _write(found, own)


def _tells(scan: Scan) -> bool:
    """What a visitor typed says little, and a clock that was wrong says nothing about an hour."""
    return visits.counts(scan) and scan.payload != Payload.SELF and CLOCK_WRONG not in scan.marks


def _elsewhere(own: Sequence[Scan], place: Place) -> dict[int, list[Sight]]:
    """What other places read of the same persons within the hour."""
    moments = [scan.happened_at for scan in own]
    rows = (
        Scan.objects.filter(
            visits.COUNTING, person__in={scan.person_id for scan in own},
            happened_at__gte=min(moments) - WITHIN, happened_at__lte=max(moments) + WITHIN,
        )
        .exclude(Q(place=place) | Q(payload=Payload.SELF) | Q(marks__contains=[CLOCK_WRONG]))
        .values_list("person_id", "id", "happened_at", *_WHERE)
    )  # fmt: skip
    found: dict[int, list[Sight]] = defaultdict(list)
    for person_id, scan_id, at, *where in rows:
        found[person_id].append(Sight(scan_id, at, _spot(*where)))
    return found


def _spot(
    lat: float | None, lon: float | None, area_lat: float | None, area_lon: float | None
) -> Spot | None:
    if lat is not None and lon is not None:
        return Spot(lat, lon, PLACE_ERROR_KM)
    if area_lat is not None and area_lon is not None:
        return Spot(area_lat, area_lon, AREA_ERROR_KM)
    return None


def _write(found: set[UUID], own: Sequence[Scan]) -> None:
    """Into new scans in memory, into stored ones in their rows."""
    for scan in own:
        if scan.id in found:
            scan.marks = sorted({*scan.marks, IMPOSSIBLE_TRAVEL})
    texts = ArrayField(models.CharField(max_length=24))
    longer = Func(F("marks"), Value(IMPOSSIBLE_TRAVEL), function="array_append", output_field=texts)
    Scan.objects.filter(id__in=found).exclude(marks__contains=[IMPOSSIBLE_TRAVEL]).update(marks=longer)
