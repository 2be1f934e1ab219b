"""A vaccination session under way on each side of the scene: one waits for the examination, one for the injection, one
is watched."""

from datetime import date, datetime, timedelta
from typing import Any

from lachan.core import persons
from lachan.core.dates import BirthDate
from lachan.core.models import Person, Role
from lachan.core.persons import Identity
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import Examined
from lachan.systems.vaccination.models import Session, Vial, Visit
from lachan.systems.vaccination.rules.screening import Signs
from tests.town import Town

HEALTHY = Examined(
    answers=dict.fromkeys(("1", "2", "3", "4a", "4b", "5", "6", "7", "8", "9"), False),
    signs=Signs(temperature=36.6, pulse=76), consent=True,
)  # fmt: skip


def vaccinate(town: Town, things: dict[str, Any], *, at: datetime) -> None:
    site = commands.open_store(
        name=f"Điểm tiêm {town.market.name}", area=town.here, actor=town.system, at=at - timedelta(days=9), site=True
    )  # fmt: skip
    lot = commands.record_receipt(
        store=site, product="comirnaty", number=f"LINE{town.here.pk}", expires_on=date(2027, 3, 1), doses=60,
        actor=town.system, at=at - timedelta(days=2),
    ).lot  # fmt: skip
    session = commands.plan_session(
        site=site, product="comirnaty", starts_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=3), tables=2,
        places=20, lot=lot, actor=town.staff[Role.VACCINE_OFFICER], at=at - timedelta(hours=2),
    )  # fmt: skip
    vial = commands.open_vial(store=site, lot=lot, session=session, actor=town.system, at=at)
    waiting, ready, watched = (_visit(town, session, number, at) for number in range(3))
    _past(town, ready, vial=None, at=at)
    _past(town, watched, vial=vial, at=at)
    dose = watched.doses.get()
    reaction = commands.report_reaction(
        person=dose.person, told_by="hospital", symptoms=["faint"], dose=dose, actor=town.system, at=at
    )
    correction = commands.ask_correction(
        person=dose.person,
        kind="birth_date",
        wanted="3/2/1975",
        words="birth certificate",
        actor=town.system,
        at=at,
    )
    things |= {
        "line_session": session.pk, "waiting_visit": waiting.pk, "ready_visit": ready.pk, "watched_visit": watched.pk,
        "line_dose": dose.pk, "line_lot": lot.pk, "line_vial": vial.pk,
        "reaction": reaction.pk, "correction": correction.pk,
    }  # fmt: skip


def _visit(town: Town, session: Session, number: int, at: datetime) -> Visit:
    return commands.receive(
        session=session,
        person=_person(town, number, at),
        known_by="code",
        walk_in=True,
        actor=town.system,
        at=at,
    )


def _person(town: Town, number: int, at: datetime) -> Person:
    identity = Identity(
        name=f"Tiêm Văn {'ABC'[number]} Canary", birth=BirthDate(1975, 3, 2), home_area=town.here
    )
    return persons.register(identity, actor=town.system, at=at)


def _past(town: Town, visit: Visit, *, vial: Vial | None, at: datetime) -> None:
    commands.screen(visit=visit, examined=HEALTHY, actor=town.system, at=at)
    if vial is not None:
        commands.inject(visit=visit, vial=vial, table=1, actor=town.system, at=at)
