"""What the national centre has on each side of the scene: a list of daily numbers with one that is held back, and two
alarms, one of them a task."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from lachan.centre.alarms import commands
from lachan.centre.alarms.rules.causes import Cause, Kind
from lachan.centre.models import Alarm, CountUpload, DailyCount
from lachan.core.models import Role
from tests.town import Town


def count_numbers(town: Town, things: dict[str, Any], *, at: datetime) -> None:
    upload = CountUpload.objects.create(
        digest=sha256(town.market.name.encode()).digest(), name="counts.csv", uploaded_at=at,
        by=town.staff[Role.HEALTH_OFFICER], received=2, taken=1, already=0, held=1, refused=0,
    )  # fmt: skip
    held = DailyCount.objects.create(
        upload=upload, number=2, area=town.here, day=date(2026, 11, 2), cases=90_000, hold="spike", against=44
    )
    DailyCount.objects.create(upload=upload, number=3, area=town.province, day=date(2026, 11, 2), cases=7)
    things |= {
        "count_upload": upload.pk, "held_count": held.pk, "counted_province": town.province.pk,
        "province_code": town.province.code,
    }  # fmt: skip
    _alarm(town, things, at=at)


def _alarm(town: Town, things: dict[str, Any], *, at: datetime) -> None:
    kinds: tuple[Kind, Kind] = ("full-site", "stock-out")
    found = [Cause(kind=kind, area_id=town.here.pk, subject=town.site.pk, count=2) for kind in kinds]
    commands.raise_alarms(found=found, looked_for=[], actor=town.system, at=at)
    new, given = (Alarm.objects.get(kind=kind, area=town.here) for kind in kinds)
    lead = town.staff[Role.CENTRE_OFFICER]
    commands.verify_alarm(alarm=given, actor=lead, at=at)
    commands.assign_alarm(
        alarm=given, area=town.here, text="Send doses", due_at=at + timedelta(days=1), actor=lead, at=at
    )
    things |= {"alarm": new.pk, "assigned_alarm": given.pk}
