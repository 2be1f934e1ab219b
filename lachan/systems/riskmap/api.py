"""Levels and figures for other programs: a dashboard lists, a province's own system sends figures."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.errors import Refusal
from lachan.platform import paging
from lachan.platform.api import Permit, Problem, link_next, once
from lachan.systems.riskmap import commands, queries
from lachan.systems.riskmap.commands import Given
from lachan.systems.riskmap.models import Source

router = Router(tags=["riskmap"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
PAGE = 500
MOST = 2**31 - 1


class FigureIn(Schema):
    """`area` is the code of a unit of that week; `of` goes with coverages. See `/riskmap/` for the names of figures."""

    area: str = Field(max_length=16)
    figure: str = Field(max_length=24)
    amount: int = Field(ge=0, le=MOST)
    of: int | None = Field(None, ge=1, le=MOST)
    as_of: date
    note: str = Field("", max_length=200)


class FiguresIn(Schema):
    """Figures of one week, which is named by its Monday; all are taken, or none."""

    week: date
    figures: list[FigureIn] = Field(min_length=1, max_length=5_000)


class RecordedOut(Schema):
    """How many of the figures were news."""

    recorded: int


class LevelOut(Schema):
    """`proposed` by the rules and `signed` by a person; null: not assessed, not signed. `missing`: figures."""

    area: str
    unit: int
    name: str
    proposed: int | None
    missing: list[str]
    signed: int | None


class AreaUnknown(Refusal):
    status = 422


@router.post("/figures", auth=Permit(Permission.ENTER_FIGURES), response={201: RecordedOut, **REFUSED})
def record_figures(request: HttpRequest, sent: FiguresIn) -> HttpResponse:
    """Write down figures of units of the posting's area; send an `Idempotency-Key` so that it happens once."""
    at = clock.now()

    def run() -> tuple[int, Any]:
        by: Any = request
        units = queries.units(by.posting, sent.week)
        wanted = {_plain(each.area) for each in sent.figures}
        codes = dict(units.filter(code__in=wanted).order_by("level").values_list("code", "pk"))
        given = [_given(each, codes) for each in sent.figures]
        recorded = commands.record_inputs(
            given=given, week_on=sent.week, source=Source.LIST, actor=by.actor, at=at
        )
        return 201, {"recorded": recorded}

    return once(request, run)


def _given(each: FigureIn, codes: Mapping[str, int]) -> Given:
    if _plain(each.area) not in codes:
        raise AreaUnknown("area-unknown", "No unit of that week in your area has this code.")
    return Given(
        area_id=codes[_plain(each.area)], figure=_plain(each.figure), amount=each.amount, of=each.of, as_of=each.as_of,
        note=_plain(each.note),
    )  # fmt: skip


def _plain(text: str) -> str:
    """Without what PostgreSQL cannot keep."""
    return "".join(c for c in text if c.isprintable() and not 0xD800 <= ord(c) <= 0xDFFF)


@router.get("/levels", auth=Permit(Permission.VIEW_LEVELS), response={200: list[LevelOut], **REFUSED})
def levels(
    request: HttpRequest,
    response: HttpResponse,
    week: date | None = None,
    cursor: str = Query("", max_length=2000),  # type: ignore[type-arg]
) -> list[dict[str, Any]]:
    """Units of the posting's area with their levels of the week that begins on `week` (default: the last one that is
    over), provinces first; the head `Link` names the next page."""
    week_on = week or queries.last_week(clock.now())
    if week_on.weekday() or not date(2000, 1, 3) <= week_on <= clock.local_date(clock.now()):
        raise AreaUnknown("week-monday", "A week is named by its Monday, which is not in the future.")
    found = queries.with_levels(queries.units(request.posting, week_on), week_on)  # type: ignore[attr-defined]
    page = paging.page(found, key=("level", "search_key", "pk"), cursor=cursor, size=PAGE)
    link_next(request, response, page)
    return [
        {
            "area": area.code, "unit": area.level, "name": area.name, "proposed": getattr(area, "proposed", None),
            "missing": getattr(area, "missing", None) or [], "signed": getattr(area, "signed", None),
        }
        for area in page.rows
    ]  # fmt: skip
