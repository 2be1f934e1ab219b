"""Areas, reports and offices for the tests of feedback; the clock stands at 9:00 on Monday, 12 January 2026."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from lachan.core import actors, areas, clock
from lachan.core.models import Actor, ActorKind, Area, Posting
from lachan.systems.feedback import commands
from lachan.systems.feedback.commands import Told
from lachan.systems.feedback.models import Report, Turn
from tests.rows import area_in, nobody_listening

NINE = datetime(2026, 1, 12, 2, tzinfo=UTC)  # 9:00 in Viet Nam
TEXT = "Quán nhậu số 12 ngõ 5 tụ tập đông người, không đeo khẩu trang"
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


def country() -> Area:
    return areas.country()


def province() -> Area:
    return area_in(country(), "f79", "Thành phố Hồ Chí Minh", level=1)


def district(name: str = "Quận 1") -> Area:
    return area_in(province(), f"d{name}"[:16], name, level=2)


def commune(name: str = "Phường Bến Nghé") -> Area:
    return area_in(district(), f"c{name}"[:16], name)


def officer(name: str = "Trần Thị Bình") -> Actor:
    return Actor.objects.create(kind=ActorKind.STAFF, name=f"{name} {next(_numbers)}", created_at=NINE)


def posting(role: str, area: Area) -> Posting:
    return actors.post(officer(), role, at=NINE - timedelta(days=30), area=area)


def filed(
    category: str = "crowd", *, text: str = TEXT, area: Area | None = None, phone: str = "", at: datetime = NINE,
    pictures: tuple[bytes, ...] = (), language: str = "vi",
) -> Report:  # fmt: skip
    told = Told(
        category=category, area=area or commune(), text=text, phone=phone, pictures=pictures, language=language
    )  # fmt: skip
    return commands.file_report(told=told, actor=actors.system(at=at), at=at)


def turn_of(report: Report) -> Turn:
    return Turn.objects.select_related("area").get(report=report, ended_at__isnull=True)


def answered(report: Report, *, at: datetime = NINE, text: str = "Đã kiểm tra và xử phạt.") -> Report:
    commands.answer(report=report, text=text, area=commune(), actor=officer(), at=at)
    return report
