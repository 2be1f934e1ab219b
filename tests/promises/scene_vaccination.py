"""What stands before the line of vaccination on each side of the scene: a registration that waits, a session with a
guest, a list that was read."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from lachan.core.models import Person, Role
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Invitation, ListError, RegistrationList
from tests.town import Town


def wait_for_vaccines(town: Town, things: dict[str, Any], ill: Person, met: Person, *, at: datetime) -> None:
    officer = town.staff[Role.VACCINE_OFFICER]
    waiting, guest = (
        commands.register_for_vaccination(
            person=person,
            group="9",
            area=town.here,
            source="commune",
            actor=officer,
            at=at - timedelta(days=3),
        )
        for person in (ill, met)
    )
    commands.approve_registrations(registrations=[guest.pk], allocated=town.here, actor=officer, at=at)
    site = commands.open_store(name="Điểm tiêm", area=town.here, actor=officer, at=at, site=True)
    session = commands.plan_session(
        site=site, product="comirnaty", starts_at=at + timedelta(days=1), ends_at=at + timedelta(days=1, hours=2),
        tables=1, places=20, actor=officer, at=at,
    )  # fmt: skip
    commands.invite_people(session=session, area=town.here, most=1, actor=officer, at=at)
    row = RegistrationList.objects.create(
        organisation="Xưởng Canary", area=town.here, group="13", ending="csv", size=1, rows=1, refused=1,
        digest=sha256(town.market.name.encode()).digest(), uploaded_at=at, uploaded_by=officer, moved_at=at,
        finished_at=at,
    )  # fmt: skip
    ListError.objects.create(of_list=row, number=2, code="date-empty", words="No date")
    things |= {
        "registration": waiting.pk, "session": session.pk, "registration_list": row.pk,
        "invitation": Invitation.objects.get(session=session).code,
    }  # fmt: skip
