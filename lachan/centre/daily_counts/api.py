"""Daily counts for other programs: a province's own software sends them, a dashboard reads what stands."""

from datetime import date
from hashlib import sha256
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from lachan.centre.daily_counts import commands, words
from lachan.centre.daily_counts.queries import standing
from lachan.centre.daily_counts.reading import told_by
from lachan.centre.models import CountUpload
from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.models import Area
from lachan.platform.api import Permit, Problem, once
from lachan.platform.lists import Record

router = Router(tags=["centre"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST_ROWS = 10_000
HIGHEST = 2**31 - 1


class CountIn(Schema):
    """`province`: a name, or a code of the day's units."""

    date: date
    province: str = Field(min_length=1, max_length=120)
    new_cases: int = Field(ge=-HIGHEST, le=HIGHEST)
    new_deaths: int | None = Field(None, ge=-HIGHEST, le=HIGHEST)
    total_cases: int | None = Field(None, ge=-HIGHEST, le=HIGHEST)


class CountsIn(Schema):
    name: str = Field(min_length=1, max_length=120)
    rows: list[CountIn] = Field(min_length=1, max_length=MOST_ROWS)


class RowOut(Schema):
    """A row that was not taken: its place in what was sent (the first is 1), a code, a sentence."""

    row: int
    code: str
    message: str


class CountsOut(Schema):
    """`received` = `taken` + `held` + `refused`; `again`: the same was sent before, nothing has changed."""

    received: int
    taken: int
    already: int
    held: int
    refused: int
    again: bool
    rows_held: list[RowOut]
    rows_refused: list[RowOut]


class DayOut(Schema):
    date: date
    new_cases: int
    new_deaths: int | None


@router.post("/counts", auth=Permit(Permission.IMPORT_COUNTS), response={201: CountsOut, **REFUSED})
def send_counts(request: HttpRequest, sent: CountsIn) -> HttpResponse:
    """Send daily numbers. The same content again changes nothing; what cannot be right is held for a person."""
    at = clock.now()

    def run() -> tuple[int, Any]:
        records = [_record(number, row) for number, row in enumerate(sent.rows, start=1)]
        within = request.posting.area  # type: ignore[attr-defined]
        told = told_by(records, HEADING, within=within, today=clock.local_date(at))
        digest = sha256(msgspec.json.encode([record.cells for record in records])).digest()
        name = "".join(c for c in sent.name if c.isprintable()) or "API"
        made = commands.take_counts(
            rows=list(told), digest=digest, name=name, actor=request.actor, at=at  # type: ignore[attr-defined]
        )  # fmt: skip
        return 201, _shown(made.upload, made.again)

    return once(request, run)


HEADING = ("date", "province", "new_cases", "new_deaths", "total_cases")


def _record(number: int, row: CountIn) -> Record:
    values = (row.date, row.province.replace("\0", " "), row.new_cases, row.new_deaths, row.total_cases)
    texts = ("" if value is None else str(value).strip() for value in values)
    return Record(number, number, dict(zip(HEADING, texts, strict=True)))


def _shown(upload: CountUpload, again: bool) -> dict[str, Any]:
    held = upload.counts.exclude(hold="").order_by("number")
    return {
        "received": upload.received, "taken": upload.taken, "already": upload.already, "held": upload.held,
        "refused": upload.refused, "again": again,
        "rows_held": [
            {"row": r.number, "code": r.hold, "message": str(words.held(r.hold, cases=r.cases, against=r.against))}
            for r in held
        ],
        "rows_refused": [
            {"row": r.number, "code": r.code, "message": str(words.refused(r.code))}
            for r in upload.refusals.order_by("number")
        ],
    }  # fmt: skip


@router.get("/counts/{code}", auth=Permit(Permission.VIEW_SITUATION), response={200: list[DayOut], **REFUSED})
def days_of_province(
    request: HttpRequest,
    code: str,
    on: date | None = None,
) -> list[dict[str, Any]]:
    """The days that stand of a province, by its code on a day (today's, unless `on` says another)."""
    del request
    day = on or clock.local_date(clock.now())
    areas = Area.objects.filter(level=1, code=code.replace("\0", ""), valid_from__lte=day).order_by(
        "-valid_from"
    )
    area = areas.first()
    if area is None:
        raise standing.CountNotVisible
    return [{"date": d.day, "new_cases": d.cases, "new_deaths": d.deaths} for d in standing.series(area)]
