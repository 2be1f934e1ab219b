"""Whole weeks of daily counts become case numbers of the epidemic levels."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta

from lachan.centre.daily_counts.queries import standing
from lachan.core import areas, clock
from lachan.core.models import Actor
from lachan.systems.riskmap.commands import Given, record_inputs
from lachan.systems.riskmap.models import Input, Source
from lachan.systems.riskmap.rules.weekly import WEEK, last_day, week_of

WEEKS = 8
DAYS_OF_WEEK = 7
NOTE = "daily counts"


def give_weeks(*, actor: Actor, at: datetime) -> int:
    """The cases of the last eight whole weeks, of units of the day of which each of the seven days is known; how many
    figures were new. What an office entered, or another list brought, stays."""
    this_week = week_of(clock.local_date(at))
    found = standing.provinces_with_counts()
    cases = standing.by_area(found)
    given = 0
    for n in range(1, WEEKS + 1):
        week_on = this_week - WEEK * n
        ours = set(areas.on(last_day(week_on)).filter(pk__in=cases).values_list("pk", flat=True))
        figures = list(_whole(week_on, {pk: cases[pk] for pk in ours - _of_others(week_on, ours)}))
        given += record_inputs(given=figures, week_on=week_on, source=Source.LIST, actor=actor, at=at)
    return given


def _whole(week_on: date, cases: Mapping[int, Mapping[date, int]]) -> Iterator[Given]:
    days = [week_on + timedelta(days=n) for n in range(DAYS_OF_WEEK)]
    for pk, told in sorted(cases.items()):
        if all(day in told for day in days):
            amount = sum(max(told[day], 0) for day in days)
            yield Given(area_id=pk, figure="cases", amount=amount, as_of=days[-1], note=NOTE)


def _of_others(week_on: date, ids: Collection[int]) -> set[int]:
    """Areas of which somebody else gave the cases of the week."""
    rows = Input.objects.filter(area__in=ids, week_on=week_on, figure="cases").exclude(note=NOTE)
    return set(rows.values_list("area", flat=True))
