"""One import from its first byte to its report."""

import time
from contextlib import nullcontext
from pathlib import Path

import click
from django.db import connection
from django.utils.translation import gettext as _

from lachan.core import actors, clock
from lachan.core.models import Delivery, EventRow, Identifier, Person
from lachan.platform import policies
from lachan.platform.lists.reading import Table, open_table
from lachan.platform.lists.report import Report, report_to
from lachan.platform.lists.taking import Take, batches, verdicts
from lachan.platform.lists.workbooks import Book
from lachan.site.imports.areas import import_areas
from lachan.site.imports.cases import CaseTaker
from lachan.site.imports.contacts import ContactTaker
from lachan.site.imports.ending import refusals_said, say
from lachan.site.imports.mapping import Mapped, by_own_names, read_mapping
from lachan.systems.tracing.models import Case, CaseFinding, Exposure

BATCH = 1_000


def main(
    kind: str, file: Path, *, mapping: Path | None, report: Path | None = None, country: str = "VN"
) -> None:
    """Import, print the totals, end the program with 2 where rows were refused, 1 where the file was."""
    started = time.monotonic()
    with refusals_said(), report_to(report or Path(f"{file}.report.csv")) as made:
        if kind == "areas":
            import_areas(file, made, country=country)
        else:
            import_rows(kind, file, made, mapping=mapping)
    say(made.totals, made, time.monotonic() - started)


def import_rows(kind: str, file: Path, report: Report, *, mapping: Path | None) -> None:
    """Cases or contacts, a thousand rows a transaction. Raises BadFile."""
    mapped, table = _prepared(kind, file, mapping)
    unread = [c for c in table.columns if c not in mapped.wanted]
    if unread:
        click.echo(_("Columns that the mapping does not read: {columns}").format(columns=", ".join(unread)))
    at = clock.now()
    actor = actors.system(at=at)
    take: Take = (CaseTaker if kind == "cases" else ContactTaker)(mapped, actor=actor, at=at)
    with policies.under(mapped.policy) if mapped.policy else nullcontext():
        for batch in batches(table.records(), BATCH):
            for verdict in verdicts(batch, take):
                report.add(verdict)
    if report.totals.taken - report.totals.already >= BATCH:
        _know_sizes()


def _know_sizes() -> None:
    """Let the planner know how the tables grew, before workers take up the many new events."""
    tables = [
        model._meta.db_table
        for model in (Person, Identifier, EventRow, Delivery, Case, CaseFinding, Exposure)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_analyze(%s)", [tables])


def _prepared(kind: str, file: Path, mapping: Path | None) -> tuple[Mapped, Table | Book]:
    if mapping is None:
        table = open_table(file, wanted=())
        return by_own_names(file, table.columns, kind), table
    mapped = read_mapping(mapping, kind)
    table = open_table(file, wanted=mapped.wanted, encoding=mapped.encoding, delimiter=mapped.delimiter)
    return mapped, table
