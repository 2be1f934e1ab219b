"""The demo's declarations: some a day in the commune of the demo's officer, a few of them with a fever or a contact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from lachan.core import clock
from lachan.core.models import Area, Person, Posting, Role
from lachan.systems.declarations.commands import Sender, submit_declaration
from lachan.systems.declarations.models import Declaration

PEOPLE, A_DAY = 28, 7
"""Every seventh has a fever, every ninth met somebody who is ill."""
NO = {"travelled": False, "contact_case": False, "contact_abroad": False, "contact_ill": False}


def make() -> None:
    """Four days of declarations; once."""
    officer = (
        Posting.objects.filter(role=Role.COMMUNE_OFFICER, area__isnull=False).select_related("area").first()
    )
    if officer is None or officer.area is None or Declaration.objects.exists():
        return
    at = clock.now()
    for number, person in enumerate(_people(officer.area)):
        moment = at - timedelta(days=number // A_DAY, minutes=20 * (number % A_DAY) + 5)
        _declare(person, number, moment)


def _people(area: Area) -> Iterable[Person]:
    homes = Person.objects.filter(home_area=area, merged_into__isnull=True).select_related("home_area")
    return homes.order_by("-pk")[:PEOPLE]


def _declare(person: Person, number: int, at: datetime) -> None:
    given: dict[str, object] = {**NO, "travelled": number % 5 == 0, "contact_ill": number % 9 == 2}
    if number % 7 == 3:
        given["symptoms"] = ["fever", "cough"]
    submit_declaration(
        form="general",
        about=person,
        given=given,
        key=uuid5(NAMESPACE_URL, f"demo {person.code}"),
        sender=Sender(),
        made_at=at,
        at=at,
    )
