"""The reads of the gates: evidence, who is inside, lists, the desk."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access, areas, clock, eventlog
from lachan.core.access import Permission
from lachan.core.codes import BadCode, parse_code
from lachan.core.desk import DeskItem
from lachan.core.events import Event
from lachan.core.models import Person, Place, PlaceKind, Posting, Presence, PresenceSource
from lachan.platform import policies
from lachan.systems.checkpoints.models import Breach, Checkpoint, Scan
from lachan.systems.checkpoints.rules import LONGEST, Evidence, evidence_of
from lachan.systems.checkpoints.rules.evidence import KINDS
from lachan.systems.checkpoints.rules.proving import DOUBTFUL

SILENT_DAYS = 14
SCANNED_KINDS = (
    PlaceKind.VENUE, PlaceKind.CONTROL_POST, PlaceKind.BORDER_GATE, PlaceKind.WORKPLACE, PlaceKind.SCHOOL,
    PlaceKind.CONVEYANCE, PlaceKind.HEALTH_STATION,
)  # fmt: skip


def histories(person_ids: Iterable[int]) -> Mapping[int, list[Event]]:
    """What the log tells of each person that a gate asks about; one query."""
    ids = set(person_ids)
    return eventlog.of_persons(ids, KINDS) if ids else {}


AREA_LEVELS = """
    WITH who AS (
        SELECT * FROM unnest(%(keys)s::int[], %(persons)s::bigint[], %(days)s::date[], %(ats)s::timestamptz[],
            %(since)s::timestamptz[]) AS given(key, person, day, at, since)
    ), grounds AS (
        SELECT key, day, at, a.path
        FROM who JOIN core_person p ON p.id = person JOIN core_area a ON a.id = p.home_area_id
        UNION
        SELECT key, day, at, a.path
        FROM who JOIN checkpoints_scan s ON s.person_id = person AND s.happened_at >= since AND s.happened_at < at
        JOIN core_place b ON b.id = s.place_id JOIN core_area a ON a.id = b.area_id
        WHERE since < at
    )
    SELECT key, max(nearest.level)
    FROM grounds, LATERAL (
        SELECT l.level FROM checkpoints_arealevel l
        WHERE l.area_id = ANY (string_to_array(trim(BOTH '/' FROM path), '/')::bigint[])
        AND l.from_on <= day AND l.to_on > day AND l.signed_at <= at AND (l.withdrawn_at IS NULL OR l.withdrawn_at > at)
        ORDER BY l.unit_level DESC, l.level DESC LIMIT 1
    ) nearest
    GROUP BY key
"""


def area_levels(asked: Sequence[tuple[int, datetime, int]]) -> list[int]:
    """For each (person, moment, days back) the highest signed level of where the person lives and was scanned in those
    days, 0 for none; of units one within the other the smallest decides. One query."""
    if not asked:
        return []
    given: dict[str, Any] = {
        "keys": list(range(len(asked))), "persons": [pk for pk, _at, _days in asked],
        "days": [clock.local_date(at) for _pk, at, _days in asked], "ats": [at for _pk, at, _days in asked],
        "since": [at - timedelta(days=days) for _pk, at, days in asked],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(AREA_LEVELS, given)
        found = dict(cursor.fetchall())
    return [found.get(key, 0) for key in range(len(asked))]


def evidence(person_ids: Iterable[int], at: datetime) -> dict[int, Evidence]:
    """What counts at a gate at `at`, for each person; one query."""
    ids, local = set(person_ids), at.astimezone(clock.zone())
    days = policies.at(local.date()).tracing.max_window_days
    told = histories(ids)
    return {pk: evidence_of(told.get(pk, ()), local, case_days=days) for pk in ids}


def inside(place: Place, *, at: datetime) -> int:
    """People in the place now: entered, not left, and their usual stay has not run out."""
    return inside_each([place.pk], at=at).get(place.pk, 0)


def inside_each(place_ids: Iterable[int], *, at: datetime) -> dict[int, int]:
    """The same for several places, in one query; places with nobody inside are left out."""
    here = Presence.objects.filter(
        place_id__in=list(place_ids), source=PresenceSource.SCAN, starts_at__gt=at - LONGEST, starts_at__lte=at,
        ends_at__gt=at,
    )  # fmt: skip
    return dict(here.values_list("place_id").annotate(people=Count("person_id", distinct=True)))


def places_of(posting: Posting) -> QuerySet[Place]:
    """Open places at which this posting's people scan: its own, or those in its area."""
    return _within(posting, Place.objects.filter(kind__in=SCANNED_KINDS, closed_at__isnull=True), "")


