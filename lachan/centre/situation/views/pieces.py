"""Figures as pages show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lachan.centre.situation import words
from lachan.centre.situation.rules.measures import RATIOS
from lachan.centre.situation.showing import change, shown
from lachan.centre.situation.summary import Below, Line, Summary, Value
from lachan.platform.screen import Badge, Column, Row, Tone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WIDTH, HEIGHT, EDGE = 160, 32, 3
GOOD = frozenset(
    {"doses", "first_doses", "last_doses", "tests_timely", "contacts_timely", "reports_answered", "releases"}
)
BAD = frozenset(["cases", "positivity", "result_hours", "reports_late", "wasted_doses"])


@dataclass(frozen=True, slots=True)
class Tile:
    measure: str
    label: StrOrPromise
    today: str
    yesterday: str
    week: str
    change: str
    tone: Tone
    points: str


@dataclass(frozen=True, slots=True)
class Group:
    """`rows`: day by day, newest first."""

    title: StrOrPromise
    tiles: Sequence[Tile]
    columns: Sequence[Column]
    rows: Sequence[Row]


def groups(found: Summary) -> Iterator[Group]:
    for title, flows, levels in words.GROUPS:
        lines = [found.line(measure) for measure in (*flows, *levels)]
        curves = [line for line in lines if line.curve]
        yield Group(title, [tile(line) for line in lines], _columns(curves), _rows(found.days, curves))


def tile(line: Line) -> Tile:
    label = words.MEANINGS[line.measure].label
    yesterday, week = (shown(line.measure, n) if line.curve else "" for n in (line.yesterday, line.week))
    today = shown(line.measure, line.today)
    return Tile(line.measure, label, today, yesterday, week, change(line), _tone(line), points(line.curve))


def _tone(line: Line) -> Tone:
    """Of a change that is worth a look: a tenth, or a point of a share."""
    if line.measure == "reports_overdue":
        return "stop" if line.today else ""
    if line.change is None or abs(line.change) < (1 if line.measure in RATIOS else 10):
        return ""
    worse = line.change > 0 if line.measure in BAD else line.change < 0
    return "" if line.measure not in GOOD | BAD else "warn" if worse else "ok"


def points(curve: Sequence[Value]) -> str:
    """The curve as points of an SVG line from zero up; empty of fewer than two days that are known."""
    known = [(i, value) for i, value in enumerate(curve) if value is not None]
    if len(known) < 2:
        return ""
    top = max(value for _, value in known) or 1
    step = (WIDTH - 2 * EDGE) / (len(curve) - 1)
    return " ".join(
        f"{EDGE + i * step:.1f},{HEIGHT - EDGE - value / top * (HEIGHT - 2 * EDGE):.1f}" for i, value in known
    )


def _columns(curves: Sequence[Line]) -> list[Column]:
    labels = [Column(words.MEANINGS[line.measure].label, numeric=True) for line in curves]
    return [Column(_("Day")), *labels]


def _rows(days: Sequence[date], curves: Sequence[Line]) -> list[Row]:
    return [
        Row((f"{day:%d/%m/%Y}", *(shown(line.measure, line.curve[i]) for line in curves)))
        for i, day in reversed(list(enumerate(days)))
    ]


COLUMNS = ("positivity", "contacts_timely", "doses")
LEVEL_COLUMNS = ("orders_in_force", "free_beds", "reports_overdue")


def below_columns() -> list[Column]:
    cases = (_("Cases today"), _("Cases in 7 days"))
    meanings = [words.MEANINGS[m].label for m in (*COLUMNS, *LEVEL_COLUMNS)]
    return [
        Column(_("Unit")),
        Column(_("What hurts")),
        *(Column(c, numeric=True) for c in (*cases, *meanings)),
    ]


def below_rows(rows: Sequence[Below]) -> list[Row]:
    return [_below_row(each) for each in rows]


def _below_row(each: Below) -> Row:
    cells = [shown("cases", n) for n in (each.today.get("cases", 0), each.week("cases"))]
    cells += [shown(m, each.week(m)) for m in COLUMNS]
    cells += [shown(m, each.lately.now[m]) for m in LEVEL_COLUMNS]
    hurts, url = Signs(tuple(each.signs)), reverse("centre:area", args=[each.area.pk])
    return Row((each.area.name, hurts, *cells), url=url, key=str(each.area.pk), name=each.area.name)


@dataclass(frozen=True, slots=True)
class Signs:
    """Badges of what hurts; a dash where nothing does."""

    codes: tuple[str, ...]

    def __str__(self) -> SafeString:
        tones: dict[str, Tone] = {"rising": "stop", "no-bed": "stop"}
        badges = [(Badge(words.SIGNS[code], tones.get(code, "warn")),) for code in self.codes]
        if not badges:
            return SafeString("–")
        return format_html('<span class="cluster">{}</span>', format_html_join(" ", "{}", badges))
