"""The line list: one row a case, for reports and for analysis elsewhere."""

from collections.abc import Iterable

from lachan.core import clock
from lachan.systems.tracing.models import Case

HEADING = (
    "case", "person", "name", "sex", "birth_year", "area_code", "area", "classification", "onset_on",
    "first_positive_at", "isolated_at", "infectious_from", "infectious_until", "reported_at", "confirmed_at",
    "closed_at", "ended_at",
)  # fmt: skip
TIMES = HEADING[9:]


def line_list(cases: Iterable[Case]) -> Iterable[tuple[object, ...]]:
    """Rows in the order of HEADING; times in the deployment's zone."""
    for case in cases:
        person, area = case.root, case.root.home_area
        yield (
            case.pk, person.code, person.name, person.sex, person.birth_year, area.code if area else "",
            area.name if area else "", case.classification, case.onset_on, *(_time(case, name) for name in TIMES),
        )  # fmt: skip


def _time(case: Case, name: str) -> str:
    at = getattr(case, name)
    return f"{at.astimezone(clock.zone()):%Y-%m-%d %H:%M}" if at else ""
