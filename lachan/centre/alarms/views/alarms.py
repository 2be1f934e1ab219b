"""The queue of alarms, the page of one, and what is done with it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lachan.centre.alarms import commands, words
from lachan.centre.alarms.forms import AlarmFilter, AssignForm, CloseForm, DoneForm
from lachan.centre.alarms.queries import lists
from lachan.centre.alarms.queries.causes import rules_at
from lachan.centre.alarms.queries.evidence import evidence
from lachan.centre.alarms.queries.lists import AlarmLine
from lachan.centre.models import Alarm
from lachan.core import access, areas, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Posting
from lachan.platform import live, paging
from lachan.platform.forms import Form
from lachan.platform.pages import Answers, answering
from lachan.platform.screen import Column, Row

A_DAY = timedelta(days=1)
_answers = Answers("centre")


@door(Permission.ANSWER_ALARMS)
@require_safe
def alarms(request: DeskRequest) -> HttpResponse:
    """GET ?whose=&kind=&cursor=: what hurts most if it is left, first."""
    at = clock.now()
    found, form = _narrowed(request.posting, request.GET)
    key = ("-ended", "-pk") if form.data.get("whose") == "closed" else ("-urgency", "-pk")
    page = paging.page(found, key=key, cursor=request.GET.get("cursor"))
    rows = [_row(each, at) for each in lists.lines(page.rows)]
    if answer := live.unchanged(request, rows):
        return answer
    columns = [
        Column(_("Alarm")), Column(_("Area")), Column(_("How many"), numeric=True), Column(_("State")),
        Column(_("With")), Column(_("To be done by")), Column(_("Raised")),
    ]  # fmt: skip
    context = {"form": form, "page": page, "rows": rows, "columns": columns, "at": at}
    return render(request, "centre/alarms.html", context)


def _narrowed(posting: Posting, asked: Mapping[str, str]) -> tuple[QuerySet[Alarm], AlarmFilter]:
    form = AlarmFilter(asked)
    given = form.cleaned_data if form.is_valid() else {}
    found = _which(posting, given.get("whose") or "")
    return (found.filter(kind=given["kind"]) if given.get("kind") else found), form


def _which(posting: Posting, whose: str) -> QuerySet[Alarm]:
    if whose == "closed":
        return lists.alarms(posting).filter(closed_at__isnull=False).annotate(ended=F("closed_at"))
    if whose == "ours":
        return lists.with_us(lists.open_alarms(posting), posting)
    if whose == "new":
        return lists.to_verify(posting)
    return lists.to_close(posting) if whose == "over" else lists.open_alarms(posting)


def _row(each: AlarmLine, at: datetime) -> Row:
    alarm, task = each.alarm, each.task
    raised = f"{alarm.raised_at.astimezone(clock.zone()):%H:%M %d/%m/%Y}"
    name = f"{words.KIND[alarm.kind]}: {each.subject}" if each.subject else words.KIND[alarm.kind]
    return Row(
        (name, areas.full_name(alarm.area), alarm.count, words.state_badge(each.state),
         task.area.name if task else "", words.by_when(task.due_at, at) if task else "", raised),
        url=reverse("centre:alarm", args=[alarm.pk]), key=str(alarm.pk), name=words.KIND[alarm.kind],
        late=task is not None and task.due_at <= at,
    )  # fmt: skip


@door(Permission.ANSWER_ALARMS)
@require_safe
@answering
def alarm(request: DeskRequest, number: int) -> HttpResponse:
    """One alarm: why it was raised, its evidence, its task, what was done, and what may be done now."""
    return _page(request, number)


def _page(request: DeskRequest, number: int, *, status: int = 200, **forms: Form) -> HttpResponse:
    at, posting = clock.now(), request.posting
    row = lists.alarm_for(posting, number)
    [each] = lists.lines([row])
    mine, rules = lists.task_for(posting, row), rules_at(row.raised_at)
    context = {
        "alarm": row, "line": each, "name": words.KIND[row.kind], "why": words.why(row.kind, rules),
        "basis": rules.basis, "at": at,
        "badge": words.state_badge(each.state), "where": areas.full_name(row.area), "links": evidence(row, posting),
        "task": each.task, "office": areas.full_name(each.task.area) if each.task else "",
        "acknowledge_by": words.by_when(each.task.acknowledge_by, at) if each.task else "",
        "due": words.by_when(each.task.due_at, at) if each.task else "",
        "history": _history(row), "may_lead": access.may(posting, Permission.LEAD_ALARMS),
        "may_acknowledge": mine is not None and each.state == "assigned",
        "may_report": mine is not None and each.state == "acknowledged",
        "assign_form": forms.get("assign") or _assign_form(row, at),
        "done_form": forms.get("done") or DoneForm(auto_id="done_%s"),
        "close_form": forms.get("close") or CloseForm(auto_id="close_%s"),
    }  # fmt: skip
    return render(request, "centre/alarm.html", context, status=status)


def _assign_form(row: Alarm, at: datetime) -> AssignForm:
    return AssignForm(auto_id="assign_%s", initial={"area": row.area, "due_at": at + A_DAY})


def _history(row: Alarm) -> list[dict[str, Any]]:
    steps = row.steps.select_related("by", "area").order_by("at", "pk")
    raised = {"at": row.raised_at, "what": _("Raised"), "who": "", "by": "", "text": ""}
    return [
        raised,
        *(
            {"at": s.at, "what": words.STEP[s.kind], "who": areas.full_name(s.area) if s.area else "", "by": s.by,
             "text": s.text}
            for s in steps
        ),
    ]  # fmt: skip


@door(Permission.LEAD_ALARMS)
@require_POST
@answering
def verify(request: DeskRequest, number: int) -> HttpResponse:
    row = lists.alarm_for(request.posting, number)
    try:
        commands.verify_alarm(alarm=row, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return _answers.refused(request, refusal, "alarm", number)
    return _answers.done(request, _("Verified. Give it to a locality, or close it."), "alarm", number)


@door(Permission.LEAD_ALARMS)
@require_POST
@answering
def assign(request: DeskRequest, number: int) -> HttpResponse:
    form = AssignForm(request.POST, auto_id="assign_%s")

    def act(row: Alarm, at: datetime) -> None:
        given = form.cleaned_data
        _must_hold(request.posting, given["area"])
        commands.assign_alarm(
            alarm=row,
            area=given["area"],
            text=given["text"],
            due_at=given["due_at"],
            actor=request.actor,
            at=at,
        )

    return _acted(request, number, "assign", form, act, _("It is on the desk of the locality now."))


def _must_hold(posting: Posting, area: Any) -> None:
    if posting.area is None or not areas.holds(posting.area, area):
        raise commands.CannotHandle("task-elsewhere", _("Choose a unit within the area of your posting."))


@door(Permission.ANSWER_ALARMS)
@require_POST
@answering
def acknowledge(request: DeskRequest, number: int) -> HttpResponse:
    row = _answerable(request, number)
    try:
        commands.acknowledge_task(alarm=row, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return _answers.refused(request, refusal, "alarm", number)
    return _answers.done(request, _("Acknowledged. The task is yours."), "alarm", number)


def _answerable(request: DeskRequest, number: int) -> Alarm:
    """Whose task it is, or was until just now. Raises AlarmNotVisible."""
    row = lists.alarm_for(request.posting, number)
    if not lists.tasks(request.posting).filter(alarm=row).exists():
        raise lists.AlarmNotVisible
    return row


@door(Permission.ANSWER_ALARMS)
@require_POST
@answering
def done(request: DeskRequest, number: int) -> HttpResponse:
    _answerable(request, number)
    form = DoneForm(request.POST, auto_id="done_%s")

    def act(row: Alarm, at: datetime) -> None:
        commands.report_done(alarm=row, text=form.cleaned_data["text"], actor=request.actor, at=at)

    return _acted(request, number, "done", form, act, _("Reported. Who leads reads it and closes the alarm."))


@door(Permission.LEAD_ALARMS)
@require_POST
@answering
def close(request: DeskRequest, number: int) -> HttpResponse:
    form = CloseForm(request.POST, auto_id="close_%s")

    def act(row: Alarm, at: datetime) -> None:
        commands.close_alarm(alarm=row, text=form.cleaned_data["text"], actor=request.actor, at=at)

    return _acted(request, number, "close", form, act, _("The alarm is closed."))


def _acted(
    request: DeskRequest, number: int, name: str, form: Form, act: Callable[[Alarm, datetime], None], sentence: str
) -> HttpResponse:  # fmt: skip
    row = lists.alarm_for(request.posting, number)
    if not form.is_valid():
        return _page(request, number, status=422, **{name: form})
    try:
        act(row, clock.now())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, number, status=refusal.status, **{name: form})
    return _answers.done(request, sentence, "alarm", number)
