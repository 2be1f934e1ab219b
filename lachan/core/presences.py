"""Recording presences: in bulk, into one partition a day (decision 0002)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from lachan.core import clock
from lachan.core.ids import uuid7
from lachan.core.models import Presence, PresenceSource

KEPT_DAYS = 42
AHEAD_DAYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One presence to be recorded; [starts_at, ends_at). `rows`: first and last row, where seats are known."""

    person_id: int
    place_id: int
    starts_at: datetime
    ends_at: datetime
    source: PresenceSource
    masked: bool | None = None
    source_ref: str = ""
    rows: tuple[int, int] | None = None
    id: UUID = field(default_factory=uuid7)


def keepable(starts_at: datetime, *, at: datetime) -> bool:
    """Whether a presence of that time may be kept: not older than retention allows, not far in the future."""
    return at - timedelta(days=KEPT_DAYS) <= starts_at <= at + timedelta(days=AHEAD_DAYS - 1)


def record(stays: Sequence[Stay], *, at: datetime) -> int:
    """Write presences; an id that is already there is left alone, so that a batch may be sent twice.

    The caller keeps what is not `keepable` elsewhere (a scan is never lost, only marked). Returns the number given.
    """
    ensure_partitions({clock.local_date(s.starts_at) for s in stays})
    Presence.objects.bulk_create([_row(s, at) for s in stays], ignore_conflicts=True, batch_size=5_000)
    return len(stays)


def _row(stay: Stay, at: datetime) -> Presence:
    row_from, row_to = stay.rows or (None, None)
    return Presence(
        id=stay.id, person_id=stay.person_id, place_id=stay.place_id, starts_at=stay.starts_at, ends_at=stay.ends_at,
        masked=stay.masked, row_from=row_from, row_to=row_to, source=stay.source, source_ref=stay.source_ref,
        recorded_at=at,
    )  # fmt: skip


def partition_name(day: date) -> str:
    return f"core_presence_{day:%Y%m%d}"


def ensure_partitions(days: Iterable[date]) -> None:
    """Make the partitions of these days where they are missing.

    Made apart and attached: attaching does not stop readers and writers of the other days.
    """
    wanted = {partition_name(d): d for d in days}
    missing = wanted.keys() - partitions().keys()
    for name in sorted(missing):
        _make_partition(name, wanted[name])


def ensure_days_ahead(*, at: datetime) -> None:
    """Today and the days that follow, so that no writer has to make one."""
    today = clock.local_date(at)
    ensure_partitions(today + timedelta(days=n) for n in range(AHEAD_DAYS + 1))


def _make_partition(name: str, day: date) -> None:
    from_at, to_at = clock.day_bounds(day)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        cursor.execute("SELECT to_regclass(%s) IS NULL", [name])
        if not cursor.fetchone()[0]:
            return
        cursor.execute("SELECT core_make_partition(%s, %s, %s)", [name, from_at, to_at])


def partitions() -> dict[str, date]:
    """The partitions that exist, by name, with their day."""
    sql = """
        SELECT c.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
        WHERE inhparent = 'core_presence'::regclass
    """
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [row[0] for row in cursor.fetchall()]
    return {n: datetime.strptime(n.removeprefix("core_presence_"), "%Y%m%d").date() for n in names}  # noqa: DTZ007


def drop_before(day: date) -> list[str]:
    """Drop whole partitions of days before `day`; their names."""
    old = sorted(n for n, d in partitions().items() if d < day)
    with connection.cursor() as cursor:
        for name in old:
            cursor.execute("SELECT core_drop_partition(%s)", [name])
    return old
