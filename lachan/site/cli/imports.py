"""`lachan import`: line lists and areas from files."""

from __future__ import annotations

from pathlib import Path

import click

from lachan.site.cli.running import ready

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import")
def import_() -> None:
    """Read cases, contacts or areas from CSV files; every row is taken or refused with its reason.

    \b
    Example: lachan import cases cases.csv --mapping cases.toml
    """


@import_.command()
@click.argument("file", type=FILE)
@click.option("--mapping", type=FILE, help="Which column is what.")
def cases(file: Path, mapping: Path | None) -> None:
    """Import a line list of cases. Importing the same file again changes nothing.

    \b
    Example: lachan import cases mers.cases.csv --mapping mers.toml
    """
    _run("cases", file, mapping)


@import_.command()
@click.argument("file", type=FILE)
@click.option("--mapping", type=FILE, help="Which column is what.")
def contacts(file: Path, mapping: Path | None) -> None:
    """Import pairs of cases and their contacts.

    \b
    Example: lachan import contacts mers.contacts.csv --mapping mers.toml
    """
    _run("contacts", file, mapping)


@import_.command()
@click.argument("file", type=FILE)
def areas(file: Path) -> None:
    """Import the administrative units of another country.

    \b
    Example: lachan import areas units.csv
    """
    _run("areas", file, None)


def _run(kind: str, file: Path, mapping: Path | None) -> None:
    ready()
    from lachan.site import imports

    imports.main(kind, file, mapping=mapping)
