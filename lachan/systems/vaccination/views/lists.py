"""Lists of organisations: handed in, read by a job, with a report of every row that was refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import live, pages, paging
from lachan.platform.exports.sheets import sheet
from lachan.platform.pages import answering
from lachan.platform.screen import Badge, Column, Row
from lachan.systems.vaccination import commands, queries, words, words_people
from lachan.systems.vaccination.commands.lists import MOST_BYTES
from lachan.systems.vaccination.commands.lists.accepting import CannotAccept
from lachan.systems.vaccination.commands.lists.columns import SHOWN
from lachan.systems.vaccination.forms_people import ListForm
from lachan.systems.vaccination.models import RegistrationList
from lachan.systems.vaccination.views.pieces import go

FIELD = {"organisation-missing": "organisation", "group-unknown": "group", "area-too-wide": "area"}


@door(Permission.TAKE_REGISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def lists(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: the lists of the area, the newest first. POST: hand one in."""
    form, status = ListForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return go("list", _accepted(request, form.cleaned_data).pk)
            except Refusal as refusal:
                form.refuse(refusal, FIELD.get(refusal.code, "file"))
                status = refusal.status
    found = queries.registration_lists(request.posting)
    page = paging.page(found, key=("-uploaded_at", "-pk"), cursor=request.GET.get("cursor"))
    context = {
        "form": form, "page": page, "rows": [_row(each) for each in page.rows], "shown": SHOWN,
        "columns": [Column(_("Organisation")), Column(_("Handed in")), Column(_("State")),
                    Column(_("Rows read"), numeric=True), Column(_("Rows taken"), numeric=True),
                    Column(_("Rows refused"), numeric=True)],
    }  # fmt: skip
    return render(request, "vaccination/lists.html", context, status=status)


def _accepted(request: DeskRequest, given: dict[str, Any]) -> RegistrationList:
    """Raises CannotAccept, BadFile, CannotRegister."""
    file = given["file"]
    if file.size > MOST_BYTES:
        raise CannotAccept("file-large")
    return commands.accept_list(
        body=file.read(), organisation=given["organisation"], area=given["area"], group=given["group"],
        actor=request.actor, at=clock.now(),
    )  # fmt: skip


def _row(each: RegistrationList) -> Row:
    return Row(
        (each.organisation, words_people.moment(each.uploaded_at), _state(each),
         *map(words.figure, (each.rows, each.taken, each.refused))),
        url=f"/vaccination/lists/{each.pk}/", key=str(each.pk), late=bool(each.failure),
    )  # fmt: skip


def _state(each: RegistrationList) -> Badge:
    if each.failure:
        return Badge(_("Broken off"), "stop")
    return Badge(_("Read"), "ok") if each.finished_at else Badge(_("Being read"), "accent")


@door(Permission.TAKE_REGISTRATION)
@require_safe
@never_cache
@answering
def list_(request: DeskRequest, number: int) -> HttpResponse:
    """How far a list is read, and the rows that were refused."""
    row, at = queries.registration_list_for(request.posting, number), clock.now()
    page = paging.page(row.errors.all(), key=("number", "pk"), cursor=request.GET.get("cursor"))
    rows = [Row((e.number, e.column, e.words), key=str(e.pk)) for e in page.rows]
    if answer := live.unchanged(request, [Row((row.rows, bool(row.finished_at)))]):
        return answer
    context = {
        "row": row, "page": page, "rows": rows, "at": at, "badge": _state(row),
        "columns": [Column(_("Row"), numeric=True), Column(_("Column")), Column(_("Why"))],
    }  # fmt: skip
    return render(request, "vaccination/list.html", context)


@door(Permission.TAKE_REGISTRATION)
@require_POST
@answering
def refused_rows(request: DeskRequest, number: int) -> HttpResponse:
    """POST: the rows that were refused as a file, for the organisation to mend."""
    row = queries.registration_list_for(request.posting, number)
    writer = sheet("csv")
    found = [[e.number, e.column, e.code, e.words] for e in row.errors.order_by("number")]
    body = writer.add([["row", "column", "code", "words"]]) + writer.add(found) + writer.end()
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{_day(clock.now())}-{row.pk}.csv"'
    return answer


def _day(at: datetime) -> str:
    return pages.day_text(clock.local_date(at)).replace("/", "-")
