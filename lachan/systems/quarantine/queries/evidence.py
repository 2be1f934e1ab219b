"""The evidence on which release rests, for many orders in a constant number of queries."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from lachan.core import clock, eventlog
from lachan.core.events import Event, ResultAmended, ResultReported, SymptomsDeclared
from lachan.core.models import Person
from lachan.platform import policies
from lachan.policy.signs import SignsPolicy
from lachan.systems.quarantine.models import OrderTerm
from lachan.systems.quarantine.models import Reading as ReadingRow
from lachan.systems.quarantine.rules import Reading, Release, Result, release_due


def release_verdicts(terms: Sequence[OrderTerm], *, at: datetime) -> dict[int, Release]:
    """The verdict of each order (by its id), as of `at`. The terms come with their `order`."""
    persons = _roots(terms)
    told: dict[int, list[Event]] = eventlog.of_persons(
        set(persons.values()), [ResultReported, ResultAmended, SymptomsDeclared]
    )
    readings = _readings(persons)
    on, limits = clock.local_date(at), limits_at(at)
    return {
        t.order_id: release_due(
            t.as_terms(), on=on, results=results_of(told.get(persons[t.order_id], [])),
            readings=[*readings.get(t.order_id, []),
                      *_declared(told.get(persons[t.order_id], []), t, limits)],
        )
        for t in terms
    }  # fmt: skip


def _roots(terms: Sequence[OrderTerm]) -> dict[int, int]:
    """Whose order each is today: after a merge results are those of the person kept."""
    ids = {t.order.person_id for t in terms}
    into = dict(
        Person.objects.filter(pk__in=ids, merged_into__isnull=False).values_list("pk", "merged_into_id")
    )
    return {t.order_id: into.get(t.order.person_id) or t.order.person_id for t in terms}


def results_of(events: Sequence[Event]) -> list[Result]:
    """Results as they stand: an amended one is replaced by its amendment."""
    standing: dict[int, Result] = {}
    for event in events:
        if isinstance(event, ResultReported | ResultAmended):
            if isinstance(event, ResultAmended):
                standing.pop(event.amends_id, None)
            day = clock.local_date(event.collected_at)
            standing[event.result_id] = Result(collected_on=day, outcome=event.outcome)
    return list(standing.values())


def _declared(events: Sequence[Event], term: OrderTerm, limits: SignsPolicy) -> list[Reading]:
    """Symptoms declared elsewhere since the order; what monitoring wrote down is among the readings."""
    return [
        Reading(
            taken_at=e.happened_at.astimezone(clock.zone()), limits=limits, symptoms=e.symptoms or ("unnamed",)
        )
        for e in events
        if isinstance(e, SymptomsDeclared) and e.happened_at >= term.order.issued_at
        and not e.ref.startswith("quarantine.")
    ]  # fmt: skip


def _readings(order_ids: Mapping[int, int]) -> dict[int, list[Reading]]:
    """The last reading of each order: it alone says whether a complaint is open."""
    last = (
        ReadingRow.objects.filter(order__in=order_ids).order_by("order_id", "-taken_at").distinct("order_id")
    )
    return {row.order_id: [as_reading(row)] for row in last}


def limits_at(at: datetime) -> SignsPolicy:
    """From which values on a sign is one, by the rules of that day."""
    return policies.at(clock.local_date(at)).signs


def as_reading(row: ReadingRow) -> Reading:
    return Reading(
        limits=limits_at(row.taken_at),
        taken_at=row.taken_at.astimezone(clock.zone()), spo2=row.spo2, pulse=row.pulse, breaths=row.breaths,
        temperature=None if row.temperature is None else float(row.temperature), symptoms=tuple(row.symptoms),
    )  # fmt: skip
