"""`lachan codes`: the keys of personal codes, in one file beside the secret key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from lachan.site.cli.running import console, print_rows, set_up_django

if TYPE_CHECKING:
    from pathlib import Path

    from lachan.platform.code_keys import CodeKeys

DAY = click.DateTime(formats=["%Y-%m-%d", "%d/%m/%Y"])
AHEAD = timedelta(days=7)


@click.group()
def codes() -> None:
    """Make, renew and list the keys of personal codes.

    One pair of keys signs what is printed, one secret makes what telephones show. They are not in the database: with
    several machines, give each the same file (LACHAN_CODE_KEYS).

    \b
    Example: lachan codes make
    """


@codes.command()
def make() -> None:
    """Make the file with the first keys. One that is there already is left alone.

    \b
    Example: lachan codes make
    """
    path, on = _begin()
    from lachan.platform import code_keys

    if path.exists():
        raise click.ClickException(f"{path} is there already. Another key: lachan codes renew printed")
    keys = code_keys.with_printed(code_keys.CodeKeys(), since=on, on=on)
    code_keys.save(path, code_keys.with_live(keys, since=on, on=on))
    console.print(f"[green]✓[/green] {path}: keep a copy apart from the database's dumps.")


@codes.command()
@click.argument("sort", type=click.Choice(["printed", "live"]))
@click.option("--since", type=DAY, help="First day on which it is used; else a week from today.")
def renew(sort: str, since: datetime | None) -> None:
    """Add the next key. It is accepted at once, and used from its day on; give the file to all machines before.

    What older keys signed stays good. Where a secret has leaked: --since today, then `withdraw` the old name.

    \b
    Example: lachan codes renew printed
             lachan codes renew live --since 2027-01-01
    """
    path, on = _begin()
    from lachan.platform import code_keys

    begins = since.date() if since else on + AHEAD
    if begins < on:
        raise click.BadParameter("a day that is past", param_hint="--since")
    add = code_keys.with_printed if sort == "printed" else code_keys.with_live
    code_keys.save(path, add(_kept(path), since=begins, on=on))
    console.print(f"[green]✓[/green] Used from {begins} on. Give {path} to the other machines before.")


@codes.command()
@click.argument("name")
@click.confirmation_option(prompt="All codes printed with this key will be checked at gates. Withdraw it?")
def withdraw(name: str) -> None:
    """Believe nothing any more that the printed key of this name signed, because its secret leaked.

    \b
    Example: lachan codes withdraw 7K3M
    """
    path, on = _begin()
    from lachan.platform import code_keys

    try:
        left = code_keys.without(_kept(path), name.upper())
    except KeyError as error:
        raise click.ClickException(f"No key is called {name}. See: lachan codes list") from error
    code_keys.save(path, left)
    console.print(f"[green]✓[/green] {name.upper()} is withdrawn.")
    if left.signing(on) is None:
        console.print(
            "[yellow]No key signs now. Run: lachan codes renew printed --since today's date[/yellow]"
        )


@codes.command("list")
def list_() -> None:
    """Show the keys: names, public halves, first days. Secrets are not shown.

    \b
    Example: lachan codes list
    """
    path, on = _begin()
    keys = _kept(path)
    rows: list[Sequence[str]] = []
    used, shown = keys.signing(on), keys.showing(on)
    for printed in keys.printed:
        public = printed.public.public_bytes_raw().hex()
        stage = _stage(printed is used, printed.since, on)
        rows.append(["printed", printed.name, str(printed.since), public, stage])
    rows += [["live", "", str(live.since), "", _stage(live is shown, live.since, on)] for live in keys.live]
    print_rows(("Sort", "Name", "From", "Public key", ""), rows)


def _stage(used: bool, since: date, on: date) -> str:
    if used:
        return "in use"
    return "not yet" if since > on else "still accepted"


def _begin() -> tuple[Path, date]:
    set_up_django()
    from django.conf import settings

    from lachan.core import clock

    return settings.CODE_KEYS, clock.local_date(clock.now())


def _kept(path: Path) -> CodeKeys:
    from lachan.platform import code_keys

    try:
        return code_keys.parsed(path.read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise click.ClickException(f"{path} is not there. Run: lachan codes make") from error
    except ValueError as error:
        raise click.ClickException(f"{path}: {error}") from error
