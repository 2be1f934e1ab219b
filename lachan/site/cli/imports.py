"""`lachan import`: line lists and areas from files."""

from __future__ import annotations

from datetime import datetime
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


@import_.command("cases-daily")
@click.argument("file", type=FILE)
@REPORT_OPTION
def cases_daily(file: Path, report: Path | None) -> None:
    """Import daily numbers of provinces that only send numbers (CSV or XLSX: date, province or code, new_cases; may be
    new_deaths, total_cases). What cannot be right is held back until a person has looked.

    Ends with 0 when every row was taken, 2 when some were held back or refused, 1 when the file could not be read.

    \b
    Example: lachan import cases-daily provinces.csv
    """
    ready()
    from lachan.site.imports import daily_counts

    daily_counts.main(file, report=report)


@import_.command()
@click.argument("file", type=FILE)
@click.option("--gate", required=True, metavar="CODE", help="The border gate, for instance HAN.")
@click.option("--number", required=True, help="The flight, voyage, train or number plate.")
@click.option("--day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day of arrival.")
@REPORT_OPTION
def manifest(file: Path, gate: str, number: str, day: datetime, report: Path | None) -> None:
    """Import who is on a vessel (CSV or XLSX, of any length) that was announced on the page of its gate.

    Ends with 0 when every row was taken, 2 when some were refused, 1 when the file could not be read.

    \b
    Example: lachan import manifest passengers.csv --gate HAN --number VN417 --day 2026-11-23
    """
    ready()
    from lachan.site.imports import manifests

    manifests.main(file, gate=gate, number=number, day=day, report=report)


@import_.command()
@click.argument("file", type=FILE)
@click.option("--source", required=True, help="Whose outlines they are, and their licence.")
@click.option("--code-field", default="", help="The property that holds the code of the unit.")
def boundaries(file: Path, source: str, code_field: str) -> None:
    """Import outlines of communes, districts or provinces of today from GeoJSON, for the map of epidemic levels.

    Ends with 0 when every feature was taken, 2 when some were refused, 1 when the file could not be read.

    \b
    Example: lachan import boundaries communes.geojson --source "Department of Maps, CC BY 4.0"
    """
    ready()
    from lachan.site.imports import boundaries as taking

    taking.main(file, source=source, code_field=code_field)


@import_.command()
@click.argument("file", type=FILE)
@click.option("--code", default="code", show_default=True, help="The column with the code of the unit.")
@click.option(
    "--people", default="population", show_default=True, help="The column with how many live there."
)
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="A day on which the units were these. [default: today]"
)
@REPORT_OPTION
def population(file: Path, code: str, people: str, on: datetime | None, report: Path | None) -> None:
    """Import how many people live in each unit. With it a count of more cases than can be is held back, and a unit of
    today that was made of whole ones has their sum.

    Ends with 0 when every row was taken, 2 when some were refused, 1 when the file could not be read.

    \b
    Example: lachan import population provinces.csv --code gso_code --people pop_2020 --on 2021-12-31
    """
    ready()
    from lachan.core import clock
    from lachan.site.imports import population as taking

    day = on.date() if on else clock.local_date(clock.now())
    taking.main(file, code=code, people=people, on=day, report=report)


def _run(
    kind: str, file: Path, report: Path | None, *, mapping: Path | None = None, country: str = "VN"
) -> None:
    ready()
    from lachan.site import imports

    imports.main(kind, file, mapping=mapping, report=report, country=country)
