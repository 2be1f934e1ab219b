"""A session of today with a vial open, and people in its line."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any

from lachan.core.codes import new_code
from lachan.core.ids import uuid7
from lachan.core.models import Person
from lachan.core.names import search_key
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import Examined
from lachan.systems.vaccination.models import Dose, Session, Vial, Visit
from lachan.systems.vaccination.rules.screening import Signs
from lachan.systems.vaccination.tests.conftest import NOON, keeper, received, store

_numbers = itertools.count(1)
QUESTIONS = ("1", "2", "3", "4a", "4b", "5", "6", "7", "8", "9")
MINUTE = timedelta(minutes=1)


def person(name: str = "Nguyễn Văn An", *, born: int | None = 1980, sex: str = "m") -> Person:
    said = f"{name} {next(_numbers)}"
    return Person.objects.create(
        code=new_code(), name=said, search_key=search_key(said), birth_year=born, sex=sex, registered_at=NOON
    )


def session(*, product: str = "comirnaty", places: int = 20, doses: int = 60, **more: Any) -> Session:
    site = more.pop("site", None) or store("Trạm Y tế Hải Châu", site=True)
    lot = received(site, doses, product=product)
    given: dict[str, Any] = {
        "starts_at": NOON - timedelta(hours=4), "ends_at": NOON + timedelta(hours=4), "tables": 3, "lot": lot,
    } | more  # fmt: skip
    return commands.plan_session(site=site, product=product, places=places, actor=keeper(), at=NOON, **given)


def vial(of: Session, *, at: datetime = NOON) -> Vial:
    assert of.lot is not None
    return commands.open_vial(store=of.site, lot=of.lot, session=of, actor=keeper(), at=at)


def visit(of: Session, who: Person | None = None, *, at: datetime = NOON) -> Visit:
    return commands.receive(
        session=of, person=who or person(), known_by="code", walk_in=True, actor=keeper(), at=at
    )


def healthy(*yes: str, **more: Any) -> Examined:
    given: dict[str, Any] = {
        "answers": {code: code in yes for code in QUESTIONS}, "signs": Signs(temperature=36.6, pulse=76),
        "consent": True,
    } | more  # fmt: skip
    return Examined(**given)


def screened(of: Session, who: Person | None = None, *yes: str, at: datetime = NOON, **more: Any) -> Visit:
    here = visit(of, who, at=at)
    commands.screen(visit=here, examined=healthy(*yes, **more), actor=keeper(), at=at)
    return here


def injected(of: Session, out_of: Vial, who: Person | None = None, *, at: datetime = NOON) -> Dose:
    here = screened(of, who, at=at)
    return commands.inject(visit=here, vial=out_of, table=1, actor=keeper(), at=at)


def earlier(
    who: Person, on: date, *, number: int = 1, product: str = "comirnaty", kind: str = "primary"
) -> Dose:
    """A dose that was given elsewhere."""
    return Dose.objects.create(
        person=who, product=product, lot_number="OLD1", kind=kind, number=number, primary_doses=2, given_on=on,
        given_at=datetime(on.year, on.month, on.day, 5, tzinfo=NOON.tzinfo), source="paper", rules="r",
        recorded_at=NOON, recorded_by=keeper(), event_id=uuid7(),
    )  # fmt: skip
