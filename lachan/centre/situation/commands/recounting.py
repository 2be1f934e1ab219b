"""Counting again at night, and setting right what differs."""

from datetime import date, datetime

from django.db import transaction

from lachan.centre.models import Difference, Recount
from lachan.centre.situation.commands.counting import add, remember
from lachan.centre.situation.queries.recounting import Counting, kept, recounted, snapshot
from lachan.centre.situation.rules.counting import Cells
from lachan.core.eventlog import emit
from lachan.core.events import CountersDiffered
from lachan.core.models import Actor


def reconcile(*, from_on: date, to_on: date, actor: Actor, at: datetime) -> Recount:
    """Count the days from `from_on` until (not including) `to_on` again and correct the counters that differ.

    Reading is of one instant. What is added afterwards are the differences, not the sums, so that whatever workers
    count meanwhile stays counted.
    """
    with snapshot():
        found, told = recounted(from_on, to_on), kept(from_on, to_on)
    return _set_right(found, told, Recount(from_day=from_on, to_day=to_on, made_at=at), actor)


def count_past(*, from_on: date, to_on: date, at: datetime) -> int:
    """Count what was recorded before anybody counted, the first time that there are counters; how many events. What
    is added are no differences: nothing was wrong."""
    with snapshot():
        found, told = recounted(from_on, to_on), kept(from_on, to_on)
    with transaction.atomic():
        found.cells.subtract(told)
        add(found.cells)
        remember(found.missed, at=at)
    return len(found.missed)


@transaction.atomic
def _set_right(found: Counting, told: Cells, recount: Recount, actor: Actor) -> Recount:
    wrong = sorted(cell for cell in found.cells.keys() | told.keys() if found.cells[cell] != told[cell])
    recount.events, recount.cells = found.events, len(found.cells.keys() | told.keys())
    recount.save()
    differences = [
        Difference(recount=recount, area_id=area, day=day, measure=measure, counted=told[area, day, measure],
                   recounted=found.cells[area, day, measure])
        for area, day, measure in wrong
    ]  # fmt: skip
    Difference.objects.bulk_create(differences, batch_size=5_000)
    add(Cells({(d.area_id, d.day, d.measure): d.recounted - d.counted for d in differences}))
    remember(found.missed, at=recount.made_at)
    if differences:
        emit([_differed(recount, len(differences))], actor=actor)
    return recount


def _differed(recount: Recount, n: int) -> CountersDiffered:
    return CountersDiffered(
        recount_id=recount.pk, differences=n, from_on=recount.from_day, to_on=recount.to_day,
        happened_at=recount.made_at, ref=f"centre.recount:{recount.pk}",
    )  # fmt: skip
