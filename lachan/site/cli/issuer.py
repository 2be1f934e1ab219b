"""`lachan issuer`: the process that signs certificates, and the ceremonies of its keys."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lachan.site.cli.running import ISSUER, console, print_rows, ready

if TYPE_CHECKING:
    from lachan.issuer.models import SignerKey

NEW_FILE = click.Path(dir_okay=False, path_type=Path)
OLD_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
BY = click.option("--by", required=True, metavar="USERNAME", help="Who does it: the name of their sign-in.")


@click.group()
def issuer() -> None:
    """Sign certificates, and keep the keys that sign.

    \b
    Example: lachan issuer run
    """


def ready_to_sign() -> None:
    """Django with the database role of the issuer, never that of the web."""
    if own := os.environ.get("LACHAN_ISSUER_DATABASE_URL"):
        os.environ["DATABASE_URL"] = own
    elif os.environ.get("DATABASE_URL"):
        raise click.ClickException(
            "Set LACHAN_ISSUER_DATABASE_URL: the issuer has a role of its own (lachan issuer roles)."
        )
    else:
        from lachan.platform.folders import data_folder

        os.environ.setdefault("LACHAN_ISSUER_KEY_FILE", str(data_folder() / "issuer-key"))
    ready(role=ISSUER)


def said(work: Callable[[], Any]) -> Any:
    """What `work` gives; a refusal ends the program with its sentence, in English."""
    from django.utils import translation

    from lachan.core.errors import Refusal

    with translation.override("en"):
        try:
            return work()
        except Refusal as refusal:
            raise click.ClickException(str(refusal.message)) from refusal


@issuer.command()
def run() -> None:
    """Sign what waits, and publish the lists for verifiers. Any number may run; SIGTERM finishes the batch in hand.

    \b
    Example: LACHAN_ISSUER_KEY_FILE=/etc/lachan/issuer-key lachan issuer run
    """
    ready_to_sign()
    from lachan.site.cli.serve import refuse_old_tables

    refuse_old_tables()
    from lachan.core import memory
    from lachan.issuer import lists, roles, signing, tokens

    if not roles.signs() or roles.writes_ledger():
        raise click.ClickException("This database role is not the issuer's. See: lachan issuer roles")
    memory.settle()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keyring = said(tokens.keyring)
    signing.run(keyring=keyring, stop=stop, also=lambda at: lists.refresh(keyring=keyring, at=at))


@issuer.command()
def roles() -> None:
    """Print what the database's administrator runs once so that web and issuer have roles of their own.

    \b
    Example: lachan issuer roles | psql -U postgres lachan
    """
    from lachan.site.cli.running import set_up_django

    set_up_django()
    from lachan.issuer import roles as known

    click.echo("-- Once, by the administrator; then give each role its password:  \\\\password lachan_web")
    for statement in known.creation():
        click.echo(f"{statement};")
    click.echo("-- After each migration, by the owner of the tables (lachan migrate does this by itself):")
    for statement in known.grants():
        click.echo(f"{statement};")


@issuer.group()
def ca() -> None:
    """The country authority, whose key lies offline.

    \b
    Example: lachan issuer ca new --file /media/safe/authority.key --country VN --name "Ministry of Health"
    """


@ca.command("new")
@click.option("--file", "file", required=True, type=NEW_FILE, help="Where its private key goes, encrypted.")
@click.option("--country", required=True, metavar="CODE", help="Two letters, for example VN.")
@click.option("--name", required=True, help="Who stands behind it.")
@click.option(
    "--passphrase", prompt=True, hide_input=True, confirmation_prompt=True, envvar="LACHAN_CA_PASSPHRASE"
)
def ca_new(file: Path, country: str, name: str, passphrase: str) -> None:
    """Make a country certificate. Its private key is written to the file alone: take it offline.

    \b
    Example: lachan issuer ca new --file /media/safe/authority.key --country VN --name "Ministry of Health"
    """
    ready_to_sign()
    from lachan.core import clock
    from lachan.issuer import keys

    if not re.fullmatch("[A-Z]{2}", country):
        raise click.UsageError("The country is two capital letters, for example VN.")
    made = said(
        lambda: keys.make_authority(
            country=country, name=name, file=file, passphrase=passphrase, at=clock.now()
        )
    )
    console.print(f"Country certificate {made.pk}, valid until {made.not_after:%Y-%m-%d}. Its key is {file}.")


@issuer.group()
def key() -> None:
    """Signing keys: new, publish, list, retire, compromise.

    \b
    Example: lachan issuer key list
    """


@key.command("new")
@click.option("--ca", "file", required=True, type=OLD_FILE, help="The authority's key file.")
@click.option("--passphrase", prompt=True, hide_input=True, envvar="LACHAN_CA_PASSPHRASE")
@click.option("--algorithm", type=click.Choice(["ES256", "PS256"]), default="ES256", show_default=True)
@click.option("--use", "uses", multiple=True, type=click.Choice(["v", "t", "r"]), help="Only for this kind.")
@click.option("--lists", is_flag=True, help="A key that signs lists for verifiers, no certificates.")
@click.option("--token", metavar="LABEL", default="", help="Make it in the PKCS#11 token under this label.")
def key_new(
    file: Path, passphrase: str, algorithm: str, uses: tuple[str, ...], lists: bool, token: str
) -> None:
    """Make a signing key under the newest country certificate. It signs nothing until it is published.

    \b
    Example: lachan issuer key new --ca /media/safe/authority.key
    """
    ready_to_sign()
    from lachan.core import actors, clock
    from lachan.issuer import authority_file, keys, tokens, vault
    from lachan.issuer.models import Authority

    authority = Authority.objects.order_by("pk").last()
    if authority is None:
        raise click.ClickException("There is no country certificate yet. Run: lachan issuer ca new")

    def make() -> SignerKey:
        path = vault.key_file()
        if not path.exists():
            vault.make_key_file(path)
        new = tokens.new_key(token, algorithm) if token else keys.NewKey.of_algorithm(algorithm)
        at = clock.now()
        return keys.make_signer(
            authority=authority, authority_key=authority_file.read(file, passphrase), new=new,
            encryption_key=vault.read_key_file(path), actor=actors.system(at=at), at=at, uses=uses,
            purpose="lists" if lists else "certificates",
        )  # fmt: skip

    made = said(make)
    kid = bytes(made.kid).hex()
    console.print(f"Key {kid} made. Publish it: lachan issuer key publish {kid}", soft_wrap=True)


@key.command("publish")
@click.argument("kid")
def key_publish(kid: str) -> None:
    """Put a key on the trust list; it signs from a week later on.

    \b
    Example: lachan issuer key publish 53fce9a2c1b08e47
    """
    _step("publish", kid)


@key.command("retire")
@click.argument("kid")
def key_retire(kid: str) -> None:
    """Let a key sign no more. What it signed stays valid.

    \b
    Example: lachan issuer key retire 53fce9a2c1b08e47
    """
    _step("retire", kid)


def _step(name: str, kid: str) -> None:
    ready_to_sign()
    from lachan.core import actors, clock
    from lachan.issuer import keys

    at = clock.now()
    act = {"publish": keys.publish, "retire": keys.retire}[name]
    row = said(lambda: act(key=key_of_kid(kid), actor=actors.system(at=at), at=at))
    console.print(
        f"Key {kid} signs from {row.use_from:%Y-%m-%d %H:%M} until {row.use_until:%Y-%m-%d %H:%M} UTC."
    )


def key_of_kid(kid: str) -> SignerKey:
    from lachan.issuer.models import SignerKey

    found = [k for k in SignerKey.objects.all() if bytes(k.kid).hex() == kid.lower()]
    if not found:
        raise click.ClickException(f"There is no key {kid}. See: lachan issuer key list")
    return found[0]


@key.command("list")
def key_list() -> None:
    """Show each key with its stage and dates, and what has to be done.

    \b
    Example: lachan issuer key list
    """
    ready_to_sign()
    from lachan.core import clock
    from lachan.issuer import queries

    at, names = clock.now(), ("Key", "For", "Stage", "Signs from", "Signs until", "Valid until")
    rows: list[Sequence[str]] = []
    for purpose in ("certificates", "lists"):
        for row, stage in queries.known_keys(at, purpose=purpose).values():
            dates = [f"{day:%Y-%m-%d}" if day else "" for day in (row.use_from, row.use_until, row.not_after)]
            rows.append([bytes(row.kid).hex(), " ".join([purpose, *row.uses]), stage.value, *dates])
    print_rows(names, rows)
    wanted = queries.keys_wanted(at)
    if set(wanted) - {"lists"}:
        console.print("[yellow]A new key has to be made and published: lachan issuer key new[/yellow]")
    if "lists" in wanted:
        console.print("[yellow]So has one for lists: lachan issuer key new --lists[/yellow]")


@key.command("compromise")
@click.argument("kid")
@click.option("--reason", required=True, help="What happened.")
@BY
def key_compromise(kid: str, reason: str, by: str) -> None:
    """Say that somebody else may have a key: all that it signed is void. Reissue with `lachan certificate batch`.

    \b
    Example: lachan issuer key compromise 53fce9a2c1b08e47 --reason "backup tape lost" --by an.tran
    """
    ready()
    from lachan.core import clock
    from lachan.issuer import commands

    said(
        lambda: commands.declare_compromised(
            key=key_of_kid(kid), reason=reason, actor=actor_of(by), at=clock.now()
        )
    )
    console.print(
        f"Key {kid} is off the trust list. Reissue: lachan certificate batch --of-key {kid}", soft_wrap=True
    )


@issuer.command("stop")
@click.option("--reason", required=True, help="Why.")
@BY
def stop_(reason: str, by: str) -> None:
    """Let nothing be signed from now on. What is asked for meanwhile waits.

    \b
    Example: lachan issuer stop --reason "wrong lot numbers" --by an.tran
    """
    ready()
    from lachan.core import clock
    from lachan.issuer import commands

    said(lambda: commands.stop_issuing(reason=reason, actor=actor_of(by), at=clock.now()))
    console.print("Issuing is stopped. A second person resumes it: lachan issuer resume")


@issuer.command()
@BY
def resume(by: str) -> None:
    """Let issuing go on; somebody else than who stopped it.

    \b
    Example: lachan issuer resume --by binh.le
    """
    ready()
    from lachan.core import clock
    from lachan.issuer import commands

    said(lambda: commands.resume_issuing(actor=actor_of(by), at=clock.now()))
    console.print("Issuing goes on.")


def actor_of(username: str) -> Any:
    """The actor who signs in by this name."""
    from lachan.core.models import Actor

    found = Actor.objects.filter(user__username=username, revoked_at__isnull=True).first()
    if found is None:
        raise click.ClickException(f"Nobody signs in as {username}.")
    return found
