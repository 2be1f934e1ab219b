"""What several pages of tracing share."""

from collections.abc import Iterable
from datetime import datetime

from lachan.core import access, clock
from lachan.core.access import Purpose
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest
from lachan.core.models import Person
from lachan.platform.pages import Answers, person_line
from lachan.systems.tracing import queries

_answers = Answers("tracing")
go, done, refused = _answers.go, _answers.done, _answers.refused


def known_or_code(request: DeskRequest, person: Person) -> object:
    """By name if they live here; else by code and area alone: somebody else's officers call them."""
    if queries.is_resident(request.posting, person):
        return person_line(person)
    area = f" · {person.home_area.name}" if person.home_area else ""
    return f"{format_code(person.code)}{area}"


def note(request: DeskRequest, people: Iterable[Person], part: str, at: datetime) -> None:
    """Whoever is shown by name is told of it in their own log."""
    access.note_reads([p.pk for p in people], request.posting, purpose=Purpose.TRACING, part=part, at=at)


def moment_text(at: datetime | None) -> str:
    return f"{at.astimezone(clock.zone()):%H:%M %d/%m/%Y}" if at else ""
