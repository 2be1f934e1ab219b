"""Figures that the records know: community cases and doses from the event log, people from the register."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction

from lachan.core import areas, clock
from lachan.core.models import Actor, Area, AreaSuccessor
from lachan.policy import RiskPolicy
from lachan.policy.riskmap import Coverage
from lachan.systems.riskmap.commands.recording import Given, record_inputs
from lachan.systems.riskmap.models import Source
from lachan.systems.riskmap.queries.figures import figures_within
from lachan.systems.riskmap.queries.policy import rules_of
from lachan.systems.riskmap.rules.weekly import WEEK, last_day

# Of so many inhabitants a register must know this share before coverage may be counted from it: those who were
# vaccinated are known sooner than those who were not.
REGISTER_OF: Final = 0.8
ADULT: Final = 18

# Confirmed in the week, not withdrawn since, and found (the sample was taken) outside a quarantine order in force.
COMMUNITY_CASES = """
    WITH confirmed AS (
        SELECT coalesce(p.merged_into_id, p.id) AS person,
            coalesce((c.facts->>'collected_at')::timestamptz, e.happened_at) AS found_at
        FROM core_event e
        JOIN core_person p ON p.id = e.person_id
        LEFT JOIN core_event c ON c.id = e.caused_by_id AND c.kind IN ('ResultReported', 'ResultAmended')
        WHERE e.kind = 'CaseConfirmed' AND e.happened_at >= %(starts)s AND e.happened_at < %(ends)s
        AND e.id = (
            SELECT f.id FROM core_event f WHERE f.ref = e.ref AND f.kind = 'CaseConfirmed'
            ORDER BY f.happened_at, f.id LIMIT 1
        ) AND 'CaseConfirmed' = (
            SELECT l.kind FROM core_event l WHERE l.ref = e.ref AND l.kind IN ('CaseConfirmed', 'CaseWithdrawn')
            ORDER BY l.happened_at DESC, l.id DESC LIMIT 1
        )
    )
    SELECT p.home_area_id, count(*)
    FROM confirmed JOIN core_person p ON p.id = confirmed.person
    WHERE p.home_area_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM (
            SELECT DISTINCT ON (o.facts->>'order_id') o.kind, o.facts
            FROM core_person m JOIN core_event o ON o.person_id = m.id
            WHERE (m.id = confirmed.person OR m.merged_into_id = confirmed.person)
            AND o.kind IN ('OrderIssued', 'OrderChanged', 'OrderLifted', 'PersonReleased')
            AND o.happened_at < confirmed.found_at
            ORDER BY o.facts->>'order_id', o.happened_at DESC, o.id DESC
        ) told
        WHERE told.kind IN ('OrderIssued', 'OrderChanged') AND told.facts->>'subject' <> 'F0'
        AND told.facts->>'order_kind' IN ('facility', 'home')
    )
    GROUP BY p.home_area_id
"""

# Ages in whole years on the last day of the week; without a birth year somebody counts only among all.
REGISTER = """
    WITH doses AS (
        SELECT coalesce(p.merged_into_id, p.id) AS person,
            bool_or((e.facts->>'dose_number')::int >= (e.facts->>'primary_doses')::int) AS complete
        FROM core_event e JOIN core_person p ON p.id = e.person_id
        WHERE e.kind = 'DoseGiven' AND e.happened_at < %(ends)s AND NOT EXISTS (
            SELECT 1 FROM core_event w WHERE w.kind = 'DoseWithdrawn' AND w.person_id = e.person_id
            AND w.facts->>'given_id' = e.id::text
        )
        GROUP BY 1
    ), people AS (
        SELECT p.home_area_id AS home, d.person IS NOT NULL AS once, coalesce(d.complete, false) AS complete,
            %(year)s - p.birth_year - (
                (coalesce(p.birth_month, 1), coalesce(p.birth_day, 1)) > (%(month)s, %(day)s)
            )::int AS age
        FROM core_person p LEFT JOIN doses d ON d.person = p.id
        WHERE p.merged_into_id IS NULL AND p.home_area_id IS NOT NULL AND p.registered_at < %(ends)s
    )
    SELECT home, count(*), count(*) FILTER (WHERE complete),
        count(*) FILTER (WHERE age >= %(adult)s), count(*) FILTER (WHERE age >= %(adult)s AND once),
        count(*) FILTER (WHERE age >= %(aged)s), count(*) FILTER (WHERE age >= %(aged)s AND complete)
    FROM people GROUP BY home
