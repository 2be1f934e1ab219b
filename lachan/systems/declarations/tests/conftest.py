"""A commune, a district above it, people, and somebody who works there."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from lachan.core import actors, areas
from lachan.core.dates import BirthDate
from lachan.core.models import Actor, Area, Posting, Role
from lachan.core.persons import Identity
from lachan.platform.otp import VerifiedPhone
from lachan.systems.declarations.commands import Sender, submit_declaration
from lachan.systems.declarations.models import Declaration
from tests.rows import area_in

AT = datetime(2022, 3, 10, 2, 0, tzinfo=UTC)
PHONE = "+84912345678"
CLEAR = {"travelled": False, "contact_case": False, "contact_abroad": False, "contact_ill": False}
_numbers = count(1)


@pytest.fixture(autouse=True)
def _rules_of_the_time(settings: Any) -> None:
    settings.LACHAN_POLICY, settings.LACHAN_POLICY_OVERLAY = "vn/covid19", None


@pytest.fixture
def commune(db: None) -> Area:
    return area_in(areas.country(), "26740", "Phường Bến Nghé")


@pytest.fixture
def elsewhere(db: None) -> Area:
    return area_in(areas.country(), "00001", "Phường Phúc Xá")


@pytest.fixture
def officer(commune: Area) -> Posting:
    actor = Actor.objects.create(kind="staff", name="officer", created_at=AT)
    return actors.post(actor, Role.COMMUNE_OFFICER, at=datetime(2020, 1, 1, tzinfo=UTC), area=commune)


@pytest.fixture
def desk(officer: Posting) -> Client:
    """The officer's browser, in English."""
    user = User.objects.create_user(f"officer-{next(_numbers)}")
    Actor.objects.filter(pk=officer.actor_id).update(user=user)
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    client.force_login(user)
    return client


def identity(area: Area | None, name: str = "Trần Thị Hoa", year: int = 1970, **more: Any) -> Identity:
    return Identity(name=name, birth=BirthDate(year), sex="f", home_area=area, address="12 Lê Lợi", **more)


def shown(phone: str = PHONE) -> VerifiedPhone:
    return VerifiedPhone(phone, "declare", AT)


Declare = Callable[..., Declaration]


@pytest.fixture
def declare(commune: Area) -> Declare:
    """`declare(symptoms=["fever"])`: somebody of the commune declares."""

    def submit(
        about: Any = None, *, key: UUID | None = None, sender: Sender | None = None, form: str = "general",
        at: datetime = AT, made_at: datetime | None = None, diary: Any = None, **given: Any,
    ) -> Declaration:  # fmt: skip
        return submit_declaration(
            form=form, about=about or identity(commune), given=(CLEAR if form == "general" else {}) | given,
            key=key or uuid4(), sender=sender or Sender(), made_at=made_at or at, at=at, diary=diary,
        )  # fmt: skip

    return submit


def day(number: int) -> date:
    return date(2022, 3, number)
