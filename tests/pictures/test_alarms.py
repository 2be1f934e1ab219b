"""The pages of alarms and daily numbers: photographed, never scrolling sideways, read by axe."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from lachan.centre.daily_counts import commands
from lachan.centre.models import Alarm, DailyCount
from lachan.core import clock
from lachan.core.models import Actor, Role
from tests.pictures.looks import LOOKS, Open, look_at
from tests.promises.scene_centre import count_numbers
from tests.town import Town, build, staff_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Eight weeks of a wave with a slip of the keyboard, and two alarms of a commune."""
    town, at = build(), clock.now()
    town.staff[Role.HEALTH_OFFICER] = staff_member(Role.HEALTH_OFFICER, town, suffix="-numbers")
    town.staff[Role.CENTRE_OFFICER] = staff_member(
        Role.CENTRE_OFFICER, town, area=town.province, suffix="-above"
    )
    count_numbers(town, {}, at=at)
    today = clock.local_date(at)
    days = [
        (today - timedelta(days=ago), 60_000 if ago == 20 else 400 - (ago - 25) ** 2 // 3)
        for ago in range(1, 57)
    ]
    file = tmp_path / "counts.csv"
    rows = [f"{day},{town.province.code},{max(cases, 0)}" for day, cases in days]
    file.write_text("\n".join(["date,code,cases", *rows]), encoding="utf-8")
    commands.import_counts(file=file, name="counts.csv", within=None, actor=town.system, at=at)
    return town


def test_alarms_and_numbers_are_photographed_and_fit_the_screen(
    open_page: Open, town: Town, pictures: Path
) -> None:
    officer: Actor = town.staff[Role.CENTRE_OFFICER]
    held = DailyCount.objects.get(cases=60_000)
    pages = {
        "queue": "alarms/", "held": f"counts/held/{held.pk}/", "curve": f"curves/{town.province.pk}/", "wave": "wave/",
    }  # fmt: skip
    pages |= {alarm.kind: f"alarms/{alarm.pk}/" for alarm in Alarm.objects.all()}
    paths = {name: f"/centre/{path}" for name, path in pages.items()}
    for scheme, width in LOOKS:
        look_at(open_page, paths, pictures, mark="alarms", scheme=scheme, width=width, user=officer.user)
