"""Alarms for other programs: a duty officer's own board lists them, a province's system acknowledges and answers."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from lachan.centre.alarms import commands
from lachan.centre.alarms.queries import lists
from lachan.centre.alarms.queries.lists import AlarmLine
from lachan.centre.models import Alarm
from lachan.core import clock
from lachan.core.access import Permission
from lachan.platform import paging
from lachan.platform.api import Permit, Problem, link_next, once

router = Router(tags=["centre"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class AlarmOut(Schema):
    """`urgency`: 0 to 100. `whose`: the code of the unit whose task it is, null when it is nobody's."""

    number: int
    kind: str
    state: str
    area: str
    count: int
    urgency: int
    raised_at: datetime
    whose: str | None
    acknowledge_by: datetime | None
    due_at: datetime | None


class DoneIn(Schema):
    text: str = Field(min_length=1, max_length=1000)


@router.get("/alarms", auth=Permit(Permission.ANSWER_ALARMS), response={200: list[AlarmOut], **REFUSED})
def open_alarms(
    request: HttpRequest,
    response: HttpResponse,
    cursor: str = Query("", max_length=2000),  # type: ignore[type-arg]
) -> list[dict[str, Any]]:
    """Open alarms of the posting's ground and its tasks, what hurts most first; the head `Link` names the next page."""
    found = lists.open_alarms(request.posting)  # type: ignore[attr-defined]
    page = paging.page(found, key=("-urgency", "-pk"), cursor=cursor, size=200)
    link_next(request, response, page)
    return [_shown(line) for line in lists.lines(page.rows)]


@router.post(
    "/alarms/{number}/acknowledge", auth=Permit(Permission.ANSWER_ALARMS), response={200: AlarmOut, **REFUSED}
)
def acknowledge_task(request: HttpRequest, number: int) -> HttpResponse:
    """Take the task on for one's area."""

    def run() -> tuple[int, Any]:
        row = _own_task(request, number)
        commands.acknowledge_task(alarm=row, actor=request.actor, at=clock.now())  # type: ignore[attr-defined]
        return 200, _shown(lists.lines([row])[0])

    return once(request, run)


@router.post(
    "/alarms/{number}/done", auth=Permit(Permission.ANSWER_ALARMS), response={200: AlarmOut, **REFUSED}
)
def report_done(request: HttpRequest, number: int, sent: DoneIn) -> HttpResponse:
    """Say what was done; who leads closes the alarm."""

    def run() -> tuple[int, Any]:
        row, text = _own_task(request, number), sent.text.replace("\0", " ")
        commands.report_done(alarm=row, text=text, actor=request.actor, at=clock.now())  # type: ignore[attr-defined]
        return 200, _shown(lists.lines([row])[0])

    return once(request, run)


def _own_task(request: HttpRequest, number: int) -> Alarm:
    posting = request.posting  # type: ignore[attr-defined]
    row = lists.alarm_for(posting, number)
    if not lists.tasks(posting).filter(alarm=row).exists():
        raise lists.AlarmNotVisible
    return row


def _shown(line: AlarmLine) -> dict[str, Any]:
    alarm, task = line.alarm, line.task
    return {
        "number": alarm.pk, "kind": alarm.kind, "state": line.state, "area": alarm.area.code, "count": alarm.count,
        "urgency": alarm.urgency, "raised_at": alarm.raised_at, "whose": task.area.code if task else None,
        "acknowledge_by": task.acknowledge_by if task else None, "due_at": task.due_at if task else None,
    }  # fmt: skip
