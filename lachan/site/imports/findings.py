"""What earlier imports said of cases: their findings, which nobody changes afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lachan.core import clock
from lachan.core.models import Person
from lachan.systems.tracing.models import CaseFinding, Exposure, ExposureKind, FindingKind


@dataclass(slots=True)
class Listing:
    """A case as a list told of it."""

    day: date
    note: str
    onset_on: date | None = None
    isolated_on: date | None = None

    @property
    def began_on(self) -> date:
        return self.onset_on or self.day


def listings(people: Iterable[Person]) -> dict[int, Listing]:
    """What the first list that had them says of these persons; two queries."""
    imported = CaseFinding.objects.filter(kind=FindingKind.IMPORT, case__person__in=list(people))
    by_event = {f.event_id: f for f in imported.select_related("case").order_by("-pk")}
    found = {e: Listing(clock.local_date(f.at), f.note) for e, f in by_event.items()}
    for more in CaseFinding.objects.filter(event_id__in=by_event):
        if more.kind == FindingKind.SYMPTOMS:
            found[more.event_id].onset_on = more.onset_on
        elif more.kind == FindingKind.ISOLATED:
            found[more.event_id].isolated_on = clock.local_date(more.at)
    return {f.case.person_id: found[event] for event, f in by_event.items()}


Meeting = tuple[int, int, datetime]
"""Source, person, since when."""


def meetings(sources: Iterable[Person]) -> dict[Meeting, datetime]:
    """The exposures by these persons that lists brought, and when each ended; one query."""
    found = Exposure.objects.filter(kind=ExposureKind.IMPORT, source__in=list(sources))
    rows = found.values_list("source", "person", "starts_at", "ends_at")
    return {(source, person, starts_at): ends_at for source, person, starts_at, ends_at in rows}
