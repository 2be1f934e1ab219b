"""Stores, lots and keepers for the tests of vaccination; the clock stands at noon of 10 November 2026."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lachan.core import actors, areas, clock
from lachan.core.models import Actor, ActorKind, Area, Place, Posting
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Lot
from tests.rows import area_in, nobody_listening

NOON = datetime(2026, 11, 10, 5, tzinfo=UTC)  # 12:00 in Viet Nam
TODAY = date(2026, 11, 10)
GTIN = "00380777700014"
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def still_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture(autouse=True)
def deaf_loop() -> Iterator[None]:
    with nobody_listening():
        yield


def keeper(name: str = "Trần Thị Bình") -> Actor:
    return Actor.objects.create(kind=ActorKind.STAFF, name=f"{name} {next(_numbers)}", created_at=NOON)


def posting(role: str, *, area: Area | None = None, place: Place | None = None) -> Posting:
    return actors.post(keeper(), role, at=NOON - timedelta(days=30), area=area, place=place)


def province() -> Area:
    return area_in(areas.country(), "t48", "Thành phố Đà Nẵng", level=1)


def ward(name: str = "Phường Hải Châu", code: str = "t20194") -> Area:
    return area_in(province(), code, name)


def store(
    name: str = "Kho CDC", *, parent: Place | None = None, area: Area | None = None, site: bool = False
) -> Place:
    return commands.open_store(
        name=name, area=area or ward(), actor=actors.system(at=NOON), at=NOON - timedelta(days=60), parent=parent,
        site=site,
    )  # fmt: skip


def received(
    where: Place, doses: int = 100, *, product: str = "vaxzevria", number: str = "", days: int = 200, **more: Any
) -> Lot:  # fmt: skip
    """A lot with so many doses in the store; `days` until it expires."""
    row = commands.record_receipt(
        store=where, product=product, number=number or f"LOT{next(_numbers)}",
        expires_on=TODAY + timedelta(days=days), doses=doses, actor=keeper(), at=NOON, **more,
    )  # fmt: skip
    return row.lot


def expired(where: Place, doses: int = 100, **more: Any) -> Lot:
    """A lot that was good when it came, and is not today."""
    row = commands.record_receipt(
        store=where, product="vaxzevria", number=f"OLD{next(_numbers)}", expires_on=TODAY - timedelta(days=1),
        doses=doses, actor=keeper(), at=NOON - timedelta(days=10), **more,
    )  # fmt: skip
    return row.lot
