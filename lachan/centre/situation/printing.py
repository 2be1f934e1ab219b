"""The situation report: A4 as PDF, and a workbook with the same figures and every day of the curves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook

from lachan.centre.situation import words
from lachan.centre.situation.rules.measures import RATIOS
from lachan.centre.situation.showing import change, shown
from lachan.centre.situation.summary import Below, Line, Summary
from lachan.core import areas
from lachan.platform.exports.sheets import harmless

DOCUMENT = Path(__file__).resolve().parent / "documents" / "report.typ"
MOST_UNITS = 200
UNIT_COLUMNS = ("positivity", "contacts_timely", "doses")


def pdf(found: Summary, *, language: str) -> bytes:
    with override(language):
        said = json.dumps(_said(found, language))
    made = typst.compile(
        str(DOCUMENT),
        root=str(DOCUMENT.parent),
        sys_inputs={"said": said},
        format="pdf",
        ignore_system_fonts=True,
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _said(found: Summary, language: str) -> dict[str, Any]:
    return {
        "lang": language, "title": title(found), "lead": _lead(found), "notes": list(notes(found)), "heads": heads(),
        "groups": [
            {"title": str(name), "rows": [_row(found.line(m)) for m in (*flows, *levels)]}
            for name, flows, levels in words.GROUPS
        ],
        "below": {
            "title": _("Units below, what hurts most first"), "heads": unit_heads(),
            "rows": [_unit(each) for each in found.below[:MOST_UNITS]],
        },
        "footer": f"Lá Chắn · {title(found)} · {_lead(found)}",
    }  # fmt: skip


def title(found: Summary) -> str:
    return _("Situation report: %(area)s") % {"area": areas.full_name(found.area)}


def _lead(found: Summary) -> str:
    return _("as of %(moment)s") % {"moment": f"{timezone.localtime(found.as_of):%H:%M %d/%m/%Y}"}


def notes(found: Summary) -> Iterator[str]:
    """How far the figures may be trusted."""
    at = f"{timezone.localtime(found.levels_as_of):%H:%M %d/%m/%Y}"
    yield _("What stands now is as of %(moment)s.") % {"moment": at}
    if found.recount is None:
        yield _("The figures have not been counted again from the events yet.")
        return
    n = found.recount.differences.count()
    made = f"{timezone.localtime(found.recount.made_at):%H:%M %d/%m/%Y}"
    given = {"moment": made, "n": n}
    if n:
        yield (
            _("Counted again on %(moment)s: %(n)s figures of the country differed and were set right.")
            % given
        )
    else:
        yield _("Counted again on %(moment)s: no difference.") % given


def heads() -> list[str]:
    return [_("Figure"), _("Today"), _("Yesterday"), _("7 days"), _("7 days before"), _("Change")]


def unit_heads() -> list[str]:
    meanings = [str(words.MEANINGS[m].label) for m in UNIT_COLUMNS]
    cases = [_("Cases today"), _("Cases yesterday"), _("Cases in 7 days")]
    return [_("Unit"), _("What hurts"), *cases, *meanings]


def _row(line: Line) -> list[str]:
    past = (line.yesterday, line.week, line.before)
    told = [shown(line.measure, value) if line.curve else "" for value in past]
    return [str(words.MEANINGS[line.measure].label), shown(line.measure, line.today), *told, change(line)]


def _unit(each: Below) -> list[str]:
    cases = (each.today.get("cases", 0), each.yesterday.get("cases", 0), each.week("cases"))
    hurts = ", ".join(str(words.SIGNS[code]) for code in each.signs)
    shares = [shown(m, each.week(m)) for m in UNIT_COLUMNS]
    return [each.area.name, hurts or "–", *(shown("cases", n) for n in cases), *shares]


def workbook(found: Summary, *, language: str) -> bytes:
    """Sheets: figures, units below, days, what each figure counts."""
    book, file = Workbook(), BytesIO()
    with override(language):
        book.remove(book.worksheets[0])
        _sheet(
            book,
            _("Figures"),
            [[title(found)], [_lead(found)], *([n] for n in notes(found)), [], *_figures(found)],
        )
        _sheet(book, _("Units below"), [unit_heads(), *map(_unit_values, found.below)])
        _sheet(book, _("Days"), _days(found))
        _sheet(book, _("Definitions"), _definitions())
    book.save(file)
    return file.getvalue()


def _sheet(book: Workbook, name: str, rows: Iterable[Sequence[object]]) -> None:
    sheet = book.create_sheet(name[:31])
    for row in rows:
        sheet.append([None if value is None else harmless(value) for value in row])
    for letter, width in (("A", 34), ("B", 20)):
        sheet.column_dimensions[letter].width = width


def _figures(found: Summary) -> Iterator[Sequence[object]]:
    """Numbers as numbers; of shares and means what they are measured in stands beside the name."""
    yield heads()
    for _title, flows, levels in words.GROUPS:
        for line in map(found.line, (*flows, *levels)):
            name = f"{words.MEANINGS[line.measure].label}{_unit_of(line.measure)}"
            yield [name, line.today, line.yesterday, line.week, line.before, line.change]


def _unit_of(measure: str) -> str:
    rule = RATIOS.get(measure)
    return "" if rule is None else " (%)" if rule.per_cent else f" ({_('h')})"


def _unit_values(each: Below) -> list[object]:
    cases = (each.today.get("cases", 0), each.yesterday.get("cases", 0), each.week("cases"))
    hurts = ", ".join(str(words.SIGNS[code]) for code in each.signs)
    return [areas.full_name(each.area), hurts, *cases, *(each.week(m) for m in UNIT_COLUMNS)]


def _days(found: Summary) -> Iterator[list[object]]:
    measures = [m for _title, flows, _levels in words.GROUPS for m in flows]
    yield [_("Day"), *(str(words.MEANINGS[m].label) + _unit_of(m) for m in measures)]
    curves = [found.line(m).curve for m in measures]
    for i, day in enumerate(found.days):
        yield [day, *(curve[i] for curve in curves)]


def _definitions() -> Iterator[list[object]]:
    yield [_("Figure"), _("What is counted"), _("Day"), _("Source")]
    for meaning in words.MEANINGS.values():
        yield [str(meaning.label), str(meaning.what), str(meaning.day), meaning.source]