def place_of(posting: Posting, code: str) -> Place | None:
    """The place with this code as somebody typed it, if it is the posting's."""
    try:
        wanted = parse_code(code)
    except BadCode:
        return None
    return places_of(posting).filter(code=wanted).select_related("area__parent__parent", "checkpoint").first()


def scans_of(posting: Posting) -> QuerySet[Scan]:
    return _within(posting, Scan.objects.all(), "place__")


def unmatched_of(posting: Posting) -> QuerySet[Scan]:
    """Scans of codes that nobody knows yet."""
    return scans_of(posting).filter(person__isnull=True)


def doubtful_of(posting: Posting) -> QuerySet[Scan]:
    """Scans of codes that prove nothing, and of persons who were read too far away within the hour."""
    return scans_of(posting).filter(marks__overlap=list(DOUBTFUL))


def breaches_of(posting: Posting) -> QuerySet[Breach]:
    return _within(posting, Breach.objects.all(), "place__")


def silent_of(posting: Posting, *, at: datetime) -> QuerySet[Place]:
    """Places registered for scanning at which nobody was scanned for SILENT_DAYS."""
    since = at - timedelta(days=SILENT_DAYS)
    old = Checkpoint.objects.filter(place=OuterRef("pk"), registered_at__lt=since)
    scans = Scan.objects.filter(place=OuterRef("pk"), happened_at__gte=since)
    visits = Presence.objects.filter(
        place_id=OuterRef("pk"), starts_at__gte=since, source=PresenceSource.SCAN
    )
    return places_of(posting).filter(Exists(old), ~Exists(scans), ~Exists(visits))


def _within(posting: Posting, rows: QuerySet[Any], prefix: str) -> QuerySet[Any]:
    if posting.place_id is not None:
        return rows.filter(**{f"{prefix}id": posting.place_id})
    if posting.area is not None:
        return rows.filter(areas.inside(f"{prefix}area__", posting.area))
    return rows.none()


def reach(posting: Posting) -> QuerySet[Person, int]:
    """People seen against their order at a place of the posting's area, wherever they live."""
    if posting.area is None or not access.may(posting, Permission.VIEW_ORDERS):
        return Person.objects.none().values_list("pk", flat=True)
    return Person.objects.filter(Q(pk__in=breaches_of(posting).values("person"))).values_list("pk", flat=True)


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """What waits at the gates of this posting."""
    items = []
    if access.may(posting, Permission.VIEW_ORDERS):
        items.append(_breaches_today(posting, at))
    if access.may(posting, Permission.MANAGE_PLACES):
        items += [_unmatched(posting), _doubtful(posting, at), _silent(posting, at)]
    if posting.place is not None and access.may(posting, Permission.SCAN):
        items.append(
            DeskItem(_("People inside now"), inside(posting.place, at=at), reverse("checkpoints:scan"), 20)
        )
    return items


def _breaches_today(posting: Posting, at: datetime) -> DeskItem:
    day = clock.local_date(at)
    today = breaches_of(posting).filter(on_date=day)
    url = f"{reverse('checkpoints:breaches')}?day={day:%d/%m/%Y}"
    return DeskItem(_("Seen elsewhere while under an order, today"), today.count(), url, 85)


def _unmatched(posting: Posting) -> DeskItem:
    waiting = unmatched_of(posting)
    oldest = waiting.order_by("happened_at").values_list("happened_at", flat=True).first()
    url = reverse("checkpoints:unmatched")
    return DeskItem(_("Scanned codes that nobody knows"), waiting.count(), url, 45, oldest)


def _doubtful(posting: Posting, at: datetime) -> DeskItem:
    today = doubtful_of(posting).filter(happened_at__gte=clock.day_start(clock.local_date(at)))
    return DeskItem(_("Codes in doubt, today"), today.count(), reverse("checkpoints:doubtful"), 40)


def _silent(posting: Posting, at: datetime) -> DeskItem:
    url = f"{reverse('checkpoints:places')}?silent=1"
    return DeskItem(_("Places without a scan for 14 days"), silent_of(posting, at=at).count(), url, 25)
