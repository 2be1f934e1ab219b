"""`lachan import`: line lists and areas from files."""

from __future__ import annotations

from pathlib import Path

import click

from lachan.site.cli.running import ready

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
REPORT_OPTION = click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to say what became of each row. [default: FILE.report.csv]",
)


@click.group("import")
def import_() -> None:
    """Read cases, contacts or areas from CSV files; every row is taken or refused with its reason.

    \b
    Example: lachan import cases cases.csv --mapping cases.toml
    """


@import_.command()
@click.argument("file", type=FILE)
@click.option("--mapping", type=FILE, help="Which column is what.")
@REPORT_OPTION
def cases(file: Path, mapping: Path | None, report: Path | None) -> None:
    """Import a line list of cases. Importing the same file again changes nothing.

    Ends with 0 when every row was taken, 2 when some were refused, 1 when the file could not be read.

    \b
    Example: lachan import cases mers.cases.csv --mapping mers.toml
    """
    _run("cases", file, report, mapping=mapping)


@import_.command()
@click.argument("file", type=FILE)
@click.option("--mapping", type=FILE, help="Which column is what.")
@REPORT_OPTION
def contacts(file: Path, mapping: Path | None, report: Path | None) -> None:
    """Import pairs of cases and their contacts.

    \b
    Example: lachan import contacts mers.contacts.csv --mapping mers.toml
    """
    _run("contacts", file, report, mapping=mapping)


@import_.command()
@click.argument("file", type=FILE)
@click.option("--country", default="VN", show_default=True, metavar="CODE", help="The country of the units.")
@REPORT_OPTION
def areas(file: Path, country: str, report: Path | None) -> None:
    """Import the administrative units of another country.

    \b
    Example: lachan import areas units.csv --country LA
    """
    _run("areas", file, report, country=country)


def _run(
    kind: str, file: Path, report: Path | None, *, mapping: Path | None = None, country: str = "VN"
) -> None:
    ready()
    from lachan.site import imports

    imports.main(kind, file, mapping=mapping, report=report, country=country)
