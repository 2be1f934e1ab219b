"""The line list as a file; each person in it is told of it in their log."""

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
from lachan.systems.tracing import queries
from lachan.systems.tracing.forms import CaseFilter
from lachan.systems.tracing.models import Case
from lachan.systems.tracing.views.cases import narrowed


def _found(posting: Posting, filters: Mapping[str, str], at: datetime) -> QuerySet[Case]:
    found, _form = narrowed(posting, filters)
    return found.order_by("-opened_at", "-pk")


LINE_LIST = exports.Source(
    name="tracing.line-list",
    title=_("Line list of cases"),
    file_name="line-list",
    permission=Permission.EXPORT_LINE_LIST,
    purpose=Purpose.TRACING,
    part="line list export",
    heading=queries.HEADING,
    form=CaseFilter,
    found=_found,
    rows=lambda cases, _at: queries.line_list(cases),
    person=lambda case: case.root_id,
)


@door(Permission.EXPORT_LINE_LIST)
@require_POST
def line_list(request: DeskRequest) -> HttpResponse:
    """POST ending=csv|xlsx, with the filters of the list in the address."""
    return exports.answer(request, LINE_LIST)
