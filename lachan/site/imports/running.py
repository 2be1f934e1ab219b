"""One import from its first byte to its report."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from itertools import islice
from pathlib import Path

import click
from django.db import connection
from django.utils.translation import gettext as _

from lachan.core import actors, clock
from lachan.core.models import Delivery, EventRow, Identifier, Person
from lachan.platform import policies
from lachan.site.imports.areas import import_areas
from lachan.site.imports.cases import CaseTaker
from lachan.site.imports.contacts import ContactTaker
from lachan.site.imports.mapping import Mapped, by_own_names, read_mapping
from lachan.site.imports.reading import Table, open_table
from lachan.site.imports.report import Report, report_to
from lachan.site.imports.rows import BadFile, Record, Verdict
from lachan.systems.tracing.models import Case, CaseFinding, Exposure

BATCH = 1_000
SOME_REFUSED = 2

Take = Callable[[Sequence[Record]], Sequence[Verdict]]


def main(
    kind: str, file: Path, *, mapping: Path | None, report: Path | None = None, country: str = "VN"
) -> None:
    """Import, print the totals, end the program with 2 where rows were refused, 1 where the file was."""
    started = time.monotonic()
    try:
        with report_to(report or Path(f"{file}.report.csv")) as made:
            if kind == "areas":
                import_areas(file, made, country=country)
            else:
                import_rows(kind, file, made, mapping=mapping)
    except BadFile as error:
        raise click.ClickException(str(error.message)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    _print(made, time.monotonic() - started)
    if made.totals.refused:
        raise SystemExit(SOME_REFUSED)


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
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def _prepared(kind: str, file: Path, mapping: Path | None) -> tuple[Mapped, Table]:
    if mapping is None:
        table = open_table(file, wanted=())
        return by_own_names(file, table.columns, kind), table
    mapped = read_mapping(mapping, kind)
    table = open_table(file, wanted=mapped.wanted, encoding=mapped.encoding, delimiter=mapped.delimiter)
    return mapped, table


def batches(records: Iterable[Record | Verdict], size: int) -> Iterator[list[Record | Verdict]]:
    records = iter(records)
    while batch := list(islice(records, size)):
        yield batch


def verdicts(batch: Sequence[Record | Verdict], take: Take) -> list[Verdict]:
    """One verdict for each row of the batch, in order."""
    told = [row for row in batch if isinstance(row, Verdict)]
    told += take([row for row in batch if isinstance(row, Record)])
    return sorted(told, key=lambda verdict: verdict.number)


def _print(report: Report, seconds: float) -> None:
    t = report.totals
    line = _("{read} rows read = {taken} taken ({already} of them already there) + {refused} refused")
    click.echo(line.format(read=t.read, taken=t.taken, already=t.already, refused=t.refused))
    for (code, words), count in sorted(report.reasons.items(), key=lambda reason: -reason[1])[:20]:
        click.echo(f"  {count} × {code}: {words}")
    click.echo(_("Row by row: {path} ({seconds} s)").format(path=report.path, seconds=f"{seconds:.1f}"))
