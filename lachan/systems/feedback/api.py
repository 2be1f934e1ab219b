"""Reports for other programs: a hotline's own software files them, a dashboard lists them."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from lachan.core import areas, clock
from lachan.core.access import Permission
from lachan.core.errors import Refusal
from lachan.core.phones import parse_phone
from lachan.platform import paging
from lachan.platform.api import Permit, Problem, link_next, once
from lachan.systems.feedback import commands, queries
from lachan.systems.feedback.commands import Told
from lachan.systems.feedback.queries import ReportLine

router = Router(tags=["feedback"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class ReportIn(Schema):
    """`area` is the code of a unit of today. The text is kept as it is told."""

    category: str = Field(max_length=24)
    area: str = Field(max_length=16)
    text: str = Field(min_length=1, max_length=4000)
    place: str = Field("", max_length=200)
    name: str = Field("", max_length=200)
    phone: str = Field("", max_length=40)


class ReportOut(Schema):
    """`due_at`: by when the unit `whose` is to do something; both null when nobody has to."""

    code: str
    category: str
    state: str
    area: str
    filed_at: datetime
    due_at: datetime | None
    whose: str | None


class AreaUnknown(Refusal):
    status = 422


@router.post("/reports", auth=Permit(Permission.TAKE_REPORT), response={201: ReportOut, **REFUSED})
def file_report(request: HttpRequest, sent: ReportIn) -> HttpResponse:
    """File a report that somebody told; send an `Idempotency-Key` so that it is filed once."""
    at = clock.now()

    def run() -> tuple[int, Any]:
        area = areas.on(clock.local_date(at)).filter(code=_plain(sent.area)).order_by("-level").first()
        if area is None:
            raise AreaUnknown("area-unknown", "No unit of today has this code.")
        told = Told(
            category=sent.category, area=area, text=_plain(sent.text), place=_plain(sent.place), name=_plain(sent.name),
            phone=parse_phone(sent.phone) if sent.phone else "", channel="program",
        )  # fmt: skip
        report = commands.file_report(told=told, actor=request.actor, at=at)  # type: ignore[attr-defined]
        return 201, _shown(queries.lines([report])[0])

    return once(request, run)


def _plain(text: str) -> str:
    """Without what PostgreSQL cannot keep."""
    return "".join(c for c in text if c in "\n\t" or (c.isprintable() and not 0xD800 <= ord(c) <= 0xDFFF))


@router.get("/reports/open", auth=Permit(Permission.VIEW_REPORTS), response={200: list[ReportOut], **REFUSED})
def reports(
    request: HttpRequest,
    response: HttpResponse,
    cursor: str = Query("", max_length=2000),  # type: ignore[type-arg]
) -> list[dict[str, Any]]:
    """Open reports of the posting's area, what is due first, first; the head `Link` names the next page."""
    found = queries.open_reports(request.posting)  # type: ignore[attr-defined]
    page = paging.page(found, key=("due", "pk"), cursor=cursor, size=200)
    link_next(request, response, page)
    return [_shown(line) for line in queries.lines(page.rows)]


def _shown(line: ReportLine) -> dict[str, Any]:
    report, turn = line.report, line.turn
    return {
        "code": report.code, "category": report.category, "state": line.state, "area": report.area.code,
        "filed_at": report.filed_at, "due_at": turn.due_at if turn else None, "whose": turn.area.code if turn else None,
    }  # fmt: skip
