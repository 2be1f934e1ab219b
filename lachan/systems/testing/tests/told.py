"""What the event table says, for tests."""

from typing import TypeVar

from lachan.core import eventlog
from lachan.core.events import Event
from lachan.core.models import EventRow, Person

E = TypeVar("E", bound=Event)


def told(kind: type[E], person: Person | None = None) -> list[E]:
    """Events of this kind, oldest first."""
    rows = EventRow.objects.filter(kind=kind.__name__).order_by("id")
    if person is not None:
        rows = rows.filter(person=person)
    return [eventlog.from_row(row) for row in rows]  # type: ignore[misc]
