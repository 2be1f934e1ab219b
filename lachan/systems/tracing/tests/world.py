"""People who meet at places, and results about them: the words in which the tests of tracing are told."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from django.db import transaction

from lachan.core import actors, areas, places, presences
from lachan.core.eventlog import emit
from lachan.core.events import CaseConfirmed, Event, ResultAmended, ResultReported
from lachan.core.models import (
    Actor,
    Area,
    EventRow,
    Person,
    Place,
    PlaceKind,
    Posting,
    PresenceSource,
    Residence,
)
from lachan.core.presences import Stay
from lachan.systems.tracing import handlers
from lachan.systems.tracing.models import Contact
from tests.rows import area_in, residents

AT = datetime(2022, 1, 10, 2, 0, tzinfo=UTC)
"""Nine in the morning in Viet Nam, under 11042/BYT-DP: two days before the sample, 15 minutes with masks."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_numbers = count(1)

E = TypeVar("E", bound=Event)


def told(*events: E, at: datetime = AT) -> list[E]:
    """These events, written to the log as another system would."""
    with transaction.atomic():
        emit(events, actor=actors.system(at=at))
    return list(events)


def commune(name: str = "Phường Bến Nghé", code: str = "26740") -> Area:
    return area_in(areas.country(), code, name)


def people(n: int, *, area: Area | None = None) -> list[Person]:
    return residents(n, area=area or commune(), at=AT)


def venue(kind: PlaceKind = PlaceKind.VENUE, **details: Any) -> Place:
    details.setdefault("closed_space", True)
    return places.open_place(
        kind=kind, name="Quán cà phê Sông Hàn", area=commune(), at=AT - 90 * DAY, **details
    )


def visit(
    place: Place, who: Sequence[Person], *, since: datetime, hours: float = 1, masked: bool | None = None
) -> None:
    """All of them at the place at the same time."""
    stays = [
        Stay(
            person_id=p.pk, place_id=place.pk, starts_at=since, ends_at=since + hours * HOUR, masked=masked,
            source=PresenceSource.SCAN,
        )
        for p in who
    ]  # fmt: skip
    presences.record(stays, at=AT)


def lives(place: Place, who: Sequence[Person], *, kind: str = "household") -> None:
    for p in who:
        Residence.objects.create(
            person=p, place=place, kind=kind, period=(AT - 365 * DAY, None), recorded_at=AT
        )


def result(
    who: Person, outcome: Any = "positive", *, collected: datetime = AT, **more: Any
) -> ResultReported:
    given: dict[str, Any] = {"assay": "pcr", "result_id": next(_numbers)} | more
    event = ResultReported(
        person_id=who.pk, happened_at=collected, outcome=outcome, collected_at=collected, **given
    )
    return told(event)[0]


def amended(before: ResultReported | ResultAmended, outcome: Any, *, at: datetime = AT) -> ResultAmended:
    event = ResultAmended(
        person_id=before.person_id, happened_at=at, result_id=next(_numbers), amends_id=before.result_id,
        outcome=outcome, previous_outcome=before.outcome, assay=before.assay, collected_at=before.collected_at,
        caused_by=before.id,
    )  # fmt: skip
    return told(event, at=at)[0]


def log(kind: type[E], *who: Person) -> list[E]:
    """Events of this kind in the log (about these people), oldest first."""
    from lachan.core.eventlog import from_row

    rows = EventRow.objects.filter(kind=kind.__name__).order_by("recorded_at", "id")
    if who:
        rows = rows.filter(person__in=who)
    return [from_row(row) for row in rows]  # type: ignore[misc]


def turn_positive(*who: Person, collected: datetime = AT, at: datetime = AT) -> list[ResultReported]:
    """Positive results and everything that tracing makes of them."""
    results = [result(p, collected=collected) for p in who]
    before = {e.id for e in log(CaseConfirmed)}
    handlers.confirm_cases(results, at)
    handlers.find_contacts([e for e in log(CaseConfirmed) if e.id not in before], at)
    return results


def levels() -> dict[int, int]:
    """Person -> level, as stored."""
    return dict(Contact.objects.filter(ended_at__isnull=True).values_list("person", "level"))


def officer(name: str = "Trần Thị Bình") -> Actor:
    return Actor.objects.create(kind="staff", name=name, created_at=AT)


def posting(role: str, *, area: Area | None = None) -> Posting:
    return actors.post(officer(), role, area=area or commune(), at=AT - 30 * DAY)
