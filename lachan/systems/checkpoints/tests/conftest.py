"""Rows that the tests of the gates start from."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from lachan.core import actors, areas, clock, eventlog, places
from lachan.core.area_sources import AreaRow
from lachan.core.events import Event
from lachan.core.ids import uuid7
from lachan.core.models import Actor, ActorKind, Area, Person, Place, PlaceKind, Role
from lachan.core.persons import Identity, register
from lachan.platform import code_keys
from lachan.platform.code_keys import CodeKeys
from lachan.systems.checkpoints.commands import register_device
from lachan.systems.checkpoints.models import Device

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # 10:00 in Ha Noi


def tell(*events: Event) -> list[Event]:
    with transaction.atomic():
        return eventlog.emit(events, actor=actors.system(at=AT))


def _area(code: str, level: int, name: str, parent: str) -> AreaRow:
    return AreaRow(code, level, name, "", "", parent, date(2025, 7, 1), None, None, None, None)


@pytest.fixture
def actor(db: None) -> Actor:
    return Actor.objects.create(kind=ActorKind.STAFF, name="Bảo vệ cổng 1", created_at=AT)


@pytest.fixture
def area(db: None) -> Area:
    rows = [
        ("79", 1, "Thành phố Hồ Chí Minh", ""),
        ("26740", 3, "Phường Sài Gòn", "79"),
        ("26743", 3, "Phường Tân Định", "79"),
    ]
    areas.load([_area(*row) for row in rows], root=areas.country())
    return Area.objects.get(code="26740")


@pytest.fixture
def place(area: Area) -> Place:
    return places.open_place(
        kind=PlaceKind.VENUE, name="Chợ Bến Thành", area=area, at=AT - timedelta(days=90)
    )


@pytest.fixture
def person(actor: Actor) -> Person:
    return register(Identity(name="Nguyễn Thị Hoà"), actor=actor, at=AT)


@pytest.fixture
def device(place: Place, actor: Actor) -> Device:
    made, _token = register_device(place=place, name="Cổng Bắc", actor=actor, at=AT - timedelta(days=30))
    return made


def staff(role: str, *, area: Area | None = None, place: Place | None = None) -> Client:
    """A browser in which somebody with this posting is signed in."""
    user = get_user_model().objects.create_user(f"{role}-{uuid7().hex}")
    itself = Actor.objects.create(kind=ActorKind.STAFF, name="Trần Thị Lan", user=user, created_at=AT)
    actors.post(itself, role, at=AT - timedelta(days=60), area=area, place=place)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def guard(place: Place) -> Client:
    return staff(Role.GATE_GUARD, place=place)


@pytest.fixture
def officer(area: Area) -> Client:
    return staff(Role.COMMUNE_OFFICER, area=area)


@pytest.fixture
def keys(tmp_path: Path, settings: Any) -> CodeKeys:
    """Fresh keys of personal codes, in a file of the test's own."""
    settings.CODE_KEYS, settings.CODE_KEYS_OF_ONE_MACHINE = tmp_path / "code-keys", True
    return code_keys.current()


@pytest.fixture
def now() -> Iterator[datetime]:
    with clock.frozen(AT):
        yield AT
