"""Pools that the laboratory mixes: of people who are tested because of their order, not because they cough."""

from collections.abc import Sequence
from datetime import datetime

from lachan.core import clock
from lachan.platform import policies
from lachan.simulation.play.stage import Stage
from lachan.systems.testing import commands as testing
from lachan.systems.testing.models import Batch, OrderReason, Tube

POOLED = 0.6  # of the tubes that may be
TUBES_A_POOL = 5


def number_of(tube: Tube) -> int:
    """What a tube is called in draws: the number on its label."""
    return int(tube.barcode.rsplit("-", 1)[1])


def mix(stage: Stage, boxes: Sequence[Batch], at: datetime) -> None:
    """Mix a share of the contacts' tubes, in the order of their labels; nothing where the policy forbids pools."""
    size = min(TUBES_A_POOL, policies.at(clock.local_date(at)).testing.max_pool_in_lab)
    if size < 2:
        return
    tubes = [t for t in _poolable(boxes) if stage.draws.happens(POOLED, "pooled", number_of(t))]
    for begin in range(0, len(tubes) - 1, size):
        stage.pools += 1
        testing.pool_tubes(
            barcode=f"GM{clock.local_date(at):%y%m%d}-{stage.pools:04d}", tubes=tubes[begin : begin + size],
            laboratory=stage.cast.laboratory, actor=stage.cast.staff["technician"], at=at,
        )  # fmt: skip


def _poolable(boxes: Sequence[Batch]) -> list[Tube]:
    found = Tube.objects.filter(
        journey__batch__in=boxes,
        rejection__isnull=True,
        size=1,
        members__order__reason=OrderReason.CONTACT_DAY,
    )
    return list(found.order_by("pk"))
