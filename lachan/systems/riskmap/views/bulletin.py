"""The weekly bulletin of the posting's area."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from lachan.core import areas, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.platform.exports.sheets import CONTENT_TYPE
from lachan.platform.models import Ending
from lachan.systems.riskmap import bulletin as written
from lachan.systems.riskmap import queries
from lachan.systems.riskmap.views import pieces


@door(Permission.VIEW_LEVELS)
@require_safe
def bulletin(request: DeskRequest, ending: str) -> HttpResponse:
    """GET ?week=: signed levels of the week, as PDF or XLSX; of the country for a posting at a place."""
    at = clock.now()
    week_on = pieces.asked_week(request.GET.get("week"), queries.last_week(at), at)
    root = request.posting.area or areas.country()
    rows = written.lines(root, week_on)
    if ending == "xlsx":
        answer = HttpResponse(written.spreadsheet(rows, week_on), content_type=CONTENT_TYPE[Ending.XLSX])
    else:
        top = None if root.level == 0 else root
        parts = pieces.parts_of(top, week_on)
        signed = queries.signed_levels([part.pk for part in parts], week_on)
        drawn = pieces.drawing_of(top, pieces.table_of(parts, signed, week_on), week_on)
        answer = HttpResponse(written.paper(root, rows, drawn, week_on), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="bulletin-{root.code}-{week_on}.{ending}"'
    return answer
