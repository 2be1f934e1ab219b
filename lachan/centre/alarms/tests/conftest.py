"""Areas, causes and people for the tests of alarms; it is 9:00 on Monday, 12 January 2026."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lachan.centre.alarms import commands
from lachan.centre.alarms.commands import Looked
from lachan.centre.alarms.rules.causes import KINDS, Cause, Kind
from lachan.centre.models import Alarm
from lachan.core import actors, areas, clock
from lachan.core.models import Actor, ActorKind, Area, Posting
from tests.rows import area_in, nobody_listening

NINE = datetime(2026, 1, 12, 2, tzinfo=UTC)  # 9:00 in Viet Nam
_numbers = itertools.count(1)


def later(*, hours: float = 0, days: float = 0) -> datetime:
    return NINE + timedelta(hours=hours, days=days)


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    with clock.frozen(NINE):
        yield


@pytest.fixture(autouse=True)
def deaf_loop() -> Iterator[None]:
    with nobody_listening():
        yield


def province(code: str = "a48", name: str = "Thành phố Đà Nẵng") -> Area:
    return area_in(areas.country(), code, name, level=1)


def commune(name: str = "Phường Hải Châu") -> Area:
    return area_in(province(), f"a{name}"[:16], name)


def officer(name: str = "Trần Thị Bình") -> Actor:
    return Actor.objects.create(kind=ActorKind.STAFF, name=f"{name} {next(_numbers)}", created_at=NINE)


def posting(role: str, area: Area) -> Posting:
    return actors.post(officer(), role, at=NINE - timedelta(days=30), area=area)


def cause(kind: Kind = "full-site", *, area: Area | None = None, **change: Any) -> Cause:
    given: dict[str, Any] = {"count": 5, "subject": 7, "oldest_at": NINE - timedelta(days=3)} | change
    return Cause(kind=kind, area_id=(area or commune()).pk, **given)


def looked(*causes: Cause, at: datetime = NINE) -> Looked:
    """These causes, and no others."""
    return commands.raise_alarms(found=causes, looked_for=KINDS, actor=actors.system(at=at), at=at)


def raised(kind: Kind = "full-site", **change: Any) -> Alarm:
    """An alarm that is open for its cause; others that were open have been seen again."""
    wanted = cause(kind, **change)
    at = actors.system(at=NINE)
    commands.raise_alarms(found=[wanted], looked_for=[], actor=at, at=NINE)
    return Alarm.objects.get(kind=kind, area=wanted.area_id, subject=wanted.subject, closed_at__isnull=True)


def verified(alarm: Alarm | None = None) -> Alarm:
    found = alarm or raised()
    commands.verify_alarm(alarm=found, actor=officer(), at=NINE)
    return found


def assigned(alarm: Alarm | None = None, *, area: Area | None = None, at: datetime = NINE) -> Alarm:
    found = verified(alarm)
    commands.assign_alarm(
        alarm=found, area=area or commune(), text="Mở thêm giường", due_at=at + timedelta(hours=24),
        actor=officer(), at=at,
    )  # fmt: skip
    return found
