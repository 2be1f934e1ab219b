"""The figures of areas for other programs."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from lachan.centre.situation import queries
from lachan.centre.situation.rules.measures import RATIOS
from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.errors import Refusal
from lachan.core.models import Area, Posting
from lachan.platform.api import Permit, Problem

router = Router(tags=["centre"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Problem}
MOST_DAYS = 366
ONE = timedelta(days=1)
FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)
FROM_ON: Any = Query(None, ge=FIRST, le=LAST)  # type: ignore[type-arg]
TO_ON: Any = Query(None, ge=FIRST, le=LAST)  # type: ignore[type-arg]


class CannotTell(Refusal):
    """days-not-a-period."""

    status = 422


class DayOut(Schema):
    """Measures by name (`/centre/measures`); those of which nothing happened are left out."""

    day: date
    flows: dict[str, int]


class FiguresOut(Schema):
    """`total` over all the days; `ratios`: shares in per cent, means in hours, null where there is nothing to tell.
    `levels` is what stands now (as of `levels_as_of`), whatever the days asked for."""

    area: str
    level: int
    from_on: date
    to_on: date
    as_of: datetime
    days: list[DayOut]
    total: dict[str, int]
    ratios: dict[str, float | None]
    levels: dict[str, int]
    levels_as_of: datetime


@router.get("/figures", auth=Permit(Permission.VIEW_SITUATION), response={200: FiguresOut, **REFUSED})
def situation_figures(
    request: HttpRequest,
    area: str = Query("", max_length=16),  # type: ignore[type-arg]
    level: int | None = Query(None, ge=0, le=9),  # type: ignore[type-arg]
    from_on: date | None = FROM_ON,
    to_on: date | None = TO_ON,
) -> dict[str, Any]:
    """The figures of a unit of today (`area`: its code, with its `level` where two units share it; without one the
    posting's own area), by day from `from_on` until (not including) `to_on`; by default the last seven days and today.
    """
    at = clock.now()
    where = _asked(request.posting, area, level, clock.local_date(at))  # type: ignore[attr-defined]
    end = to_on or clock.local_date(at) + ONE
    first = from_on or end - 8 * ONE
    if not timedelta() < end - first <= MOST_DAYS * ONE:
        raise CannotTell("days-not-a-period", "Ask for one to 366 days: to_on is the day after the last.")
    found, levels = queries.figures(where, first, end, at=at), queries.levels(at)
    return {
        "area": where.code, "level": where.level, "from_on": first, "to_on": end, "as_of": found.as_of,
        "days": [{"day": day, "flows": dict(flows)} for day, flows in sorted(found.days.items())],
        "total": found.total(), "ratios": {name: found.ratio(name) for name in RATIOS},
        "levels": levels.of(None if where.level == 0 else queries.units(where)), "levels_as_of": levels.as_of,
    }  # fmt: skip


def _asked(posting: Posting, code: str, level: int | None, day: date) -> Area:
    return queries.area_of_code(posting, code, level, day=day) if code else queries.home_of(posting)
