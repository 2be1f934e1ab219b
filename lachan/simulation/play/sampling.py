"""Who is swabbed on a day: those who fall ill, those whose order says so, and a round of screening."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np

from lachan.core import clock
from lachan.core.models import Person
from lachan.simulation.arrays import Ints
from lachan.simulation.play.stage import Stage
from lachan.systems.quarantine.models import Stay
from lachan.systems.testing import commands as testing
from lachan.systems.testing.commands import Collection, TestRequest
from lachan.systems.testing.models import OrderReason, TestOrder, Tube

OTHER_ILLNESS = 0.0003  # of the people, a day: coughs that are something else
COMPLIANCE = 0.93
SCREENED, POOL = 60, 10
_FROM_HOUR, _TO_HOUR = 7.5, 16.0
_CLOSES = 16.25


def closing_time(stage: Stage, day: int) -> datetime:
    """When the stations have closed and the couriers leave."""
    return stage.loaded.moment(day + _CLOSES / 24)


def order_for_the_ill(stage: Stage, day: int) -> None:
    """People with symptoms come to a station: the infected on their day, and others with another illness."""
    tested = stage.outbreak.truth.tested_at
    own = stage.outbreak.truth.person[(tested >= day) & (tested < day + 1)]
    people = np.arange(len(stage.loaded.country.population))
    others = people[stage.draws.uniform("cough", day, people) < OTHER_ILLNESS]
    came = np.array([p for p in np.union1d(own, others).tolist() if p not in stage.confined], dtype=np.int64)
    _order(stage, day, came, OrderReason.INDICATED)


def order_screening(stage: Stage, day: int) -> list[Collection]:
    """Market sellers and others at risk, ten swabs in one tube; nobody ordered these one by one."""
    people = len(stage.loaded.country.population)
    chosen = stage.draws.some(people, min(SCREENED, people // 20), "screening", day)
    station = stage.cast.stations[day % len(stage.cast.stations)]
    at = _moments(stage, day, chosen)
    return [
        Collection(
            barcode=barcode(stage, day), persons=_persons(stage, chosen[i : i + POOL]), place=station, assay="pcr",
            collected_at=at[i],
        )
        for i in range(0, len(chosen), POOL)
    ]  # fmt: skip


def _order(stage: Stage, day: int, persons: Ints, reason: OrderReason) -> None:
    at = stage.loaded.moment(day + 7.25 / 24)
    requests = [
        TestRequest(
            person_id=stage.loaded.person + int(p), assay="pcr", reason=reason, due_on=clock.local_date(at)
        )
        for p in persons
    ]
    testing.order_tests(requests=requests, actor=stage.cast.staff["sampler"], at=at)


def collect_due(stage: Stage, day: int) -> list[Tube]:
    """Take the swabs that are due (most come), one tube a person, and the tubes of the screening."""
    at = closing_time(stage, day)
    due = _due(clock.local_date(at))
    comes = stage.draws.uniform("comes", day, stage.numbers(due)) < COMPLIANCE
    came = [person for person, so in zip(due, comes.tolist(), strict=True) if so]
    collections = [*_single(stage, day, came), *order_screening(stage, day)]
    return testing.collect_many(collections=collections, actor=stage.cast.staff["sampler"], at=at)


def _due(today: date) -> list[int]:
    """Persons, in the order in which they were registered."""
    waiting = TestOrder.objects.filter(
        due_on__lte=today, cancelled_at__isnull=True, sample__isnull=True, assay="pcr"
    )
    return sorted(set(waiting.values_list("person_id", flat=True)))


def _single(stage: Stage, day: int, person_ids: list[int]) -> list[Collection]:
    areas = stage.loaded.country.population.area
    sites = _sites_of(person_ids)
    moments = _moments(stage, day, stage.numbers(person_ids))
    found = sorted(
        zip(person_ids, stage.indices(person_ids).tolist(), moments, strict=True), key=lambda f: (f[2], f[0])
    )
    by_site = {site.pk: site for site in stage.cast.sites}
    return [
        Collection(
            barcode=barcode(stage, day), persons=[Person(pk=pk)], assay="pcr", collected_at=moment,
            place=by_site.get(sites.get(pk, 0)) or stage.cast.stations[stage.cast.station_of[areas[index]]],
        )
        for pk, index, moment in found
    ]  # fmt: skip


def _sites_of(person_ids: Sequence[int]) -> dict[int, int]:
    """The quarantine site where each guest sleeps."""
    running = Stay.objects.filter(order__person__in=person_ids, period__endswith__isnull=True)
    return {p: s for p, s in running.values_list("order__person", "room__parent") if s is not None}


def _persons(stage: Stage, indices: Ints) -> list[Person]:
    return [Person(pk=stage.loaded.person + int(i)) for i in indices]


def _moments(stage: Stage, day: int, persons: Ints) -> list[datetime]:
    midnight = stage.loaded.moment(day)
    hours = _FROM_HOUR + (_TO_HOUR - _FROM_HOUR) * stage.draws.uniform("queue", day, persons)
    return [midnight + timedelta(minutes=int(h * 60)) for h in hours]


def barcode(stage: Stage, day: int) -> str:
    """A fresh label."""
    stage.tubes += 1
    return f"MP{clock.local_date(stage.loaded.moment(day)):%y%m%d}-{stage.tubes:06d}"
