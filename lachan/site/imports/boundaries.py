"""`lachan import boundaries`: outlines of units, with what was refused and why."""

from pathlib import Path

import click
from django.utils.translation import gettext as _

from lachan.core import actors, clock
from lachan.systems.riskmap.commands import CannotImport, import_boundaries

SHOWN = 20
SOME_REFUSED = 2


def main(file: Path, *, source: str, code_field: str = "") -> None:
    """Import, say what became of it, end the program with 2 where features were refused, 1 where the file was."""
    at = clock.now()
    try:
        made = import_boundaries(
            body=file.read_bytes(), source=source, code_field=code_field, actor=actors.system(at=at), at=at
        )
    except CannotImport as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    counts = {"taken": made.taken, "refused": len(made.refused)}
    click.echo(_("Outlines taken: {taken}; refused: {refused}").format(**counts))
    for each in made.refused[:SHOWN]:
        click.echo(f"  {each.number} {each.code}: {each.sentence}")
    if len(made.refused) > SHOWN:
        click.echo(_("  and {n} more").format(n=len(made.refused) - SHOWN))
    if made.refused:
        raise SystemExit(SOME_REFUSED)
