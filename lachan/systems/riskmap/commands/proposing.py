"""Levels by the rules, for every unit of a tree at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from lachan.core import areas, clock
from lachan.core.eventlog import emit
from lachan.core.events import RiskLevelsProposed
from lachan.core.models import Actor, Area
from lachan.policy import RiskPolicy
from lachan.systems.riskmap.models import Proposal, Signature
from lachan.systems.riskmap.queries.figures import Known, figures_within, values
from lachan.systems.riskmap.queries.levels import standing
from lachan.systems.riskmap.queries.policy import rules_of
from lachan.systems.riskmap.rules.assessment import Assessment
from lachan.systems.riskmap.rules.findings import assess_wider
from lachan.systems.riskmap.rules.weekly import WEEK, by_figures, in_force, last_day, lower_days

REMEMBERED_WEEKS = 4
SMALLEST = 3


@dataclass(frozen=True, slots=True)
class Before:
    """Of one area: the newest proposal of this week, levels by figures of earlier weeks (the last first), and the one
    that was signed last."""

    newest: Proposal | None
    earlier: Sequence[int | None]
    signed: int | None


@transaction.atomic
def propose_levels(*, root: Area, week_on: date, actor: Actor, at: datetime) -> int:
    """Judge the week for every unit within `root`; for how many the answer is new or another than before.

    A fixed number of queries, however many units. Raises NoLevelsThen.
    """
    rules = rules_of(week_on)
    units = list(
        areas.on(last_day(week_on)).filter(level__gt=0, path__startswith=root.path).order_by("-level", "pk")
    )
    known, before = figures_within(root, week_on), _before(root, week_on)
    days = (clock.local_date(at) - week_on).days
    found = _assessments(units, known, rules)
    fresh = []
    for unit in units:
        was = before.get(unit.pk, Before(None, (), None))
        row = _proposal(unit, week_on, found[unit.pk], known.get(unit.pk, {}), was, rules, days)
        if was.newest is None or _said(row) != _said(was.newest):
            row.proposed_at = at
            fresh.append(row)
    Proposal.objects.bulk_create(fresh, batch_size=1_000, ignore_conflicts=True)
    if fresh:
        told = RiskLevelsProposed(
            area_code=root.code, week_on=week_on, changed=len(fresh), happened_at=at, ref=f"riskmap.week:{week_on}"
        )  # fmt: skip
        emit([told], actor=actor)
    return len(fresh)


def _assessments(
    units: Iterable[Area], known: Mapping[int, Known], rules: RiskPolicy
) -> Mapping[int, Assessment]:
    """By id of the unit, the smallest first: under 2686 a wider one follows from its parts."""
    found: dict[int, Assessment] = {}
    parts: dict[int, list[int | None]] = {}
    for unit in units:
        wider = rules.scheme == "findings" and unit.level < SMALLEST
        values_of = values(known.get(unit.pk, {}))
        found[unit.pk] = (
            assess_wider(parts.get(unit.pk, []), rules) if wider else by_figures(values_of, rules)
        )
        if unit.parent_id:
            parts.setdefault(unit.parent_id, []).append(found[unit.pk].level)
    return found


def _before(root: Area, week_on: date) -> Mapping[int, Before]:
    since = week_on - WEEK * REMEMBERED_WEEKS
    rows = Proposal.objects.filter(area__path__startswith=root.path, week_on__gte=since, week_on__lte=week_on)
    newest: dict[int, dict[date, Proposal]] = {}
    for row in rows.order_by("area_id", "week_on", "-revision").distinct("area_id", "week_on"):
        newest.setdefault(row.area_id, {})[row.week_on] = row
    signed = _signed_last(root, week_on)
    return {
        pk: Before(newest.get(pk, {}).get(week_on), _earlier(newest.get(pk, {}), week_on), signed.get(pk))
        for pk in newest.keys() | signed.keys()
    }


def _earlier(rows: Mapping[date, Proposal], week_on: date) -> list[int | None]:
    weeks = [week_on - WEEK * n for n in range(1, REMEMBERED_WEEKS + 1)]
    return [rows[week].by_figures if week in rows else None for week in weeks]


def _signed_last(root: Area, week_on: date) -> Mapping[int, int]:
    """By area, the level that stood last before the level of this week would begin."""
    since = week_on - WEEK * REMEMBERED_WEEKS
    rows = standing().filter(area__path__startswith=root.path, week_on__gte=since, week_on__lt=week_on)
    last: Iterable[Signature] = rows.order_by("area_id", "-week_on").distinct("area_id")
    return {row.area_id: row.level for row in last}


def _proposal(
    unit: Area, week_on: date, found: Assessment, known: Known, was: Before, rules: RiskPolicy, days: int
) -> Proposal:  # fmt: skip
    lower = lower_days(was.earlier, was.signed, days)
    now = in_force(found, values(known), rules, previous=was.signed, lower_for_days=lower)
    return Proposal(
        area=unit, week_on=week_on, revision=(was.newest.revision if was.newest else 0) + 1, level=now.level,
        by_figures=found.level, transmission=now.transmission, steps=[asdict(step) for step in now.steps],
        missing=list(now.missing), inputs=sorted(row.pk for row in known.values()), policy_id=rules.basis.id,
        verified=now.verified,
    )  # fmt: skip


def _said(row: Proposal) -> tuple[object, ...]:
    return row.level, row.by_figures, row.steps, row.missing, row.inputs, row.policy_id
