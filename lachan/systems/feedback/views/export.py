"""The list of reports as a file; without what was told, and without anybody's name or number."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.models import Posting
from lachan.platform import exports
from lachan.systems.feedback import queries
from lachan.systems.feedback.forms import QueueFilter
from lachan.systems.feedback.models import Report
from lachan.systems.feedback.queries import ReportLine
from lachan.systems.feedback.views.desk import narrowed


def _found(posting: Posting, filters: Mapping[str, str], at: datetime) -> QuerySet[Report]:
    found, _form = narrowed(posting, filters, at)
    return found.order_by("-filed_at", "-pk")


def _row(line: ReportLine) -> list[object]:
    report, turn = line.report, line.turn
    return [
        report.code, report.category, line.state, report.channel, report.filed_at.isoformat(),
        turn.due_at.isoformat() if turn else "", report.area.code, turn.area.code if turn else "", report.policy_id,
    ]  # fmt: skip


REPORTS = exports.Source(
    name="feedback.reports",
    title=_("Reports of citizens"),
    file_name="reports",
    permission=Permission.VIEW_REPORTS,
    purpose=Purpose.CARE,
    part="reports export",
    heading=("report", "about", "state", "channel", "filed_at", "due_at", "area", "with", "policy"),
    form=QueueFilter,
    found=_found,
    rows=lambda found, _at: (_row(line) for line in queries.lines(found)),
    person=lambda _report: None,
)


@door(Permission.VIEW_REPORTS)
@require_POST
def reports(request: DeskRequest) -> HttpResponse:
    """POST ending=csv|xlsx, with the filters of the list in the address."""
    return exports.answer(request, REPORTS)
