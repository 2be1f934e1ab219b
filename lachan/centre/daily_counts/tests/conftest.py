"""Provinces, officers and lists for the tests of daily counts; it is 9:00 on Monday, 12 January 2026."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lachan.centre.daily_counts import commands
from lachan.centre.daily_counts.commands import Outcome
from lachan.centre.models import DailyCount
from lachan.core import actors, areas, clock
from lachan.core.models import Actor, ActorKind, Area, Posting
from tests.rows import area_in, nobody_listening

NINE = datetime(2026, 1, 12, 2, tzinfo=UTC)  # 9:00 in Viet Nam
FIRST = date(2025, 12, 1)
BEFORE, SINCE = date(2021, 1, 1), date(2025, 7, 1)
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    with clock.frozen(NINE):
        yield


@pytest.fixture(autouse=True)
def deaf_loop() -> Iterator[None]:
    with nobody_listening():
        yield


def province(code: str = "24", name: str = "Tỉnh Bắc Giang", *, since: date = BEFORE) -> Area:
    area = area_in(areas.country(), code, name, level=1, since=since)
    if since == BEFORE:
        Area.objects.filter(pk=area.pk).update(valid_to=SINCE)
        area.valid_to = SINCE
    return area


@pytest.fixture
def bac_ninh() -> Area:
    """24 was Bắc Giang; since July 2025 it is the code of Bắc Ninh, which was 27."""
    province()
    province("27", "Tỉnh Bắc Ninh")
    return province("24", "Tỉnh Bắc Ninh", since=SINCE)


def officer(name: str = "Trần Thị Bình") -> Actor:
    return Actor.objects.create(kind=ActorKind.STAFF, name=f"{name} {next(_numbers)}", created_at=NINE)


def posting(role: str, area: Area) -> Posting:
    return actors.post(officer(), role, at=NINE - timedelta(days=30), area=area)


def sent(folder: Path, text: str, *, within: Area | None = None, by: Actor | None = None) -> Outcome:
    """A file with this text, imported."""
    file = folder / f"counts{next(_numbers)}.csv"
    file.write_text(text, encoding="utf-8")
    actor = by or officer()
    return commands.import_counts(file=file, name=file.name, within=within, actor=actor, at=NINE)


def list_of(*cases: int, province_is: str = "Bắc Ninh", first: date = FIRST) -> str:
    rows = [f"{first + timedelta(days=i)},{province_is},{n}" for i, n in enumerate(cases)]
    return "\n".join(["date,province,new_cases", *rows]) + "\n"


def held_row(folder: Path) -> DailyCount:
    """A row that waits for a person: 90,000 in a quiet week."""
    sent(folder, list_of(40, 42, 38, 90_000, 44, 39))
    return DailyCount.objects.exclude(hold="").get()
