"""People who ask to be vaccinated, a district with a site, and doses of before, for the tests of vaccination."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from lachan.core import areas, clock, persons
from lachan.core.dates import BirthDate
from lachan.core.eventlog import emit
from lachan.core.events import DoseGiven
from lachan.core.models import Area, IdentifierKind, Person, Place
from lachan.core.persons import Identity
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Dose, Invitation, Registration, Session, Visit
from lachan.systems.vaccination.tests.conftest import NOON, keeper, province, store
from tests.rows import area_in

TOMORROW = NOON + timedelta(days=1, hours=-4)  # 08:00 in Viet Nam
PHONE = "+84912345678"
_numbers = itertools.count(1)


def district() -> Area:
    return area_in(province(), "t490", "Quận Hải Châu", level=2)


def commune(name: str = "Phường Thạch Thang", code: str = "t20195") -> Area:
    return area_in(district(), code, name)


def elsewhere() -> Area:
    """A commune of another province."""
    other = area_in(areas.country(), "t46", "Thành phố Huế", level=1)
    return area_in(other, "t19750", "Phường Thuận Hòa")


def person(name: str = "", *, born: int = 1980, phone: str = PHONE, area: Area | None = None) -> Person:
    identity = Identity(
        name=name or f"Nguyễn Văn An {next(_numbers)}", birth=BirthDate(born) if born else None,
        home_area=area or commune(), identifiers={IdentifierKind.PHONE: phone} if phone else {},
    )  # fmt: skip
    return persons.register(identity, actor=keeper(), at=NOON - timedelta(days=30))


def registered(
    who: Person | None = None, *, group: str = "9", at: datetime = NOON, **more: Any
) -> Registration:
    given: dict[str, Any] = {"area": commune(), "source": "commune"} | more
    return commands.register_for_vaccination(
        person=who or person(), group=group, actor=keeper(), at=at - timedelta(days=2), **given
    )


def approved(who: Person | None = None, **more: Any) -> Registration:
    row = registered(who, **more)
    commands.approve_registrations(registrations=[row.pk], actor=keeper(), at=NOON - timedelta(days=1))
    return row


def site(name: str = "Trạm y tế Thạch Thang") -> Place:
    return store(name, area=commune(), site=True)


def session(where: Place | None = None, *, places: int = 60, hours: int = 3, **more: Any) -> Session:
    given: dict[str, Any] = {"product": "vaxzevria", "starts_at": TOMORROW, "tables": 1, "at": NOON} | more
    given.setdefault("ends_at", given["starts_at"] + timedelta(hours=hours))
    return commands.plan_session(site=where or site(), places=places, actor=keeper(), **given)


def invite(
    to: Session, *, most: int = 1_000, at: datetime = NOON, area: Area | None = None, **more: Any
) -> int:
    return commands.invite_people(
        session=to, area=area or district(), most=most, actor=keeper(), at=at, **more
    )


def invited(who: Person | None = None, *, to: Session | None = None) -> Invitation:
    row = approved(who)
    invite(to or session())
    return Invitation.objects.select_related("session").get(registration=row)


def dosed(who: Person, *, days_ago: int, product: str = "vaxzevria", number: int = 1) -> Dose:
    given_at = NOON - timedelta(days=days_ago)
    told = DoseGiven(
        person_id=who.pk, happened_at=given_at, vaccine=product, dose_number=number, primary_doses=2
    )
    with transaction.atomic():
        emit([told], actor=keeper())
    return Dose.objects.create(
        person=who, product=product, kind="primary", number=number, primary_doses=2, given_at=given_at,
        given_on=clock.local_date(given_at), source="card", rules="r", recorded_at=given_at, recorded_by=keeper(),
        event_id=told.id,
    )  # fmt: skip


def visiting(who: Person, to: Session, *, at: datetime = NOON) -> Visit:
    return Visit.objects.create(
        session=to, person=who, number=next(_numbers), known_by="code", arrived_at=at, received_by=keeper()
    )
