"""The demo's epidemic levels: eight weeks of a wave over the country, the communes of the province of the demo by what
its records tell, signed but for the last week, of which a part waits."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from math import exp

from django.db.models import Count

from lachan.core import actors, areas, clock
from lachan.core.models import Actor, Area, Person, Role
from lachan.site import demo
from lachan.systems.riskmap import commands, queries
from lachan.systems.riskmap.commands import Given
from lachan.systems.riskmap.models import Input, Proposal, Source
from lachan.systems.riskmap.rules.weekly import WEEK, last_day, period_of

WEEKS, OF_COMMUNES = 8, 3
PEOPLE_OF_A_COMMUNE = 15_000
PEAK = 180.0  # community cases a week in 100,000 people where the wave is highest
SPREAD = 1.6  # its length, in weeks
AHEAD = 2.2  # so many weeks ago it was highest in the north
SPEED = 350.0  # kilometres a week, southwards
KM_PER_DEGREE = 111.2
NOTE = "demo"


def make() -> None:
    """Once; nothing where the demo has no commune or no decision knows levels."""
    at = clock.now()
    commune = next((where for role, where in demo.places() if role == Role.COMMUNE_OFFICER), None)
    if not isinstance(commune, Area) or Input.objects.exists():
        return
    try:
        queries.rules_of(queries.last_week(at))
    except queries.NoLevelsThen:
        return
    country, actor = areas.country(), actors.system(at=at)
    province = Area.objects.get(level=1, pk__in=[int(part) for part in commune.path.split("/") if part])
    newest = queries.last_week(at)
    for n in reversed(range(WEEKS)):
        week_on = newest - WEEK * n
        moment = min(clock.day_start(period_of(week_on)[0]) + timedelta(hours=8), at)
        _wave(province, week_on, newest, actor, moment)
        if n < OF_COMMUNES:
            _province(province, week_on, actor, moment)
        commands.propose_levels(root=country, week_on=week_on, actor=actor, at=moment)
        _sign(week_on, province, actor, moment, waiting=n == 0)


def _wave(province: Area, week_on: date, newest: date, actor: Actor, at: datetime) -> None:
    """Figures of every other province: the wave comes from the north and goes south."""
    day = last_day(week_on)
    provinces = areas.on(day).filter(level=1, lat__isnull=False).exclude(pk=province.pk)
    given: list[Given] = []
    for area in provinces.annotate(communes=Count("children")):
        people = PEOPLE_OF_A_COMMUNE * max(area.communes, 20)
        late = (23.0 - (area.lat or 0.0)) * KM_PER_DEGREE / SPEED
        weeks = (week_on - newest).days / 7 + AHEAD - late
        cases = round(PEAK * exp(-((weeks / SPREAD) ** 2)) * people / 100_000)
        share = (70, 100) if area.pk % 3 else (62, 100)
        given += _figures(area, day, population=people, cases=cases, adults=share, aged=(86, 100))
    commands.record_inputs(given=given, week_on=week_on, source=Source.LIST, actor=actor, at=at)


def _figures(
    area: Area, day: date, *, population: int, cases: int | None, adults: tuple[int, int] | None = None,
    aged: tuple[int, int] | None = None,
) -> list[Given]:  # fmt: skip
    numbers = {"population": population, "cases": cases, "capacity_plan": 1}
    shares = {"adults_one_dose": adults, "aged_full": aged}
    return [
        *(
            Given(area_id=area.pk, figure=figure, amount=amount, as_of=day, note=NOTE)
            for figure, amount in numbers.items()
            if amount is not None
        ),
        *(
            Given(area_id=area.pk, figure=figure, amount=share[0], of=share[1], as_of=day, note=NOTE)
            for figure, share in shares.items()
            if share is not None
        ),
    ]


def _province(province: Area, week_on: date, actor: Actor, at: datetime) -> None:
    """Inhabitants are the people of the demo; two communes have not sent theirs, so that they are not assessed."""
    day = last_day(week_on)
    people = Counter(
        dict(
            Person.objects.filter(home_area__path__startswith=province.path, merged_into__isnull=True)
            .values_list("home_area")
            .annotate(n=Count("pk"))
        )
    )
    communes = list(areas.on(day).filter(parent=province).order_by("pk"))
    given = _figures(province, day, population=sum(people.values()), cases=None)
    for area in communes[2:]:
        if people[area.pk]:
            given += _figures(area, day, population=people[area.pk], cases=None)
    commands.record_inputs(given=given, week_on=week_on, source=Source.LIST, actor=actor, at=at)
    commands.gather_inputs(root=province, week_on=week_on, actor=actor, at=at)


def _waits(row: Proposal, province: Area) -> bool:
    return row.area_id == province.pk or (row.area.path.startswith(province.path) and (row.level or 0) > 1)


def _sign(week_on: date, province: Area, actor: Actor, at: datetime, *, waiting: bool) -> None:
    """As proposed; of the last week every third waits, and so does the province of the demo, with communes in which
    there were cases."""
    found = Proposal.objects.filter(week_on=week_on, level__isnull=False).order_by("area_id", "-revision")
    rows = list(found.distinct("area_id").select_related("area"))
    if waiting:
        rows = [row for row in rows if row.area_id % 3 and not _waits(row, province)]
    if rows:
        commands.sign_levels(proposals=rows, actor=actor, at=at)
