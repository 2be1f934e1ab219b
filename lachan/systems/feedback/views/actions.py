"""What an office does with a report: each a POST that leads back to its page."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Area
from lachan.platform.pages import answering, numbers
from lachan.systems.feedback import commands, queries
from lachan.systems.feedback.forms import AnswerForm, HandOnForm, RefuseForm
from lachan.systems.feedback.models import Join, Report
from lachan.systems.feedback.queries import ReportNotVisible
from lachan.systems.feedback.views.desk import report_page
from lachan.systems.feedback.views.pieces import done, refused


def _own_area(request: DeskRequest) -> Area:
    """For whom the officer acts; who sees a report has an area."""
    if request.posting.area is None:
        raise ReportNotVisible
    return request.posting.area


@door(Permission.HANDLE_REPORT)
@require_POST
@answering
def claim(request: DeskRequest, number: int) -> HttpResponse:
    """Take it on, and read it."""
    row = queries.report_for(request.posting, number)
    try:
        commands.claim(report=row, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "report", number)
    return done(request, _("You work on this report now; nobody else does."), "report", number)


@door(Permission.HANDLE_REPORT)
@require_POST
@answering
def let_go(request: DeskRequest, number: int) -> HttpResponse:
    row = queries.report_for(request.posting, number)
    commands.let_go(report=row, actor=request.actor)
    return done(request, _("The report is back on the pile."), "home")


@door(Permission.HANDLE_REPORT)
@require_POST
@answering
def acknowledge(request: DeskRequest, number: int) -> HttpResponse:
    row = queries.report_for(request.posting, number)
    try:
        commands.acknowledge(report=row, area=_own_area(request), actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "report", number)
    return done(request, _("Acknowledged. The answer is due next."), "report", number)


@door(Permission.HANDLE_REPORT)
@require_POST
@answering
def hand_on(request: DeskRequest, number: int) -> HttpResponse:
    row, form = queries.report_for(request.posting, number), HandOnForm(request.POST, auto_id="hand_%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            commands.hand_on(
                report=row, reason=given["reason"], category=given["category"], to=given["to"],
                area=_own_area(request), actor=request.actor, at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return report_page(request, number, status=refusal.status, hand=form)
        return done(request, _("The report is handed on."), "home")
    return report_page(request, number, status=422, hand=form)


@door(Permission.HANDLE_REPORT)
@require_POST
@answering
def answer(request: DeskRequest, number: int) -> HttpResponse:
    form = AnswerForm(request.POST, auto_id="answer_%s")

    def act(row: Report, at: datetime) -> None:
        text = form.cleaned_data["text"]
        commands.answer(report=row, text=text, area=_own_area(request), actor=request.actor, at=at)

    return _ended(request, number, form, "answer", act)


@door(Permission.HANDLE_REPORT)
@require_POST
@answering
def refuse(request: DeskRequest, number: int) -> HttpResponse:
    form = RefuseForm(request.POST, auto_id="refuse_%s")

    def act(row: Report, at: datetime) -> None:
        text = form.cleaned_data["text"]
        commands.refuse(report=row, text=text, area=_own_area(request), actor=request.actor, at=at)

    return _ended(request, number, form, "refuse", act)


def _ended(
    request: DeskRequest, number: int, form: AnswerForm | RefuseForm, name: str, act: Callable[[Report, datetime], None]
) -> HttpResponse:  # fmt: skip
    row = queries.report_for(request.posting, number)
    if not form.is_valid():
        return report_page(request, number, status=422, **{name: form})
    try:
        act(row, clock.now())
    except Refusal as refusal:
        form.refuse(refusal)
        return report_page(request, number, status=refusal.status, **{name: form})
    return done(request, _("The reporter reads it with the code of the report."), "report", number)


@door(Permission.HANDLE_REPORT)
@require_POST
@answering
def join(request: DeskRequest, number: int) -> HttpResponse:
    """POST kept=: this report tells of the same as that one."""
    row = queries.report_for(request.posting, number)
    wanted = numbers([request.POST.get("kept", "")])
    if not wanted:
        raise ReportNotVisible
    kept = queries.report_for(request.posting, wanted[0])
    try:
        commands.merge_duplicate(duplicate=row, kept=kept, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "report", number)
    return done(request, _("The reports are joined; both reporters get one answer."), "report", kept.pk)


@door(Permission.HANDLE_REPORT)
@require_POST
@answering
def separate(request: DeskRequest, number: int) -> HttpResponse:
    """Undo the join of this report to another."""
    row = queries.report_for(request.posting, number)
    joined = Join.objects.filter(duplicate=row, undone_at__isnull=True).first()
    if joined is None:
        raise ReportNotVisible
    try:
        commands.separate(joined=joined, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return refused(request, refusal, "report", number)
    return done(request, _("The reports are apart again."), "report", number)
