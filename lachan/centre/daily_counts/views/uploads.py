"""Sending a list, what became of it, and what waits for a person."""

import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.centre.daily_counts import commands, words
from lachan.centre.daily_counts.commands import Outcome
from lachan.centre.daily_counts.drawing import chart
from lachan.centre.daily_counts.forms import DecisionForm, UploadForm
from lachan.centre.daily_counts.queries import standing
from lachan.centre.models import CountUpload, DailyCount
from lachan.core import areas, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import paging
from lachan.platform.pages import Answers, answering, day_text
from lachan.platform.screen import Badge, Column, Row

MOST_SHOWN = 200
_answers = Answers("centre")


@door(Permission.IMPORT_COUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def counts(request: DeskRequest) -> HttpResponse:
    """The lists that were sent, the latest first; POST file=: one more."""
    form, status = UploadForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _import(request, form.cleaned_data["file"])
            except Refusal as refusal:
                form.refuse(refusal, "file")
            else:
                sentence = (
                    _("This file was imported before; nothing has changed.") if made.again else _("Imported.")
                )
                return _answers.done(request, sentence, "counts_upload", made.upload.pk)
    page = paging.page(
        standing.uploads(request.posting), key=("-uploaded_at", "-pk"), cursor=request.GET.get("cursor")
    )
    context = {
        "form": form, "page": page, "rows": [_upload_row(u) for u in page.rows], "columns": _upload_columns(),
        "waiting": standing.held(request.posting).count(), "at": clock.now(),
        "uncounted": standing.without_population(request.posting, clock.local_date(clock.now())),
    }  # fmt: skip
    return render(request, "centre/counts.html", context, status=status)


def _import(request: DeskRequest, file: Any) -> Outcome:
    with tempfile.NamedTemporaryFile(prefix="lachan-counts-") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        name = "".join(c for c in file.name if c.isprintable())
        return commands.import_counts(
            file=Path(kept.name), name=name, within=request.posting.area, actor=request.actor, at=clock.now()
        )


def _upload_columns() -> list[Column]:
    return [
        Column(_("List")), Column(_("Sent")), Column(_("Sent by")), Column(_("Rows"), numeric=True),
        Column(_("Rows taken"), numeric=True), Column(_("Held back"), numeric=True), Column(_("Refused"), numeric=True),
    ]  # fmt: skip


def _upload_row(upload: CountUpload) -> Row:
    sent = f"{upload.uploaded_at.astimezone(clock.zone()):%H:%M %d/%m/%Y}"
    return Row(
        (upload.name, sent, upload.by.name, upload.received, upload.taken, upload.held, upload.refused),
        url=reverse("centre:counts_upload", args=[upload.pk]), key=str(upload.pk), name=upload.name,
    )  # fmt: skip


@door(Permission.IMPORT_COUNTS)
@require_safe
@answering
def upload(request: DeskRequest, number: int) -> HttpResponse:
    """What became of the rows of one list."""
    found = standing.upload_for(request.posting, number)
    held = standing.held_of(found, request.posting)
    refused = found.refusals.order_by("number")
    context = {
        "upload": found, "at": clock.now(),
        "held": [held_line(row) for row in held[:MOST_SHOWN]], "held_count": held.count(),
        "held_columns": held_columns(),
        "refused": [_refused_row(r.number, r.column, r.code) for r in refused[:MOST_SHOWN]],
        "refused_columns": [Column(_("Row"), numeric=True), Column(_("Column")), Column(_("Reason"))],
        "refused_count": refused.count(), "shown": MOST_SHOWN,
    }  # fmt: skip
    return render(request, "centre/counts_upload.html", context)


def _refused_row(number: int, column: str, code: str) -> Row:
    return Row((number, column, words.refused(code)), key=str(number))


def held_columns() -> list[Column]:
    return [
        Column(_("Province")), Column(_("Day")), Column(_("New cases"), numeric=True), Column(_("Why it is held back")),
        Column(_("Decision")),
    ]  # fmt: skip


def held_line(row: DailyCount) -> Row:
    why = words.held(row.hold, cases=row.cases, against=row.against)
    return Row(
        (row.area.name, day_text(row.day), row.cases, why, decision_badge(row)),
        url=reverse("centre:held_count", args=[row.pk]), key=str(row.pk), name=f"{row.area.name} {row.day:%d/%m/%Y}",
    )  # fmt: skip


def decision_badge(row: DailyCount) -> Badge:
    made = getattr(row, "decision", None)
    if made is None:
        return Badge(_("waiting"), "warn")
    return Badge(words.VERDICT[made.verdict], "ok" if made.verdict == "released" else "stop")


@door(Permission.IMPORT_COUNTS)
@require_safe
def held_counts(request: DeskRequest) -> HttpResponse:
    """Rows that wait for a person, the latest first."""
    found = standing.held(request.posting)
    page = paging.page(found, key=("-pk",), cursor=request.GET.get("cursor"))
    context = {
        "page": page, "rows": [held_line(row) for row in page.rows], "columns": held_columns(), "at": clock.now(),
    }  # fmt: skip
    return render(request, "centre/held_counts.html", context)


@door(Permission.IMPORT_COUNTS)
@require_safe
@answering
def held_count(request: DeskRequest, number: int) -> HttpResponse:
    """One row that is held: its reason, the days around it, and the decision."""
    return _held_page(request, number, DecisionForm())


def _held_page(request: DeskRequest, number: int, form: DecisionForm, status: int = 200) -> HttpResponse:
    row = standing.held_row(request.posting, number)
    around = standing.around(row)
    context = {
        "row": row, "where": areas.full_name(row.area), "form": form, "at": clock.now(),
        "why": words.held(row.hold, cases=row.cases, against=row.against),
        "decision": getattr(row, "decision", None), "badge": decision_badge(row),
        "others": standing.rows_of_day(row), "chart": chart(around, {row.day: row.cases}),
        "days": sorted({**around, row.day: row.cases}.items()), "number": number,
    }  # fmt: skip
    return render(request, "centre/held_count.html", context, status=status)


@door(Permission.IMPORT_COUNTS)
@require_POST
@answering
def decide_count(request: DeskRequest, number: int) -> HttpResponse:
    """POST verdict=released|rejected, reason=."""
    row, form = standing.held_row(request.posting, number), DecisionForm(request.POST)
    if not form.is_valid():
        return _held_page(request, number, form, 422)
    decide = commands.release_count if request.POST.get("verdict") == "released" else commands.reject_count
    try:
        decide(count=row, reason=form.cleaned_data["reason"], actor=request.actor, at=clock.now())
    except Refusal as refusal:
        form.refuse(refusal)
        return _held_page(request, number, form, refusal.status)
    return _answers.done(request, _("Your decision is written down."), "held_counts")
