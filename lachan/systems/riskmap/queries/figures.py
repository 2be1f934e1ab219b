"""The figures that count for areas in a week."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from lachan.core.models import Area
from lachan.systems.riskmap.models import Input
from lachan.systems.riskmap.rules.weekly import KEPT_WEEKS, WEEK, Value, still_stands

Known = dict[str, Input]


def figures_within(root: Area, week_on: date) -> Mapping[int, Known]:
    """By area and figure, the row that counts: the last of the latest week that still stands; one query."""
    since = week_on - WEEK * max(KEPT_WEEKS.values())
    rows = Input.objects.filter(
        area__path__startswith=root.path, week_on__lte=week_on, week_on__gte=since
    ).order_by("area_id", "figure", "-week_on", "-id")
    found: dict[int, Known] = defaultdict(dict)
    for row in rows.distinct("area_id", "figure"):
        if still_stands(row.figure, row.week_on, week_on):
            found[row.area_id][row.figure] = row
    return found


def figures_of(area: Area, week_on: date) -> Known:
    """`figures_within` for the area alone."""
    since = week_on - WEEK * max(KEPT_WEEKS.values())
    rows = Input.objects.filter(area=area, week_on__lte=week_on, week_on__gte=since)
    newest = rows.order_by("figure", "-week_on", "-id").distinct("figure").select_related("recorded_by")
    return {row.figure: row for row in newest if still_stands(row.figure, row.week_on, week_on)}


def values(known: Known) -> dict[str, Value]:
    return {figure: Value(row.amount, row.of) for figure, row in known.items()}
