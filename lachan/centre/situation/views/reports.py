"""The reports of the situation: made each morning and when somebody asks, and kept as they were."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lachan.centre.models import SituationReport
from lachan.centre.situation import commands
from lachan.centre.situation.queries import area_for, home_of
from lachan.core import areas, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.models import Posting
from lachan.platform import paging
from lachan.platform.exports.sheets import CONTENT_TYPE
from lachan.platform.models import Ending
from lachan.platform.pages import answering

NOT_PRINTED = ("pdf", "workbook")


@door(Permission.VIEW_SITUATION)
@require_safe
@answering
def reports(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: those of the posting's ground, the newest first."""
    found = SituationReport.objects.filter(areas.inside("area__", home_of(request.posting)))
    found = found.defer(*NOT_PRINTED).select_related("area__parent__parent", "asked_by")
    page = paging.page(found, key=("-as_of", "-pk"), cursor=request.GET.get("cursor"))
    context = {"page": page, "home": home_of(request.posting), "at": clock.now()}
    return render(request, "centre/reports.html", context)


@door(Permission.VIEW_SITUATION)
@require_POST
@answering
def make_report(request: DeskRequest, number: int) -> HttpResponse:
    """POST language: the report of a unit, now."""
    commands.make_report(
        area=area_for(request.posting, number), language=request.POST.get("language", ""), actor=request.actor,
        at=clock.now(),
    )  # fmt: skip
    messages.success(request, _("The report is made."))
    return HttpResponseRedirect(reverse("centre:reports"), status=303)


@door(Permission.VIEW_SITUATION)
@require_safe
@answering
def report_pdf(request: DeskRequest, number: int) -> HttpResponse:
    return _file(_report(request.posting, number), "pdf", "application/pdf")


@door(Permission.VIEW_SITUATION)
@require_safe
@answering
def report_workbook(request: DeskRequest, number: int) -> HttpResponse:
    return _file(_report(request.posting, number), "xlsx", CONTENT_TYPE[Ending.XLSX])


def _report(posting: Posting, number: int) -> SituationReport:
    mine = SituationReport.objects.filter(areas.inside("area__", home_of(posting)), pk=number)
    found = mine.first()
    if found is None:
        raise Http404
    return found


def _file(report: SituationReport, ending: str, content_type: str) -> HttpResponse:
    body = report.pdf if ending == "pdf" else report.workbook
    answer = HttpResponse(bytes(body), content_type=content_type)
    name = f"situation-{report.area_id}-{report.day:%Y-%m-%d}-{report.language}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
