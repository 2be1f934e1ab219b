"""Taking a file of daily counts: every row is taken, held back or refused with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import file_digest
from pathlib import Path

from django.db import connection, transaction
from django.db.models import QuerySet

from lachan.centre.daily_counts.queries.standing import WAITING, standing
from lachan.centre.daily_counts.reading import Refused, Told, read
from lachan.centre.daily_counts.rules.plausible import LIMITS, Count, Hold, implausible
from lachan.centre.models import REJECTED, CountUpload, DailyCount, RefusedCount
from lachan.core import clock
from lachan.core.eventlog import emit
from lachan.core.events import DailyCountsReceived
from lachan.core.models import Actor, Area

BATCH = 5_000
COLUMNS = ("area_id", "day", "cases", "deaths", "total")
Figures = tuple[int, int | None, int | None]
Key = tuple[int, date, Figures]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file; `again`: it had been taken before and nothing changed."""

    upload: CountUpload
    again: bool


@dataclass(slots=True)
class _Sorted:
    """The rows of a file by what becomes of them. `held` are new, `waiting` are held already."""

    taken: list[Told] = field(default_factory=list)
    already: list[Told] = field(default_factory=list)
    held: list[tuple[Told, Hold]] = field(default_factory=list)
    waiting: list[Told] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def import_counts(*, file: Path, name: str, within: Area | None, actor: Actor, at: datetime) -> Outcome:
    """Take a file (CSV or workbook) once; `within`: rows about other ground are refused. Raises BadFile."""
    with file.open("rb") as opened:
        digest = file_digest(opened, "sha256").digest()
    if known := CountUpload.objects.filter(digest=digest).first():
        return Outcome(known, again=True)
    rows = list(read(file, within=within, today=clock.local_date(at)))
    return take_counts(rows=rows, digest=digest, name=name, actor=actor, at=at)


@transaction.atomic
def take_counts(
    *, rows: Sequence[Told | Refused], digest: bytes, name: str, actor: Actor, at: datetime
) -> Outcome:
    """Take rows that were read, once by their digest; one list at a time, so that each is judged by what the others
    brought."""
    _one_at_a_time()
    if known := CountUpload.objects.filter(digest=digest).first():
        return Outcome(known, again=True)
    found = _sorted(rows)
    upload = CountUpload.objects.create(
        digest=digest, name=name[-120:], uploaded_at=at, by=actor, received=len(rows), already=len(found.already),
        taken=len(found.taken) + len(found.already), held=len(found.held) + len(found.waiting),
        refused=len(found.refused),
    )  # fmt: skip
    _write(upload, found)
    told = DailyCountsReceived(
        upload_id=upload.pk, received=upload.received, taken=upload.taken, held=upload.held, refused=upload.refused,
        happened_at=at, ref=f"centre.upload:{upload.pk}",
    )  # fmt: skip
    emit([told], actor=actor)
    return Outcome(upload, again=False)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lachan.daily-counts'))")


def _sorted(rows: Sequence[Told | Refused]) -> _Sorted:
    found = _Sorted(refused=[row for row in rows if isinstance(row, Refused)])
    readable = [row for row in rows if isinstance(row, Told)]
    if not readable:
        return found
    known = _Known.around(readable)
    fresh = [row for row in readable if not _is_known(row, known, found)]
    holds = _judged(fresh, known)
    seen: set[tuple[int, date]] = set()
    for row in fresh:
        key = (row.area.pk, row.count.day)
        if row.count.number in holds:
            found.held.append((row, holds[row.count.number]))
        elif key in seen:
            found.already.append(row)
        else:
            seen.add(key)
            found.taken.append(row)
    return found


def _is_known(row: Told, known: _Known, found: _Sorted) -> bool:
    """Sort out what says nothing new."""
    area, day, figures = row.area.pk, row.count.day, row.count.figures
    if known.figures[area].get(day) == figures:
        found.already.append(row)
    elif (area, day, figures) in known.waiting:
        found.waiting.append(row)
    elif (area, day, figures) in known.rejected:
        found.refused.append(Refused(row.count.number, "", "rejected-before"))
    else:
        return False
    return True


def _judged(rows: Iterable[Told], known: _Known) -> dict[int, Hold]:
    by_area: dict[int, list[Told]] = defaultdict(list)
    for row in rows:
        by_area[row.area.pk].append(row)
    held: dict[int, Hold] = {}
    for pk, told in by_area.items():
        figures = known.figures[pk]
        held |= implausible(
            [row.count for row in told],
            cases={day: cases for day, (cases, _d, _t) in figures.items()},
            totals={day: total for day, (_c, _d, total) in figures.items() if total is not None},
            people=told[0].area.population,
        )
    return held


@dataclass(frozen=True, slots=True)
class _Known:
    """What the tables say of the areas and days of a file: what stands, what waits, what was rejected."""

    figures: Mapping[int, Mapping[date, Figures]]
    waiting: frozenset[Key]
    rejected: frozenset[Key]

    @classmethod
    def around(cls, rows: Sequence[Told]) -> _Known:
        found = {row.area.pk: row.area for row in rows}
        days = [row.count.day for row in rows]
        margin = timedelta(days=LIMITS.days)
        span = (min(days) - margin, max(days) + margin)
        figures: dict[int, dict[date, Figures]] = defaultdict(dict)
        stands = standing(found.values()).filter(day__range=span)
        for area, day, cases, deaths, total in stands.values_list(*COLUMNS):
            figures[area][day] = (cases, deaths, total)
        held = DailyCount.objects.filter(area__in=found, day__range=span).exclude(hold="")
        return cls(figures, _keys(held.filter(WAITING)), _keys(held.filter(decision__verdict=REJECTED)))


def _keys(found: QuerySet[DailyCount]) -> frozenset[Key]:
    rows = found.values_list(*COLUMNS)
    return frozenset((area, day, (cases, deaths, total)) for area, day, cases, deaths, total in rows)


def _write(upload: CountUpload, found: _Sorted) -> None:
    rows = [_row(upload, told, None) for told in found.taken]
    rows += [_row(upload, told, hold) for told, hold in found.held]
    DailyCount.objects.bulk_create(sorted(rows, key=lambda row: row.number), batch_size=BATCH)
    RefusedCount.objects.bulk_create(
        [RefusedCount(upload=upload, number=r.number, column=r.column, code=r.code) for r in found.refused],
        batch_size=BATCH,
    )


def _row(upload: CountUpload, told: Told, hold: Hold | None) -> DailyCount:
    count: Count = told.count
    return DailyCount(
        upload=upload, number=count.number, area=told.area, day=count.day, cases=count.cases, deaths=count.deaths,
        total=count.total, hold=hold.code if hold else "", against=hold.against if hold else None,
    )  # fmt: skip
