"""Areas, figures and levels for the tests of riskmap. The clock stands at 9:00 on Tuesday, 13 January 2026, the week to
be judged began on Monday the 5th, and the rules are those of the exercise (after 4800/QĐ-BYT)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from lachan.core import actors, areas, clock
from lachan.core.models import Actor, ActorKind, Area, Posting
from lachan.systems.riskmap import commands
from lachan.systems.riskmap.commands import Given
from lachan.systems.riskmap.models import Proposal, Signature, Source
from tests.rows import area_in, nobody_listening

NINE = datetime(2026, 1, 13, 2, tzinfo=UTC)  # 9:00 in Viet Nam
WEEK = date(2026, 1, 5)
EARLIER = WEEK - timedelta(days=7)
QUIET: dict[str, int | tuple[int, int]] = {
    "population": 10_000,
    "cases": 0,
    "adults_one_dose": (700, 1000),
    "aged_full": (90, 100),
    "capacity_plan": 1,
}
ORANGE: dict[str, int | tuple[int, int]] = {
    **QUIET,
    "cases": 20,
    "adults_one_dose": (400, 1000),
}  # 200 in 100,000, few vaccinated: level 4
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


def province(code: str = "48", name: str = "Thành phố Đà Nẵng") -> Area:
    return area_in(areas.country(), code, name, level=1)


def commune(code: str = "20194", name: str = "Phường Hải Châu", *, of: Area | None = None) -> Area:
    return area_in(of or province(), code, name)


def officer(name: str = "Trần Thị Bình") -> Actor:
    return Actor.objects.create(kind=ActorKind.STAFF, name=f"{name} {next(_numbers)}", created_at=NINE)


def posting(role: str, area: Area) -> Posting:
    return actors.post(officer(), role, at=NINE - timedelta(days=30), area=area)


def given(area: Area, figures: Mapping[str, int | tuple[int, int]], as_of: date) -> list[Given]:
    return [
        Given(area_id=area.pk, figure=figure, amount=value, as_of=as_of)
        if isinstance(value, int)
        else Given(area_id=area.pk, figure=figure, amount=value[0], of=value[1], as_of=as_of)
        for figure, value in figures.items()
    ]


def recorded(
    area: Area, figures: Mapping[str, int | tuple[int, int]], *, week_on: date = WEEK, source: Source = Source.ENTERED
) -> int:  # fmt: skip
    rows = given(area, figures, week_on + timedelta(days=6))
    return commands.record_inputs(
        given=rows, week_on=week_on, source=source, actor=actors.system(at=NINE), at=NINE
    )


def proposed(area: Area, *, week_on: date = WEEK, at: datetime = NINE) -> Proposal:
    commands.propose_levels(root=province(), week_on=week_on, actor=actors.system(at=at), at=at)
    return Proposal.objects.filter(area=area, week_on=week_on).order_by("-revision")[0]


def signed(
    area: Area | None = None, level: int = 3, *, week_on: date = WEEK, at: datetime = NINE
) -> Signature:
    return commands.override_level(
        area=area or commune(), week_on=week_on, decided=level, reason="Ổ dịch tại chợ đầu mối", actor=officer(), at=at
    )  # fmt: skip
