"""A laboratory, a health station, people, and who works there."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from lachan.core import access, actors, areas, places
from lachan.core.models import Actor, Area, Person, Place, PlaceKind
from lachan.systems.testing import commands, queries
from lachan.systems.testing.models import Tube
from tests.rows import area_in, residents

AT = datetime(2022, 1, 10, 2, 0, tzinfo=UTC)
_numbers = count(1)


@pytest.fixture(autouse=True)
def _rules_of_the_time(settings: Any) -> None:
    settings.LACHAN_POLICY, settings.LACHAN_POLICY_OVERLAY = "vn/covid19", None


@pytest.fixture(autouse=True)
def _reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(access._reaches, "testing", queries.reach)


@pytest.fixture
def commune(db: None) -> Area:
    return area_in(areas.country(), "26740", "Phường Bến Nghé")


@pytest.fixture
def station(commune: Area) -> Place:
    return places.open_place(kind=PlaceKind.HEALTH_STATION, name="Trạm y tế Bến Nghé", area=commune, at=AT)


@pytest.fixture
def laboratory(commune: Area) -> Place:
    return places.open_place(kind=PlaceKind.LABORATORY, name="Phòng xét nghiệm CDC", area=commune, at=AT)


def staff(name: str) -> Actor:
    return Actor.objects.create(kind="staff", name=name, created_at=AT)


@pytest.fixture
def nurse(db: None) -> Actor:
    return staff("nurse")


@pytest.fixture
def technician(db: None) -> Actor:
    return staff("technician")


@pytest.fixture
def verifier(db: None) -> Actor:
    return staff("verifier")


@pytest.fixture
def people(commune: Area) -> Callable[[int], list[Person]]:
    return lambda n: residents(n, area=commune, at=AT)


@pytest.fixture
def bench(station: Place, laboratory: Place, nurse: Actor, technician: Actor, verifier: Actor) -> "Bench":
    return Bench(station, laboratory, nurse, technician, verifier)


class Bench:
    """The usual way of a tube, in short words."""

    def __init__(
        self, station: Place, laboratory: Place, nurse: Actor, technician: Actor, verifier: Actor
    ) -> None:
        self.station, self.laboratory = station, laboratory
        self.nurse, self.technician, self.verifier = nurse, technician, verifier

    def barcode(self) -> str:
        return f"T{next(_numbers):07d}"

    def collected(self, persons: list[Person], *, assay: Any = "pcr", at: datetime = AT) -> Tube:
        return commands.collect(
            barcode=self.barcode(), persons=persons, place=self.station, assay=assay, actor=self.nurse, at=at
        )

    def received(self, *groups: list[Person], at: datetime = AT) -> list[Tube]:
        """One tube for each group of people, in the laboratory."""
        tubes = [self.collected(group, at=at) for group in groups]
        batch = commands.send_batch(
            tubes=tubes, laboratory=self.laboratory, from_place=self.station, actor=self.nurse, at=at
        )
        commands.receive_batch(batch=batch, rejections={}, actor=self.technician, at=at)
        return tubes

    def reported(self, barcode: str, outcome: str, *, at: datetime = AT, **more: Any) -> Any:
        """The verified result of a barcode."""
        entered = commands.enter_results(
            entries=[commands.ResultEntry(barcode=barcode, outcome=outcome, **more)],
            actor=self.technician,
            at=at,
        )
        return commands.verify_results(results=entered, actor=self.verifier, at=at)[0]


Sign = Callable[..., Client]


@pytest.fixture
def signed_in(db: None) -> Sign:
    """`signed_in(Role.SAMPLER, place=station)`: a browser of somebody in that posting; `actor` where it is known."""

    def sign(role: str, *, actor: Actor | None = None, **where: Any) -> Client:
        actor = actor or staff(f"{role} {next(_numbers)}")
        if actor.user is None:
            actor.user = User.objects.create(username=f"user-{next(_numbers)}")
            actor.save()
        actors.post(actor, role, at=datetime(2020, 1, 1, tzinfo=UTC), **where)
        client = Client()
        client.force_login(actor.user)
        return client

    return sign
