"""From the courier to the verified result."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from lachan.simulation.play.stage import Stage
from lachan.systems.testing import commands as testing
from lachan.systems.testing.commands import ResultEntry
from lachan.systems.testing.models import Batch, RejectionReason, Result, Tube, TubeMember

_RECEIVED, _ENTERED = 17.5, 21.0
REJECTED, UNREADABLE = 0.006, 0.008
_REASONS = (RejectionReason.LEAKING, RejectionReason.NO_LABEL, RejectionReason.INSUFFICIENT)


@dataclass(frozen=True, slots=True)
class Night:
    """How much of a day's work the laboratory finishes: shares of the boxes and of the results."""

    boxes: float = 1.0
    verified: float = 1.0


def work(stage: Stage, day: int, night: Night) -> None:
    """Receive the boxes, read the tubes and enter what was read."""
    with stage.hour(day, _RECEIVED) as at:
        received = _receive(stage, at, night.boxes)
    with stage.hour(day, _ENTERED) as at:
        _enter(stage, received, at)


def _enter(stage: Stage, received: list[Batch], at: datetime) -> None:
    tubes = Tube.objects.filter(
        journey__batch__in=received, rejection__isnull=True, results__isnull=True
    ).order_by("pk")
    entries = _readings(stage, list(tubes))
    if entries:
        testing.enter_results(
            entries=entries, actor=stage.cast.staff["technician"], at=at, places={stage.cast.laboratory.pk}
        )


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
        barcodes = list(
            Tube.objects.filter(journey__batch=batch).order_by("pk").values_list("barcode", flat=True)
        )
        bad = {
            code: _REASONS[int(stage.rng.integers(len(_REASONS)))].value
            for code in barcodes
            if stage.rng.random() < REJECTED
        }
        testing.receive_batch(batch=batch, rejections=bad, actor=stage.cast.staff["technician"], at=at)
    return taken


def _readings(stage: Stage, tubes: list[Tube]) -> list[ResultEntry]:
    """What the machine shows: positive where any swab in the tube holds the virus."""
    members: dict[int, list[int]] = defaultdict(list)
    for tube, person in (
        TubeMember.objects.filter(tube__in=tubes).order_by("pk").values_list("tube", "person")
    ):
        members[tube].append(person)
    return [_reading(stage, tube, members[tube.pk]) for tube in tubes]


def _reading(stage: Stage, tube: Tube, person_ids: list[int]) -> ResultEntry:
    moment = stage.days_at(tube.collected_at)
    persons = stage.indices(person_ids)
    found = persons[stage.detectable(persons, np.full(len(persons), moment))]
    if len(found):
        ct = min(stage.cycle_threshold(int(p), moment) for p in found)
        return ResultEntry(
            barcode=tube.barcode, outcome="positive", ct={"ORF1ab": ct, "N": round(ct + 0.8, 1)}
        )
    unreadable = stage.rng.random() < UNREADABLE
    return ResultEntry(barcode=tube.barcode, outcome="invalid" if unreadable else "negative")


def verify(stage: Stage, at: datetime, share: float = 1.0) -> None:
    """A second person looks at what waits; of a part, the oldest first, and every other positive is left."""
    waiting = list(Result.objects.filter(verified_at__isnull=True, closed_at__isnull=True).order_by("pk"))
    if share < 1:
        positive = [r for r in waiting if r.outcome == "positive"]
        left = {r.pk for r in positive[::2]}
        rest = [r for r in waiting if r.pk not in left]
        waiting = rest[: int(len(rest) * share)]
    if waiting:
        testing.verify_results(results=waiting, actor=stage.cast.staff["verifier"], at=at)


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
