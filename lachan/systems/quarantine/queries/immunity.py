"""Evidence of immunity, read from the event log and from our own releases."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from lachan.core import clock, eventlog
from lachan.core.events import CaseConfirmed, CaseWithdrawn, DoseGiven, DoseWithdrawn, Event
from lachan.policy import QuarantinePolicy
from lachan.systems.quarantine.models import OrderTerm
from lachan.systems.quarantine.rules import Dose, Evidence, evidence_of


def evidence_by_person(person_ids: Sequence[int], policy: QuarantinePolicy) -> dict[int, Evidence]:
    """Doses and past cases of each person; two queries, whatever their number. Keys are the ids given."""
    kinds = [DoseGiven, DoseWithdrawn, CaseConfirmed, CaseWithdrawn]
    told: dict[int, list[Event]] = eventlog.of_persons(person_ids, kinds)
    cases = [pk for pk, events in told.items() if any(isinstance(e, CaseConfirmed) for e in events)]
    released = _released_on(cases)
    return {
        pk: evidence_of(
            doses=_doses(told.get(pk, [])), case_days=_case_days(told.get(pk, [])), policy=policy,
            released_on=released[pk],
        )
        for pk in person_ids
    }  # fmt: skip


def _doses(events: Sequence[Event]) -> list[Dose]:
    withdrawn = {e.given_id for e in events if isinstance(e, DoseWithdrawn)}
    return [
        Dose(on=clock.local_date(e.happened_at), number=e.dose_number, primary=e.primary_doses)
        for e in events
        if isinstance(e, DoseGiven) and e.id not in withdrawn
    ]


def _case_days(events: Sequence[Event]) -> list[date]:
    withdrawn = {e.case_id for e in events if isinstance(e, CaseWithdrawn)}
    return [
        clock.local_date(e.happened_at)
        for e in events
        if isinstance(e, CaseConfirmed) and e.case_id not in withdrawn
    ]


def _released_on(person_ids: Sequence[int]) -> defaultdict[int, list[date]]:
    found: defaultdict[int, list[date]] = defaultdict(list)
    if person_ids:
        isolations = OrderTerm.objects.filter(
            order__person__in=person_ids,
            order__closed_how="released",
            subject="F0",
            superseded_at__isnull=True,
        ).values_list("order__person_id", "order__closed_at")
        for person_id, closed_at in isolations:
            if closed_at:
                found[person_id].append(clock.local_date(closed_at))
    return found
