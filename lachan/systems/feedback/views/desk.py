"""The queue of an office, and the page of one report."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lachan.core import access, clock
from lachan.core.access import Permission
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.models import Area, Posting
from lachan.platform import live, paging
from lachan.platform.pages import answering, line
from lachan.platform.screen import Column, Row
from lachan.policy.feedback import Template
from lachan.systems.feedback import queries, words
from lachan.systems.feedback.forms import AnswerForm, HandOnForm, QueueFilter, RefuseForm
from lachan.systems.feedback.models import MOST_PHOTOS, Join, Photo, Report
from lachan.systems.feedback.queries import ReportLine
from lachan.systems.feedback.views.pieces import category_name, where


@door(Permission.VIEW_REPORTS)
@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """GET ?whose=&category=&code=&cursor=: what is due first, first."""
    at = clock.now()
    found, form = narrowed(request.posting, request.GET, at)
    key = ("-filed_at", "-pk") if form.data.get("whose") == "ended" else ("due", "pk")
    page = paging.page(found, key=key, cursor=request.GET.get("cursor"))
    rows = [_row(each, at) for each in queries.lines(page.rows)]
    if answer := live.unchanged(request, rows):
        return answer
    context = {
        "form": form, "page": page, "rows": rows, "at": at, "columns": _columns(),
        "may_take": access.may(request.posting, Permission.TAKE_REPORT),
    }  # fmt: skip
    return render(request, "feedback/home.html", context)


def narrowed(
    posting: Posting, asked: Mapping[str, str], at: datetime
) -> tuple[QuerySet[Report], QueueFilter]:
    """The reports of a posting that the filter of the page leaves."""
    form = QueueFilter(asked)
    given = form.cleaned_data if form.is_valid() else {}
    whose = given.get("whose") or ("all" if not access.may(posting, Permission.HANDLE_REPORT) else "")
    found = queries.ended_reports(posting) if whose == "ended" else queries.open_reports(posting)
    if whose in ("", "late"):
        found = queries.with_us(found, posting)
    if whose == "late":
        found = found.filter(Q(due__lte=at))
    if given.get("category"):
        found = found.filter(category=given["category"])
    if given.get("code"):
        found = found.filter(code=given["code"])
    return found, form


def _columns() -> list[Column]:
    return [
        Column(_("About")), Column(_("Due")), Column(_("State")), Column(_("Area")), Column(_("With")),
        Column(_("Filed")),
    ]  # fmt: skip


def _row(each: ReportLine, at: datetime) -> Row:
    report, turn = each.report, each.turn
    return Row(
        (category_name(report), words.left(turn.due_at, at) if turn else "", words.state_badge(each.state),
         where(report.area), turn.area.name if turn else "", _moment(report.filed_at)),
        url=f"/feedback/{report.pk}/", key=str(report.pk), name=format_code(report.code),
        late=turn is not None and turn.due_at <= at,
    )  # fmt: skip


def _moment(at: datetime) -> str:
    return f"{at.astimezone(clock.zone()):%H:%M %d/%m/%Y}"


@door(Permission.VIEW_REPORTS)
@require_safe
@answering
def report(request: DeskRequest, number: int) -> HttpResponse:
    """One report: its clock, what was done with it, reports that may be the same, and what may be done now."""
    return report_page(request, number)


def report_page(request: DeskRequest, number: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    at, posting = clock.now(), request.posting
    row = queries.report_for(posting, number)
    [each] = queries.lines([row])
    policy = queries.rules_of(row)
    category = queries.category_of(policy, row.category)
    context = {
        "report": row, "code": format_code(row.code), "category": category_name(row), "where": where(row.area),
        "line": each, "badge": words.state_badge(each.state), "open": each.turn is not None, "at": at,
        "left": words.left(each.turn.due_at, at) if each.turn else "", "rule": category, "basis": policy.basis,
        "office": where(each.turn.area) if each.turn else "", "channel": words.CHANNEL[row.channel],
        "may_read": queries.may_read(posting, row, at=at), "mine": queries.is_mine(posting, row, at=at),
        "taken": row.claimed_until is not None and row.claimed_until > at,
        "photos": Photo.objects.filter(report=row).order_by("number").values("number", "width", "height"),
        "history": _history(row), "joins": _joins(row),
        "alike": queries.possible_duplicates(row) if each.turn else [],
        "may_handle": access.may(posting, Permission.HANDLE_REPORT),
        "templates": [queries.in_language(t) for t in _templates(row)],
        "answer_form": forms.get("answer") or AnswerForm(auto_id="answer_%s", initial=_begun(request, row)),
        "hand_form": forms.get("hand") or HandOnForm(auto_id="hand_%s"),
        "refuse_form": forms.get("refuse") or RefuseForm(auto_id="refuse_%s"),
    }  # fmt: skip
    return render(request, "feedback/report.html", context, status=status)


def _templates(row: Report) -> list[Template]:
    return [t for t in queries.rules_of(row).templates if not t.categories or row.category in t.categories]


def _begun(request: DeskRequest, row: Report) -> dict[str, str]:
    """?template=: the beginning of an answer."""
    wanted = line(request.GET.get("template"), 10)
    texts = _templates(row)
    chosen = int(wanted) if wanted.isascii() and wanted.isdigit() else 0
    return {"text": queries.in_language(texts[chosen - 1])} if 0 < chosen <= len(texts) else {}


def _history(row: Report) -> list[dict[str, Any]]:
    """What was done and whose turn it was, in order."""
    turns = [
        {"at": t.begins_at, "what": words.TURN[t.reason], "who": where(t.area), "by": t.by, "text": t.note}
        for t in row.turns.select_related("area", "by")
    ]
    ended = row.steps.filter(kind__in=["answered", "not-ours", "closed"]).select_related("area", "by")
    steps = [
        {"at": s.at, "what": words.STEP[s.kind], "who": where(s.area), "by": s.by, "text": s.text}
        for s in ended
    ]
    return sorted(turns + steps, key=lambda entry: entry["at"])


def _joins(row: Report) -> list[Join]:
    """Reports joined to this one, or the one to which this is joined."""
    now = Join.objects.filter(undone_at__isnull=True).select_related("kept", "duplicate")
    return [*now.filter(kept=row), *now.filter(duplicate=row)]


@door(Permission.VIEW_REPORTS)
@require_safe
@answering
def photo(request: DeskRequest, number: int, photo: int) -> HttpResponse:
    """One of the pictures, for who may read the report."""
    row = queries.report_for(request.posting, number)
    found = Photo.objects.filter(report=row, number=photo).first() if photo <= MOST_PHOTOS else None
    if found is None or not queries.may_read(request.posting, row, at=clock.now()):
        raise Http404
    answer = HttpResponse(bytes(found.body), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


@door(Permission.VIEW_REPORTS)
@require_safe
def statistics(request: DeskRequest) -> HttpResponse:
    """The last 90 days, by category and by the units below the posting's."""
    at, area = clock.now(), request.posting.area
    recent = queries.since(queries.reports(request.posting), at - timedelta(days=90))
    units = {a.path: a for a in Area.objects.filter(parent=area).order_by("pk")} if area else {}
    names = queries.category_names(at)
    about = [
        queries.Counted(names.get(r.key, r.key), r.filed, r.answered, r.late)
        for r in queries.by_category(recent)
    ]
    tables = [(_("By what it is about"), about)]
    if units:
        tables.append((_("By area"), queries.by_area(recent, units)))
    return render(request, "feedback/statistics.html", {"tables": tables, "at": at})
