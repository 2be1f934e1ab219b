"""The slip after an injection, to be printed."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.platform.pages import answering
from lachan.systems.vaccination import printing
from lachan.systems.vaccination.queries import line as lines
from lachan.systems.vaccination.views.line_pieces import note_once


@door(Permission.WORK_LINE)
@require_safe
@answering
def slip(request: DeskRequest, number: int) -> HttpResponse:
    """A page A6: the dose, its lot, the next day."""
    dose, at = lines.line_dose(request.posting, number), clock.now()
    note_once(request, [dose.person_id], at)
    made = printing.dose_slip(dose, at=at)
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": 'inline; filename="slip.pdf"'}
    )
