"""All that is told of what a batch of events tells of, and where it is counted: so many queries for any number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import cast
from uuid import UUID

from django.db import connection

from lachan.centre.models import Counted
from lachan.centre.situation.rules.counting import OF_PERSONS, OF_REPORTS
from lachan.core import eventlog
from lachan.core.events import ArrivalCleared, Event
from lachan.core.models import Area, EventRow, Place
from lachan.systems.feedback.models import Report

HOMES = """
    SELECT p.id, r.id, r.home_area_id
    FROM core_person p JOIN core_person r ON r.id = coalesce(p.merged_into_id, p.id) WHERE p.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Homes of persons (of joined records that of the one that counts), areas of places and of citizens' reports;
    `nowhere` is the country, for which counts whatever has no area."""

    homes: dict[int, int]
    places: dict[int, int]
    reports: dict[int, int]
    nowhere: int | None

    def of(self, event: Event) -> int | None:
        """Where an event is counted: at the gate, the home, the place of a report, else where it happened."""
        at_place = self.places.get(event.place_id or 0)
        if isinstance(event, ArrivalCleared) and at_place:
            return at_place
        told_of = self.reports.get(getattr(event, "report_id", 0))
        return self.homes.get(event.person_id or 0) or told_of or at_place or self.nowhere


def whereabouts(stories: Iterable[Sequence[Event]]) -> Whereabouts:
    events = list(chain.from_iterable(stories))
    return Whereabouts(
        homes={person: area for person, _, area in _people(events) if area},
        places=dict(_areas(Place, {e.place_id for e in events if e.place_id})),
        reports=dict(_areas(Report, {getattr(e, "report_id", 0) for e in events} - {0})),
        nowhere=Area.objects.order_by("level", "pk").values_list("pk", flat=True).first(),
    )


def _people(events: Iterable[Event]) -> list[tuple[int, int, int | None]]:
    """Each person with the record that counts and its home."""
    with connection.cursor() as cursor:
        cursor.execute(HOMES, [list({e.person_id for e in events if e.person_id})])
        return list(cursor.fetchall())


def _areas(model: type[Place] | type[Report], keys: set[int]) -> Iterable[tuple[int, int]]:
    return model._default_manager.filter(pk__in=keys).values_list("pk", "area_id")


def stories(events: Sequence[Event]) -> list[list[Event]]:
    """What is needed to count these events: each that stands alone, and everything told of the persons and reports of
    the others."""
    with_others = [e for e in events if isinstance(e, OF_PERSONS) and e.person_id]
    told = list(eventlog.of_persons({root for _, root, _ in _people(with_others)}, OF_PERSONS).values())
    told += of_reports(e.ref for e in events if isinstance(e, OF_REPORTS))
    known = {e.id for story in told for e in story}
    return [*told, *([e] for e in {e.id: e for e in events}.values() if e.id not in known)]


def of_reports(refs: Iterable[str]) -> list[list[Event]]:
    """All that is told of these citizens' reports, a list for each."""
    found: dict[str, list[Event]] = {}
    wanted = set(refs)
    kinds = [kind.__name__ for kind in OF_REPORTS]
    for row in EventRow.objects.filter(ref__in=wanted, kind__in=kinds) if wanted else ():
        found.setdefault(row.ref, []).append(eventlog.from_row(row))
    return list(found.values())


def counted(stories: Iterable[Sequence[Event]]) -> dict[UUID, int]:
    """Of the events of these stories those that have been counted, with the area for which they were."""
    ids = [e.id for story in stories for e in story]
    rows = Counted.objects.filter(event_id__in=ids).values_list("event_id", "area_id")
    return cast("dict[UUID, int]", dict(rows))
