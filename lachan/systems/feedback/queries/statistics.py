"""How many reports of what, where, and how many of them were answered in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Area
from lachan.core.small_counts import published
from lachan.systems.feedback.models import Report, Step, Turn

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Counted:
    """`late`: climbed at least once because nothing was done in time. None: too few to be told."""

    key: str
    filed: int | None
    answered: int | None
    late: int | None

    @property
    def labelled(self) -> tuple[tuple["StrOrPromise", int | None], ...]:
        """Each with the heading of its column."""
        return (
            (_("Received"), self.filed), (_("Answered"), self.answered), (_("Overdue at some time"), self.late)
        )  # fmt: skip


def by_category(found: QuerySet[Report]) -> list[Counted]:
    return _counted(found.annotate(key=F("category")))


def by_area(found: QuerySet[Report], units: Mapping[str, Area]) -> list[Counted]:
    """One row for each of `units` (by path) that has a report in it."""
    rows = {}
    for path, unit in units.items():
        inside = found.filter(area__path__startswith=path)
        filed = inside.count()
        if filed:
            rows[unit.name] = (filed, inside.filter(_answered()).count(), inside.filter(_late()).count())
    return [Counted(name, *counts) for name, counts in sorted(rows.items(), key=lambda row: -row[1][0])]


def _answered() -> Exists:
    return Exists(Step.objects.filter(report=OuterRef("pk"), kind__in=["answered", "not-ours"]))


def _late() -> Exists:
    return Exists(Turn.objects.filter(report=OuterRef("pk"), reason="escalated"))


def _counted(found: QuerySet[Report]) -> list[Counted]:
    marked = found.order_by().annotate(done=_answered(), climbed=_late())
    rows = marked.values("key").annotate(
        n=Count("pk"), answered=Count("pk", filter=Q(done=True)), late=Count("pk", filter=Q(climbed=True))
    )
    return [Counted(r["key"], r["n"], r["answered"], r["late"]) for r in rows.order_by("-n", "key")]


def for_everybody(rows: list[Counted], *, least: int) -> list[Counted]:
    """The same with small counts hidden, and with nothing from which they follow."""
    filed = published({row.key: row.filed or 0 for row in rows}, least=least)
    answered = published({row.key: row.answered or 0 for row in rows}, least=least)
    late = published({row.key: row.late or 0 for row in rows}, least=least)
    return [Counted(r.key, filed[r.key], answered[r.key], late[r.key]) for r in rows]


def since(found: QuerySet[Report], at: datetime) -> QuerySet[Report]:
    return found.filter(filed_at__gte=at)
