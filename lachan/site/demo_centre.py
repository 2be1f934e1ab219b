"""The centre in the demonstration: neighbouring provinces that send only numbers, and alarms in several states.

The numbers follow the synthetic outbreak, later and larger from province to province; one has a slip of the keyboard,
one province has stopped sending.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db.models import F

from lachan.centre.alarms import commands as alarms
from lachan.centre.daily_counts import commands as counts
from lachan.centre.daily_counts.rules.curves import mean_of_week
from lachan.centre.models import Alarm, CountUpload
from lachan.core import actors, areas, clock
from lachan.core.models import Actor, Area, EventRow, Role
from lachan.site import demo

DAYS, PROVINCES, DELAY = 45, 12, 2
LARGER = 40
SLIP_OF, SLIP_AGO, SLIP_TIMES = 3, 6, 12
SILENT, SILENT_DAYS = 5, 3
ONE_DAY = timedelta(days=1)


def make() -> None:
    """Once, around the commune of the demonstration; nothing where there is none."""
    at = clock.now()
    commune = next((where for role, where in demo.places() if role == Role.COMMUNE_OFFICER), None)
    if not isinstance(commune, Area) or CountUpload.objects.exists():
        return
    actor = actors.system(at=at)
    _numbers(commune, actor, at)
    alarms.look(actor=actor, at=at)
    _handled(commune, actor, at)


def _numbers(commune: Area, actor: Actor, at: datetime) -> None:
    rows = list(_rows(_neighbours(commune, clock.local_date(at)), _outbreak(), clock.local_date(at)))
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".csv") as file:
        file.write("\n".join(["date,code,new_cases", *rows]) + "\n")
        file.flush()
        counts.import_counts(
            file=Path(file.name), name="so-lieu-hang-ngay.csv", within=None, actor=actor, at=at - timedelta(hours=7)
        )  # fmt: skip


def _outbreak() -> Mapping[date, float]:
    """Confirmed cases a day of the synthetic outbreak, smooth."""
    told = EventRow.objects.filter(kind="CaseConfirmed").values_list("happened_at", flat=True)
    found = Counter(clock.local_date(moment) for moment in told)
    if not found:
        return {}
    first, last = min(found), max(found)
    whole = {first + ONE_DAY * n: found[first + ONE_DAY * n] for n in range((last - first).days + 1)}
    return mean_of_week(whole)


def _neighbours(commune: Area, today: date) -> list[Area]:
    """The nearest provinces of today that are not the commune's own."""
    lat, lon = commune.lat or 16.0, commune.lon or 107.0
    others = areas.on(today).filter(level=1, lat__isnull=False)
    others = others.exclude(pk__in=[int(part) for part in commune.path.split("/") if part])
    far = (F("lat") - lat) * (F("lat") - lat) + (F("lon") - lon) * (F("lon") - lon)
    return list(others.annotate(far=far).order_by("far", "pk")[:PROVINCES])


def _rows(provinces: list[Area], outbreak: Mapping[date, float], today: date) -> Iterator[str]:
    for number, area in enumerate(provinces):
        until = SILENT_DAYS if number == SILENT else 0
        for ago in range(DAYS, until, -1):
            day = today - ONE_DAY * ago
            cases = _cases(number, day, outbreak)
            if number == SLIP_OF and ago == SLIP_AGO:
                cases = _slip(number, today, outbreak)
            yield f"{day.isoformat()},{area.code},{cases}"


def _slip(number: int, today: date, outbreak: Mapping[date, float]) -> int:
    """Two digits too many."""
    highest = max(_cases(number, today - ONE_DAY * ago, outbreak) for ago in range(1, DAYS + 1))
    return max(highest, LARGER) * SLIP_TIMES


def _cases(number: int, day: date, outbreak: Mapping[date, float]) -> int:
    """The outbreak of some days before, larger, and uneven as reports are."""
    before = outbreak.get(day - ONE_DAY * DELAY * number, 0.2)
    uneven = 1 + ((7 * number + 13 * day.toordinal()) % 11 - 5) / 40
    return round(before * LARGER * (1 + number % 4 / 4) * uneven)


def _handled(commune: Area, actor: Actor, at: datetime) -> None:
    """One is a task of the commune, one has been verified; the others wait."""
    found = list(Alarm.objects.filter(closed_at__isnull=True).order_by("-urgency", "pk")[1:3])
    for alarm in found:
        alarms.verify_alarm(alarm=alarm, actor=actor, at=at)
    if found:
        alarms.assign_alarm(
            alarm=found[0], area=commune, text="Kiểm tra tại chỗ, báo lại trước giờ giao ban.",
            due_at=at + ONE_DAY, actor=actor, at=at,
        )  # fmt: skip
