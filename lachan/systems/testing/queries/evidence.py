"""What testing knows of people: for handlers, pages and the person's own record."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from lachan.core import clock, eventlog
from lachan.core.events import Event, PoolPositive, ResultAmended, ResultReported
from lachan.core.models import Person
from lachan.systems.testing.models import Result, TestOrder, TubeMember

SAMPLE_KEY = ("-tube__collected_at", "-pk")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a person stands as of the log: the last result that holds, and whether a positive pool is unresolved."""

    outcome: str | None
    assay: str | None
    collected_at: datetime | None
    awaiting_confirmation: bool


def evidence(person_ids: Iterable[int]) -> dict[int, Evidence]:
    """The standing of each person by their last sample; persons never tested are left out. Two queries at most."""
    kinds: list[type[Event]] = [ResultReported, ResultAmended, PoolPositive]
    told = eventlog.of_persons(person_ids, kinds)
    return {person: _standing(events) for person, events in told.items()}


def _standing(events: Iterable[Event]) -> Evidence:
    latest: ResultReported | ResultAmended | None = None
    pooled_at: datetime | None = None
    for event in events:
        if isinstance(event, PoolPositive):
            pooled_at = event.happened_at
        elif isinstance(event, ResultReported | ResultAmended) and (
            latest is None or event.collected_at >= latest.collected_at
        ):
            latest = event
    settled = latest is not None and pooled_at is not None and latest.happened_at > pooled_at
    return Evidence(
        outcome=latest.outcome if latest else None,
        assay=latest.assay if latest else None,
        collected_at=latest.collected_at if latest else None,
        awaiting_confirmation=pooled_at is not None and not settled,
    )


def pooled_at_collection(result_ids: Collection[int]) -> dict[int, int]:
    """Of these results those of tubes with swabs of several people, with the area where they were taken."""
    rows = Result.objects.filter(pk__in=result_ids, tube__size__gt=1)
    return {result.pk: result.tube.area_id for result in rows.select_related("tube") if result.tube}


def tested_or_due(person_ids: Collection[int], *, day: date) -> set[int]:
    """Of these persons, those with an open PCR order due by `day` or a PCR sample of that day; merged records count
    as one person."""
    rows = Person.objects.filter(pk__in=person_ids).values_list("pk", Coalesce("merged_into", "pk"))
    roots = dict(rows)
    mine = _about(set(roots.values()))
    open_orders = TestOrder.objects.filter(
        mine, assay="pcr", cancelled_at__isnull=True, sample__isnull=True, due_on__lte=day
    )
    start, end = clock.day_bounds(day)
    samples = TubeMember.objects.filter(
        mine, tube__assay="pcr", tube__collected_at__gte=start, tube__collected_at__lt=end,
        tube__rejection__isnull=True,
    )  # fmt: skip
    whose = Coalesce("person__merged_into", "person")
    waiting = set(open_orders.values_list(whose, flat=True)) | set(samples.values_list(whose, flat=True))
    return {pk for pk, root in roots.items() if root in waiting}


def _about(person_ids: Collection[int]) -> Q:
    """Rows about these persons, or about records that were merged into them."""
    return Q(person__in=person_ids) | Q(person__merged_into__in=person_ids)


def results_of(person_id: int) -> QuerySet[TubeMember]:
    """Every sample of a person with its tube and order; results hang on `tube.results`. Page them by SAMPLE_KEY."""
    rows = TubeMember.objects.filter(_about([person_id])).select_related(
        "tube__place", "tube__rejection", "tube__pooling__pool", "order"
    )
    return rows.prefetch_related("tube__results", "tube__pooling__pool__results")
