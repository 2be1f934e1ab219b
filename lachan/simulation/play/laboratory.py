"""From the courier to the verified result."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import Q, QuerySet

from lachan.simulation.play import pooling
from lachan.simulation.play.stage import Stage
from lachan.systems.testing import commands as testing
from lachan.systems.testing.commands import ResultEntry
from lachan.systems.testing.models import Batch, Pool, PoolTube, RejectionReason, Result, Tube, TubeMember

_RECEIVED, _POOLED, _ENTERED = 17.5, 19.0, 21.0
REJECTED, UNREADABLE = 0.006, 0.008
_REASONS = (RejectionReason.LEAKING, RejectionReason.NO_LABEL, RejectionReason.INSUFFICIENT)
_DILUTED = 2.3  # cycles later: a pool of five holds a fifth of each


@dataclass(frozen=True, slots=True)
class Night:
    """How much of a day's work the laboratory finishes: shares of the boxes, of the pools read, of the results."""

    boxes: float = 1.0
    pools: float = 1.0
    verified: float = 1.0


def work(stage: Stage, day: int, night: Night) -> None:
    """Receive the boxes, mix pools, read pools and tubes and enter what was read."""
    with stage.hour(day, _RECEIVED) as at:
        received = _receive(stage, at, night.boxes)
    with stage.hour(day, _POOLED) as at:
        pooling.mix(stage, received, at)
    with stage.hour(day, _ENTERED) as at:
        pools = list(Pool.objects.filter(results__isnull=True).order_by("pk"))
        read = pools[: int(np.ceil(len(pools) * night.pools))]
        _enter(stage, [*_of_tubes(stage, _to_test()), *_of_pools(stage, read)], at)


def read_stored(stage: Stage, at: datetime) -> None:
    """In the morning the stored tubes of the pools that were positive are tested one by one."""
    _enter(stage, _of_tubes(stage, _to_test().filter(pooling__isnull=False)), at)


def _to_test() -> QuerySet[Tube]:
    """Tubes that were received and have no result; those in a pool once it was positive."""
    positive = Result.objects.filter(pool__isnull=False, outcome="positive", verified_at__isnull=False)
    opened = PoolTube.objects.filter(pool__in=positive.filter(closed_at__isnull=True).values("pool"))
    return Tube.objects.filter(
        Q(pooling__isnull=True) | Q(pk__in=opened.values("tube")),
        journey__batch__received_at__isnull=False, rejection__isnull=True, results__isnull=True,
    ).order_by("pk")  # fmt: skip


def _enter(stage: Stage, entries: Sequence[ResultEntry], at: datetime) -> list[Result]:
    if not entries:
        return []
    places = {stage.cast.laboratory.pk}
    return testing.enter_results(entries=entries, actor=stage.cast.staff["technician"], at=at, places=places)


def send(stage: Stage, tubes: list[Tube], at: datetime) -> None:
    """One box from each station."""
    by_place: dict[int, list[Tube]] = defaultdict(list)
    for tube in tubes:
        by_place[tube.place_id].append(tube)
    for box in by_place.values():
        testing.send_batch(
            tubes=box, laboratory=stage.cast.laboratory, from_place=box[0].place, actor=stage.cast.staff["courier"],
            at=at,
        )  # fmt: skip


def _receive(stage: Stage, at: datetime, share: float) -> list[Batch]:
    waiting = list(Batch.objects.filter(received_at__isnull=True, sent_at__lte=at).order_by("pk"))
    taken = waiting[: int(np.ceil(len(waiting) * share))]
    for batch in taken:
        tubes = Tube.objects.filter(journey__batch=batch).order_by("pk")
        bad = {t.barcode: reason for t in tubes if (reason := _fault(stage, t))}
        testing.receive_batch(batch=batch, rejections=bad, actor=stage.cast.staff["technician"], at=at)
    return taken


def _fault(stage: Stage, tube: Tube) -> str | None:
    number = pooling.number_of(tube)
    if not stage.draws.happens(REJECTED, "spoilt", number):
        return None
    return _REASONS[int(stage.draws.pick((1, 1, 1), "how spoilt", number)[0])].value


def _of_tubes(stage: Stage, tubes: QuerySet[Tube]) -> list[ResultEntry]:
    """What the machine shows: positive where any swab in the tube holds the virus."""
    found = list(tubes)
    people: dict[int, list[int]] = defaultdict(list)
    for tube, person in (
        TubeMember.objects.filter(tube__in=found).order_by("pk").values_list("tube", "person")
    ):
        people[tube].append(person)
    return [_reading(stage, tube, people[tube.pk]) for tube in found]


