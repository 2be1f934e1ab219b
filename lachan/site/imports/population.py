"""`lachan import population`: how many people live in each unit, against which counts are judged."""

import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lachan.core import areas
from lachan.core.models import Area
from lachan.platform.lists import BadRow, Record, Report, Verdict, open_table, report_to
from lachan.site.imports.ending import refusals_said, say

MOST = 100_000_000
UNKNOWN = gettext_lazy("No unit of that day has this code.")
TWICE = gettext_lazy("The list names this unit before.")
NO_NUMBER = gettext_lazy("A population is a whole number of people, more than none.")


def main(file: Path, *, code: str, people: str, on: date, report: Path | None) -> None:
    """Import, print the totals, end the program with 2 where rows were refused, 1 where the file was."""
    started = time.monotonic()
    with refusals_said(), report_to(report or Path(f"{file}.report.csv")) as told:
        of_later = import_population(file, told, code=code, people=people, on=on)
    if of_later:
        click.echo(_("Units of today that were made of them: {n}").format(n=of_later))
    say(told.totals, told, time.monotonic() - started)


@transaction.atomic
def import_population(file: Path, report: Report, *, code: str, people: str, on: date) -> int:
    """Rows with the `code` of a unit of the day `on` and how many `people` live there. Units of today that were made
    of whole ones get their sum, once each of these is known; how many. Raises BadFile."""
    table = open_table(file, wanted=(code, people))
    units = {unit.code: unit for unit in areas.on(on).filter(level__gt=0)}
    found: dict[int, int] = {}
    for row in table.records():
        report.add(row if isinstance(row, Verdict) else _taken(row, code, people, units, found))
    _keep(found)
    return _add_up(list(found))


def _taken(row: Record, code: str, people: str, units: Mapping[str, Area], found: dict[int, int]) -> Verdict:
    unit, text = units.get(row.cells.get(code, "")), row.cells.get(people, "")
    if unit is None:
        return row.refused(BadRow(code, "area-unknown", UNKNOWN))
    if unit.pk in found:
        return row.refused(BadRow(code, "area-twice", TWICE))
    if not (text.isascii() and text.isdigit() and 0 < int(text[:12]) <= MOST and len(text) <= 12):
        return row.refused(BadRow(people, "population-number", NO_NUMBER))
    found[unit.pk] = int(text)
    return row.already(_("This is known.")) if unit.population == found[unit.pk] else row.taken()


def _keep(found: Mapping[int, int]) -> None:
    Area.objects.bulk_update(
        [Area(pk=pk, population=n) for pk, n in found.items()], ["population"], batch_size=2_000
    )


def _add_up(changed: Sequence[int]) -> int:
    """The sums of units made of whole ones, of which one has changed."""
    later = (
        Area.objects.filter(predecessors__old__in=changed).distinct().prefetch_related("predecessors__old")
    )
    sums = {unit.pk: _sum(unit) for unit in later}
    known = {pk: total for pk, total in sums.items() if total}
    _keep(known)
    return len(known)


def _sum(unit: Area) -> int:
    """0 where a part is divided or unknown."""
    parts = list(unit.predecessors.all())
    if any(part.share != 1 or part.old.population is None for part in parts):
        return 0
    return sum(part.old.population or 0 for part in parts)
