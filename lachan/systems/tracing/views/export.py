"""The line list as a file; each person in it is told of it in their log."""

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.systems.tracing import queries
from lachan.systems.tracing.views.cases import filtered
from lachan.systems.tracing.views.pieces import note

AT_ONCE = 2_000
FORMULA = ("=", "+", "-", "@")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(value: object) -> object:
    """A cell that a spreadsheet shows and never computes: text that would start a formula, also after blanks or in a
    later line of the cell, gets an apostrophe. Control characters go."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = "".join(c for c in value if c in "\t\n\r" or ord(c) >= 32)
    lines = text.replace("\r", "\n").split("\n")
    starts_formula = any(line.lstrip().startswith(FORMULA) for line in lines)
    return f"'{text}" if starts_formula or (text[:1] in "\t\r\n" and text) else text


def _rows(request: DeskRequest) -> Iterator[Sequence[object]]:
    """All that the page would show, page after page, in its order: a list that was cut looks like a whole one."""
    at = clock.now()
    found, _form = filtered(request)
    shown = found.order_by("-opened_at", "-pk").iterator(chunk_size=AT_ONCE)
    yield queries.HEADING
    while part := list(islice(shown, AT_ONCE)):
        note(request, [c.root for c in part], "line list export", at)
        yield from ([harmless(v) for v in row] for row in queries.line_list(part))


def _answer(content_type: str, ending: str) -> HttpResponse:
    day = clock.local_date(clock.now())
    answer = HttpResponse(content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="line-list-{day:%Y-%m-%d}.{ending}"'
    return answer


@door(Permission.EXPORT_LINE_LIST)
@require_safe
def line_list_csv(request: DeskRequest) -> HttpResponse:
    answer = _answer("text/csv; charset=utf-8", "csv")
    answer.write("\ufeff")
    csv.writer(answer).writerows(_rows(request))
    return answer


@door(Permission.EXPORT_LINE_LIST)
@require_safe
def line_list_xlsx(request: DeskRequest) -> HttpResponse:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("line list")
    for row in _rows(request):
        sheet.append([_cell(sheet, value) for value in row])
    held = BytesIO()
    book.save(held)
    answer = _answer(XLSX, "xlsx")
    answer.write(held.getvalue())
    return answer


def _cell(sheet: Any, value: Any) -> Any:
    """Text stays text: openpyxl would make a formula of what begins with `=`."""
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
