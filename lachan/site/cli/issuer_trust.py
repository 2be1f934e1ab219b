"""`lachan issuer trust`: the signers of other countries."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from lachan.site.cli.issuer import BY, OLD_FILE, actor_of, said
from lachan.site.cli.running import console, ready


@click.group()
def trust() -> None:
    """Signers of other countries: import, list, remove.

    \b
    Example: lachan issuer trust list
    """


@trust.command("import")
@click.argument("file", type=OLD_FILE)
@click.option("--country", required=True, metavar="CODE", help="Whose signers to take, for example FR.")
@click.option("--source", help="Where the file comes from; its name where nothing is said.")
@click.option("--authority", type=OLD_FILE, help="Certificate (DER) that must have issued each signer.")
@click.option("--revoked", type=OLD_FILE, help="What the country took back, as another Lá Chắn publishes it.")
@BY
def trust_import(
    file: Path, country: str, source: str | None, authority: Path | None, revoked: Path | None, by: str
) -> None:
    """Trust the signers of a country in FILE: the EU gateway's JSON, another Lá Chắn's list, or a DID document.

    The list takes the place of the one before. It is as old as it says, or as the file: amber after 24 hours.

    \b
    Example: lachan issuer trust import dsc.json --country FR --by an.tran
    """
    ready()
    from datetime import UTC, datetime

    from lachan.core import clock
    from lachan.issuer import commands

    at = clock.now()
    fetched_at = min(at, datetime.fromtimestamp(file.stat().st_mtime, UTC))
    row = said(
        lambda: commands.load_trust_list(
            country=country, content=file.read_bytes(), source=source or file.name, fetched_at=fetched_at,
            actor=actor_of(by), at=at, revoked=revoked.read_bytes() if revoked else None,
            authority=authority.read_bytes() if authority else None,
        )
    )  # fmt: skip
    count = row.signers.count()
    console.print(f"{row.country}: {count} signers trusted, as of {row.as_of:%Y-%m-%d %H:%M} UTC.")


@trust.command("list")
def trust_list() -> None:
    """Show each country's list: how many signers, valid from and until, how old, where it came from.

    \b
    Example: lachan issuer trust list
    """
    ready()
    from django.db.models import Count, Max, Min

    from lachan.codecs.hcert.verdict import lists_count
    from lachan.core import clock
    from lachan.issuer import queries

    at = clock.now()
    ends = {"n": Count("signers"), "first": Min("signers__not_before"), "last": Max("signers__not_after")}
    for row in queries.foreign_lists().annotate(**ends).values("country", "as_of", "source", *ends):
        shown = "[green]green[/green]" if lists_count(row["as_of"], at) else "[yellow]amber: old[/yellow]"
        console.print(
            f"{row['country']}  {row['n']} signers, valid {row['first']:%Y-%m-%d} to {row['last']:%Y-%m-%d}; as of"
            f" {row['as_of']:%Y-%m-%d %H:%M} UTC, {shown}; from {escape(row['source'])}",
            soft_wrap=True,
        )


@trust.command("remove")
@click.argument("country")
@BY
def trust_remove(country: str, by: str) -> None:
    """Trust the signers of COUNTRY no more.

    \b
    Example: lachan issuer trust remove FR --by an.tran
    """
    ready()
    from lachan.core import clock
    from lachan.issuer import commands, queries

    row = queries.foreign_lists().filter(country=country.upper()).first()
    if row is None:
        raise click.ClickException(f"No list of {country} is loaded.")
    said(lambda: commands.remove_trust_list(row=row, actor=actor_of(by), at=clock.now()))
    console.print(f"The signers of {row.country} are trusted no more.")
