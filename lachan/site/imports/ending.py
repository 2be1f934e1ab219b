"""How an import of rows ends: a file that cannot be read in words, the totals, and a code that a script can ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import click
from django.utils.translation import gettext as _

from lachan.core.errors import Refusal
from lachan.platform.lists import Report

SOME_REFUSED = 2


class Counts(Protocol):
    """`read` = `taken` + `refused`; `already` of what was taken was there before."""

    read: int
    taken: int
    already: int
    refused: int


@contextmanager
def refusals_said() -> Iterator[None]:
    """What keeps a whole file from being read ends the program with 1, in words."""
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error


def say(counts: Counts, report: Report, seconds: float) -> None:
    """The totals, the commonest reasons, where each row stands."""
    line = _("{read} rows read = {taken} taken ({already} of them already there) + {refused} refused")
    click.echo(
        line.format(read=counts.read, taken=counts.taken, already=counts.already, refused=counts.refused)
    )
    for (code, words), count in sorted(report.reasons.items(), key=lambda reason: -reason[1])[:20]:
        click.echo(f"  {count} × {code}: {words}")
    click.echo(_("Row by row: {path} ({seconds} s)").format(path=report.path, seconds=f"{seconds:.1f}"))
    if counts.refused:
        raise SystemExit(SOME_REFUSED)
