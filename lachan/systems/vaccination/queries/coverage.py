"""Coverage: which share of the people of an area has had which dose, by age and by the units below."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from lachan.core import areas
from lachan.core.models import Area
from lachan.systems.vaccination.rules.coverage import ADULT

Cells = Mapping[tuple[int, str], int]
"""People by (first age of the band, step)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """`people` by age and step, `residents` by age; `counted_on`: when those were counted, None if they never were."""

    people: Cells
    residents: Mapping[int, int]
    counted_on: date | None = None

    def had(self, step: str, *, adults: bool = False) -> int:
        return sum(n for (age, s), n in self.people.items() if s == step and (age >= ADULT or not adults))

    def living(self, *, adults: bool = False) -> int:
        return sum(n for age, n in self.residents.items() if age >= ADULT or not adults)


# The units of an area are found by the range of their paths; sums run over an index that has everything.
OF_AREA = """
    SELECT c.from_age, c.step, sum(c.people)::bigint FROM vaccination_coverage c
    WHERE c.area_id IN (SELECT a.id FROM core_area a WHERE {inside}) GROUP BY 1, 2
"""
LIVING = """
    SELECT r.from_age, sum(r.people)::bigint, max(r.counted_on) FROM vaccination_residents r
    WHERE r.area_id IN (SELECT a.id FROM core_area a WHERE {inside}) GROUP BY 1
"""

# The unit one step below is the next number in a path.
PEOPLE_BELOW = """
    SELECT split_part(substr(a.path, %s), '/', 1)::bigint, c.from_age, c.step, sum(c.people)::bigint
    FROM core_area a JOIN vaccination_coverage c ON c.area_id = a.id WHERE a.path LIKE %s GROUP BY 1, 2, 3
"""
RESIDENTS_BELOW = """
    SELECT split_part(substr(a.path, %s), '/', 1)::bigint, r.from_age, sum(r.people)::bigint, max(r.counted_on)
    FROM core_area a JOIN vaccination_residents r ON r.area_id = a.id WHERE a.path LIKE %s GROUP BY 1, 2
"""


def coverage(area: Area) -> Covered:
    """Of an area with everything below it (and what it took over); two statements."""
    inside, given = _inside(area)
    with connection.cursor() as cursor:
        cursor.execute(OF_AREA.format(inside=inside), given)
        people = {(age, step): n for age, step, n in cursor.fetchall()}
        cursor.execute(LIVING.format(inside=inside), given)
        rows = cursor.fetchall()
    return Covered(
        people=people,
        residents={age: n for age, n, _ in rows},
        counted_on=max((on for *_, on in rows), default=None),
    )


def _inside(area: Area) -> tuple[str, list[str]]:
    """A condition on `a.path` for the ground of an area; of the root there is nothing to leave out."""
    if area.level == 0:
        return "true", []
    paths = areas.ground(area)
    return " OR ".join("a.path LIKE %s" for _ in paths), [f"{path}%" for path in paths]


def coverage_below(area: Area, on: date) -> list[tuple[Area, Covered]]:
    """The units one step below as of a day, by name; three statements, whatever their number."""
    units = list(areas.on(on).filter(parent=area).order_by("search_key", "pk"))
    people: dict[int, dict[tuple[int, str], int]] = {unit.pk: {} for unit in units}
    residents: dict[int, dict[int, int]] = {unit.pk: {} for unit in units}
    known: list[date] = []
    below = (len(area.path) + 1, f"{area.path}_%")
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE_BELOW, below)
        for unit, age, step, n in cursor.fetchall():
            people.setdefault(unit, {})[age, step] = n
        cursor.execute(RESIDENTS_BELOW, below)
        for unit, age, n, day in cursor.fetchall():
            residents.setdefault(unit, {})[age] = n
            known.append(day)
    when = max(known, default=None)
    return [(u, Covered(people=people[u.pk], residents=residents[u.pk], counted_on=when)) for u in units]
