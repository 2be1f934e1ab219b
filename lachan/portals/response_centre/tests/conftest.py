"""A centre, its agents and callers; the clock stands at 9:00 on Monday, 12 January 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from lachan.core import clock, persons
from lachan.core.models import Actor, Area, IdentifierKind, Person
from lachan.core.persons import Identity
from lachan.portals.response_centre import commands
from lachan.portals.response_centre.models import Wish
from lachan.systems.feedback.tests.conftest import NINE, commune, officer, province
from tests.rows import nobody_listening

__all__ = ["NINE", "caller", "commune", "officer", "province", "wish"]

PHONE = "+84912345678"


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    with clock.frozen(NINE):
        yield


@pytest.fixture(autouse=True)
def deaf_loop() -> Iterator[None]:
    with nobody_listening():
        yield


def later(*, minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def caller(phone: str = PHONE, *, area: Area | None = None, name: str = "Lê Thị Hoa") -> Person:
    identity = Identity(name=name, home_area=area or commune(), identifiers={IdentifierKind.PHONE: phone})
    return persons.register(identity, actor=officer(), at=NINE - timedelta(days=9))


def wish(number: int = 1, *, urgent: bool = False, at: datetime = NINE, actor: Actor | None = None) -> Wish:
    return commands.wish_call_back(
        area=province(), phone=f"+8491200{number:04d}", subject="health", urgent=urgent, actor=actor or officer(), at=at
    )  # fmt: skip
