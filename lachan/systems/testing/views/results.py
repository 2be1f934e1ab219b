"""Verification by a second person, amendment, turn-around time."""

from datetime import date, timedelta

from django.contrib import messages
from django.db.models import Case, IntegerField, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import pages, paging, policies
from lachan.platform.screen import Badge, Column, Row
from lachan.systems.testing import commands, queries
from lachan.systems.testing.forms import AmendForm, TurnaroundFilter
from lachan.systems.testing.models import Result, Tube
from lachan.systems.testing.queries import Turnaround
from lachan.systems.testing.views import pieces

DAYS = 14
MOST_DAYS = 92


@door(Permission.VERIFY_RESULT)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: results that colleagues entered, positives first. POST verifies the chosen ones, or sends them
    back."""
    problem = ""
    if request.method == "POST":
        try:
            return _decide(request)
        except Refusal as refusal:
            problem = str(refusal.message)
    waiting = queries.results_to_verify(request.posting)
    others = waiting.exclude(entered_by=request.actor).annotate(
        rank=Case(When(outcome="positive", then=0), default=1, output_field=IntegerField())
    )
    page = paging.page(others, key=("rank", "entered_at", "pk"), cursor=request.GET.get("cursor"))
    columns = [
        Column(_("Tube or pool")), Column(_("Result")), Column(_("Ct")), Column(_("People in it"), numeric=True),
        Column(_("Entered")),
    ]  # fmt: skip
    context = {
        "columns": columns, "rows": [_row(r) for r in page.rows], "page": page, "problem": problem,
        "own": waiting.filter(entered_by=request.actor).count(),
        "reason": pages.line(request.POST.get("reason"), 300),
    }  # fmt: skip
    return render(request, "testing/verify.html", context, status=409 if problem else 200)


def _row(result: Result) -> Row:
    subject = result.subject
    people = str(subject.size) if isinstance(subject, Tube) else _("pool")
    entered = f"{result.entered_by.name}, {result.entered_at.astimezone(clock.zone()):%H:%M %d/%m}"
    shown: object = pieces.outcome_badge(result)
    if result.amends:
        shown = Badge(
            _("%(old)s → %(new)s")
            % {"old": result.amends.get_outcome_display(), "new": result.get_outcome_display()},
            "warn",
        )
    url = reverse("testing:tube", args=[subject.barcode])
    cells = (subject.barcode, shown, pieces.ct_text(result), people, entered)
    return Row(cells, url=url, key=str(result.pk), name=subject.barcode, late=bool(result.amends))


def _decide(request: DeskRequest) -> HttpResponse:
    chosen = pages.numbers(request.POST.getlist("result"))
    found = list(queries.results_to_verify(request.posting).filter(pk__in=chosen))
    if len(found) < len(chosen):
        raise commands.CannotVerify(
            "not-waiting",
            _("Some of these results were verified or sent back meanwhile. Look at the list again."),
        )
    if request.POST.get("action") == "return":
        commands.return_results(
            results=found,
            reason=pages.line(request.POST.get("reason"), 300),
            actor=request.actor,
            at=clock.now(),
        )
        return pieces.done(request, _("Sent back to be entered again."), "verify")
    verified = commands.verify_results(results=found, actor=request.actor, at=clock.now())
    sentence = ngettext("%(n)d result verified.", "%(n)d results verified.", len(verified))
    return pieces.done(request, sentence % {"n": len(verified)}, "verify")


@door(Permission.ENTER_RESULT)
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: DeskRequest, number: int) -> HttpResponse:
    """Correct a verified result by a second one, for a reason."""
    result = queries.result(request.posting, number)
    form = AmendForm(
        request.POST or None, with_ct=result.subject.assay == "pcr", ct=result.ct,
        initial={"outcome": result.outcome},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            commands.amend_result(
                result=result, outcome=given["outcome"], ct=given["ct"], reason=given["reason"],
                actor=request.actor, at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The amendment waits for verification by a colleague."))
            return pieces.go("tube", result.subject.barcode)
    context = {"form": form, "result": result, "badge": pieces.outcome_badge(result)}
    return render(request, "testing/amend.html", context, status=422 if form.errors else 200)


@door(Permission.VIEW_TESTS)
@require_safe
def turnaround(request: DeskRequest) -> HttpResponse:
    """GET ?first=&last=: how long people waited for results, by place and day."""
    now = clock.now()
    today = clock.local_date(now)
    form = TurnaroundFilter(request.GET)
    first, last = _period(form, today)
    rule = policies.at(today).testing
    found = queries.turnaround(request.posting, first=first, last=last, limit_hours=rule.turnaround_hours)
    columns = [
        Column(_("Read at")), Column(_("Day")), Column(_("Results"), numeric=True),
        Column(_("Half within (hours)"), numeric=True), Column(_("90 % within (hours)"), numeric=True),
        Column(_("On time"), numeric=True),
    ]  # fmt: skip
    context = {
        "form": form, "columns": columns, "rows": [_turnaround_row(t) for t in found], "rule": rule,
        "first": first, "last": last, "now": now, "cut": len(found) == queries.MOST_LINES,
    }  # fmt: skip
    return render(request, "testing/turnaround.html", context)


def _period(form: TurnaroundFilter, today: date) -> tuple[date, date]:
    """What was asked for, at most a quarter of a year; else the last two weeks."""
    given = form.cleaned_data if form.is_valid() else {}
    last = given.get("last") or today
    first = given.get("first") or last - timedelta(days=DAYS - 1)
    return max(min(first, last), last - timedelta(days=MOST_DAYS)), last


def _turnaround_row(found: Turnaround) -> Row:
    cells = (
        found.laboratory, pages.day_text(found.day), found.results, number_format(found.median_hours, 1),
        number_format(found.p90_hours, 1), f"{found.within:.0%}",
    )  # fmt: skip
    return Row(cells, late=found.within < 0.9)