"""
REGISTERED, COMPLETE, ADULTS, ADULTS_ONCE, AGED, AGED_COMPLETE = range(6)
COUNTED: Final = {
    "adults_one_dose": (ADULTS_ONCE, ADULTS), "aged_full": (AGED_COMPLETE, AGED),
    "population_full": (COMPLETE, REGISTERED),
}  # fmt: skip
By = Mapping[int, "Counter[int]"]


@dataclass(frozen=True, slots=True)
class Week:
    """What is asked of the records: one week, its units by id with their paths, the rules of its last day."""

    on: date
    units: Mapping[int, str]
    rules: RiskPolicy

    @property
    def day(self) -> date:
        return last_day(self.on)


@transaction.atomic
def gather_inputs(*, root: Area, week_on: date, actor: Actor, at: datetime) -> int:
    """Count what the records know of each unit within `root` and write it down; how many figures were news.

    A fixed number of queries. Only units in which registered people live are counted: elsewhere nobody tells of cases,
    and none is not the same as not known. Raises NoLevelsThen.
    """
    found = areas.on(last_day(week_on)).filter(level__gt=0, path__startswith=root.path)
    units = dict(found.values_list("pk", "path"))
    week = Week(week_on, units, rules_of(week_on))
    register = _summed(_asked(REGISTER, week), week)
    if not any(register.values()):
        return 0
    cases = _summed(_asked(COMMUNITY_CASES, week), week)
    as_of = min(week.day, clock.local_date(at))
    known = _populations(root, week)
    given = [Given(area_id=pk, figure="population", amount=n, as_of=as_of) for pk, n in known.fresh.items()]
    for pk, people in register.items():
        given.append(Given(area_id=pk, figure="cases", amount=cases.get(pk, Counter())[0], as_of=as_of))
        given += _coverages(pk, people, known.all.get(pk), week, as_of)
    people_of_lists = [each for each in given if each.figure == "population"]
    counted = [each for each in given if each.figure != "population"]
    return record_inputs(
        given=people_of_lists, week_on=week_on, source=Source.AREAS, actor=actor, at=at
    ) + record_inputs(given=counted, week_on=week_on, source=Source.RECORDS, actor=actor, at=at)


def _asked(sql: str, week: Week) -> list[tuple[int, ...]]:
    starts, ends = clock.day_start(week.on), clock.day_start(week.on + WEEK)
    aged = next((c.from_age for c in week.rules.coverages if c.covered == "aged_full"), None)
    given: dict[str, Any] = {
        "starts": starts, "ends": ends, "year": week.day.year, "month": week.day.month, "day": week.day.day,
        "adult": ADULT, "aged": aged or 200,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        rows: list[tuple[int, ...]] = cursor.fetchall()
        return rows


def _summed(rows: list[tuple[int, ...]], week: Week) -> dict[int, "Counter[int]"]:
    """Figures by home, added up in each unit of the week that the home lies in."""
    paths = _paths_of_homes({row[0] for row in rows}, week)
    found: dict[int, Counter[int]] = {}
    for home, *counts in rows:
        for part in paths.get(home, "").split("/"):
            if part and int(part) in week.units:
                found.setdefault(int(part), Counter()).update(dict(enumerate(counts)))
    return found


def _paths_of_homes(homes: set[int], week: Week) -> Mapping[int, str]:
    """Where each home lies in the units of the week: itself, or what it went into or came from. Of one that was divided
    only the units around all its parts are sure."""
    paths = {pk: week.units[pk] for pk in homes & week.units.keys()}
    other = homes - paths.keys()
    by_home: dict[int, list[str]] = {}
    moved = AreaSuccessor.objects.filter(old__in=other, new__in=week.units).values_list("old", "new__path")
    before = AreaSuccessor.objects.filter(new__in=other, old__in=week.units).values_list("new", "old__path")
    for home, path in [*moved, *before]:
        by_home.setdefault(home, []).append(path)
    return paths | {home: _around(found) for home, found in by_home.items()}


def _around(paths: Iterable[str]) -> str:
    """The longest path that all of them begin with."""
    together: list[str] = []
    for parts in zip(*(path.strip("/").split("/") for path in paths), strict=False):
        if len(set(parts)) > 1:
            break
        together.append(parts[0])
    return f"/{'/'.join(together)}/"


@dataclass(frozen=True, slots=True)
class _Populations:
    """Inhabitants by unit: `fresh` are those of the list of units where nothing else is known yet."""

    all: Mapping[int, int]
    fresh: Mapping[int, int]


def _populations(root: Area, week: Week) -> _Populations:
    recorded = {
        pk: known["population"].amount
        for pk, known in figures_within(root, week.on).items()
        if "population" in known
    }
    listed = Area.objects.filter(pk__in=week.units, population__gt=0).values_list("pk", "population")
    fresh = {pk: people for pk, people in listed if pk not in recorded and people}
    return _Populations(recorded | fresh, fresh)


def _coverages(
    pk: int, people: "Counter[int]", population: int | None, week: Week, as_of: date
) -> list[Given]:
    if population is None or people[REGISTERED] < REGISTER_OF * population:
        return []
    return [each for c in week.rules.coverages if (each := _coverage(pk, people, c, as_of))]


def _coverage(pk: int, people: "Counter[int]", coverage: Coverage, as_of: date) -> Given | None:
    columns = COUNTED.get(coverage.covered)
    if columns is None or not people[columns[1]]:
        return None
    amount, of = (people[column] for column in columns)
    return Given(area_id=pk, figure=coverage.covered, amount=amount, of=of, as_of=as_of)