def _reading(stage: Stage, tube: Tube, person_ids: list[int]) -> ResultEntry:
    if ct := _lowest_ct(stage, [(tube, person) for person in person_ids]):
        return _positive(tube.barcode, ct)
    unreadable = stage.draws.happens(UNREADABLE, "unreadable", pooling.number_of(tube))
    return ResultEntry(barcode=tube.barcode, outcome="invalid" if unreadable else "negative")


def _of_pools(stage: Stage, pools: Sequence[Pool]) -> list[ResultEntry]:
    """A pool is positive where any of its tubes is."""
    inside: dict[int, list[tuple[Tube, int]]] = defaultdict(list)
    rows = TubeMember.objects.filter(tube__pooling__pool__in=pools).select_related("tube__pooling")
    for member in rows.order_by("pk"):
        inside[member.tube.pooling.pool_id].append((member.tube, member.person_id))
    return [
        _positive(pool.barcode, ct + _DILUTED)
        if (ct := _lowest_ct(stage, inside[pool.pk]))
        else ResultEntry(barcode=pool.barcode, outcome="negative")
        for pool in pools
    ]


def _positive(barcode: str, ct: float) -> ResultEntry:
    return ResultEntry(
        barcode=barcode, outcome="positive", ct={"ORF1ab": round(ct, 1), "N": round(ct + 0.8, 1)}
    )


def _lowest_ct(stage: Stage, swabs: Sequence[tuple[Tube, int]]) -> float | None:
    """The Ct of the swab that shows the virus first; None where none does."""
    persons = stage.indices([person for _, person in swabs])
    moments = np.array([stage.days_at(tube.collected_at) for tube, _ in swabs])
    found = np.flatnonzero(stage.detectable(persons, moments)).tolist()
    return min((stage.cycle_threshold(int(persons[i]), float(moments[i])) for i in found), default=None)


def to_verify(share: float = 1.0) -> list[list[Result]]:
    """What a second person looks at: corrections, then results that free people, then those that bind them. Of a
    part: positive pools, and then the oldest first, where every other positive is left.

    Each kind is verified at a moment of its own: who is freed and bound at one instant would be so by the order in
    which the loop comes to it.
    """
    waiting = list(Result.objects.filter(verified_at__isnull=True, closed_at__isnull=True).order_by("pk"))
    if share < 1:
        positive = [r for r in waiting if r.outcome == "positive"]
        left = {r.pk for r in [r for r in positive if r.tube_id][::2]}
        rest = [r for r in waiting if r.pk not in left]
        rest.sort(key=lambda r: (r.pool_id is None or r.outcome != "positive", r.pk))
        waiting = rest[: int(len(rest) * share)]
    kinds: list[list[Result]] = [[], [], []]
    for result in waiting:
        kinds[0 if result.amends_id else 1 if result.outcome != "positive" else 2].append(result)
    return [kind for kind in kinds if kind]


def verify(stage: Stage, results: Sequence[Result], at: datetime) -> None:
    testing.verify_results(results=results, actor=stage.cast.staff["verifier"], at=at)


def mix_up(stage: Stage, at: datetime) -> None:
    """A label is misread: somebody's negative waits for verification as a positive."""
    waiting = Result.objects.filter(
        verified_at__isnull=True, closed_at__isnull=True, outcome="negative", tube__size=1
    ).order_by("pk")
    if wrong := waiting.select_related("tube").first():
        testing.return_results(
            results=[wrong], reason="Nhập nhầm dòng", actor=stage.cast.staff["verifier"], at=at
        )
        entry = ResultEntry(barcode=str(wrong.tube), outcome="positive", ct={"N": 33.1})
        [entered] = testing.enter_results(entries=[entry], actor=stage.cast.staff["technician"], at=at)
        stage.mixed_up.append(entered.pk)


def amend(stage: Stage, at: datetime) -> None:
    """The mix-up is noticed; somebody else still has to verify the correction."""
    for result in Result.objects.filter(
        pk__in=stage.mixed_up, verified_at__isnull=False, closed_at__isnull=True
    ):
        testing.amend_result(
            result=result, outcome="negative", ct={}, reason="Nhầm mẫu với người bên cạnh trong danh sách",
            actor=stage.cast.staff["technician"], at=at,
        )  # fmt: skip
    stage.mixed_up.clear()
