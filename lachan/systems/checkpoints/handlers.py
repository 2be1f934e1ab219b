"""What the gates do when they hear of epidemic levels."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Case, Value, When

from lachan.core.events import RiskLevelSigned, RiskLevelWithdrawn
from lachan.core.models import Area, AreaSuccessor
from lachan.systems.checkpoints.models import AreaLevel


def note_levels(events: Sequence[RiskLevelSigned], at: datetime) -> None:
    """A signed level counts at every gate, for the area and for units of another time on its ground."""
    grounds = _grounds({event.area_id for event in events})
    AreaLevel.objects.bulk_create(
        [
            AreaLevel(
                area_id=area, event_id=event.id, signature_id=event.signature_id, unit_level=unit_level,
                level=event.risk_level, from_on=event.from_on, to_on=event.to_on, signed_at=event.happened_at,
            )
            for event in events
            for area, unit_level in grounds.get(event.area_id, ())
        ],
        ignore_conflicts=True,
        batch_size=1_000,
    )  # fmt: skip


def drop_levels(events: Sequence[RiskLevelWithdrawn], at: datetime) -> None:
    """A withdrawn level counts no more for who is scanned from then on."""
    since = [When(signature_id=event.signature_id, then=Value(event.happened_at)) for event in events]
    signatures = [event.signature_id for event in events]
    AreaLevel.objects.filter(signature_id__in=signatures, withdrawn_at__isnull=True).update(
        withdrawn_at=Case(*since)
    )


def _grounds(area_ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """By area: itself and its neighbours in time, each with its level among units; three queries."""
    ids = list(area_ids)
    grounds = {pk: [(pk, level)] for pk, level in Area.objects.filter(pk__in=ids).values_list("pk", "level")}
    before = AreaSuccessor.objects.filter(new__in=ids).values_list("new", "old", "old__level")
    after = AreaSuccessor.objects.filter(old__in=ids).values_list("old", "new", "new__level")
    for area, other, level in [*before, *after]:
        grounds.setdefault(area, []).append((other, level))
    return grounds
