"""The call centre: reports told by telephone, and calls back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Person
from lachan.platform import paging
from lachan.platform.pages import answering
from lachan.platform.screen import Column, Row
from lachan.systems.feedback import commands, queries, words
from lachan.systems.feedback.commands import Told
from lachan.systems.feedback.forms import CallForm, HotlineForm
from lachan.systems.feedback.views.pieces import category_name, done, where


@door(Permission.TAKE_REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: DeskRequest) -> HttpResponse:
    """Type what a caller tells."""
    form, status, at = HotlineForm(request.POST or None, request.FILES or None), 200, clock.now()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            pictures = form.pictures()
            given = {name: value for name, value in form.cleaned_data.items() if name != "picture"}
            told = Told(**given, channel="hotline", pictures=pictures)
            try:
                report = commands.file_report(told=told, actor=request.actor, at=at)
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                sentence = _("Filed. Read the code to the caller: %(code)s") % {
                    "code": format_code(report.code)
                }
                return done(request, sentence, "intake")
    return render(request, "feedback/intake.html", {"form": form}, status=status)


@door(Permission.TAKE_REPORT)
@require_safe
def calls(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: who is to be called back, what is due first, first."""
    at = clock.now()
    page = paging.page(queries.calls(request.posting), key=("due_at", "pk"), cursor=request.GET.get("cursor"))
    rows = [
        Row(
            (category_name(c.report), words.left(c.due_at, at), where(c.report.area), c.tries.count()),
            url=f"/feedback/calls/{c.pk}/", key=str(c.pk), name=format_code(c.report.code), late=c.due_at <= at,
        )
        for c in page.rows
    ]  # fmt: skip
    columns = [Column(_("About")), Column(_("Due")), Column(_("Area")), Column(_("Tries"), numeric=True)]
    return render(request, "feedback/calls.html", {"rows": rows, "columns": columns, "page": page, "at": at})


@door(Permission.TAKE_REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def call(request: DeskRequest, number: int) -> HttpResponse:
    """The number to call, what was reported, and how the call ended."""
    found, at, status = queries.call_for(request.posting, number), clock.now(), 200
    form = CallForm(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                given = form.cleaned_data
                commands.record_call(
                    call=found, outcome=given["outcome"], person=_person(request, given["person"]),
                    symptoms=given["symptoms"], actor=request.actor, at=at,
                )  # fmt: skip
            except Refusal as refusal:
                form.refuse(refusal, "person" if refusal.status == 404 else None)
                status = 422 if refusal.status == 404 else refusal.status
            else:
                return done(request, _("The call is written down."), "calls")
    report = found.report
    context = {
        "call": found, "report": report, "phone": report.phone, "category": category_name(report), "form": form,
        "where": where(report.area), "left": words.left(found.due_at, at), "tries": found.tries.order_by("called_at"),
        "words": words.OUTCOME, "denounces": queries.category_of(queries.rules_of(report), report.category).denounces,
    }  # fmt: skip
    return render(request, "feedback/call.html", context, status=status)


def _person(request: DeskRequest, code: str) -> Person | None:
    """Whom the caller names by their code. Raises NotVisible."""
    if not code:
        return None
    at = clock.now()
    return access.presented(request.posting, code=code, purpose=Purpose.CARE, part="call back", at=at)
