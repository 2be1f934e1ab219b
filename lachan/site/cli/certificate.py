"""`lachan certificate`: issue, verify, revoke, batch."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lachan.site.cli.issuer import BY, actor_of, key_of_kid, said
from lachan.site.cli.running import console, ready

if TYPE_CHECKING:
    from lachan.codecs.hcert import Certificate, Trust, Verdict

DAY = click.DateTime(["%Y-%m-%d"])
PREFIX = "HC1:"
ENDINGS = {"valid": 0, "unsure": 2, "invalid": 1}
REASONS = ["record-withdrawn", "lot-recalled", "fraud", "by-mistake"]


@click.group()
def certificate() -> None:
    """Certificates that the world accepts: issue, verify, revoke, many at once.

    \b
    Example: lachan certificate verify code.txt
    """


@certificate.command()
@click.argument("record", type=int)
@BY
def issue(record: int, by: str) -> None:
    """Ask for a certificate on RECORD, the number of a dose, test or recovery. `lachan issuer run` signs it.

    \b
    Example: lachan certificate issue 1042 --by an.tran
    """
    ready()
    from lachan.core import clock
    from lachan.issuer import commands
    from lachan.issuer.models import Record

    found = Record.objects.filter(pk=record).first()
    if found is None:
        raise click.ClickException(f"There is no record {record}.")
    made = said(lambda: commands.request_certificate(record=found, actor=actor_of(by), at=clock.now()))
    console.print(f"Requested: {made.uvci}")


@certificate.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--signer",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Trust this certificate (DER, PEM).",
)
def verify(source: Path, signer: Path | None) -> None:
    """Check a code: SOURCE is a text file, or a picture of the QR code. Ends with 0 only when it is valid.

    A text file with a code on each line is judged line by line, and ends with 0 only when all are valid.

    Trusts our own signers, or the given one alone. Lists older than a day give "unsure".

    \b
    Example: lachan certificate verify photo.png
             lachan certificate verify codes-of-the-day.txt
    """
    ready()
    from lachan.codecs.hcert import verify as judged
    from lachan.core import clock

    at = clock.now()
    given = _text_of(source)
    trust = _trust(signer, at)
    lines = [line for line in given.splitlines() if line.strip()]
    if len(lines) > 1:
        sys.exit(_ending(_judged_lines(lines, trust, at, any_age=signer is not None)))
    verdict = judged(given, trust=trust, at=at)
    level = _level(verdict, at, any_age=signer is not None)
    console.print(f"{_coloured(level)}  {verdict.sentence}")
    if shown := verdict.certificate:
        console.print(f"  {_whose(shown)}, {shown.kind.name.lower()}")
        if level != "invalid":
            until = f"{verdict.expires_at:%Y-%m-%d %H:%M} UTC"
            console.print(f"  Compare the name and date of birth with a document. Valid until {until}.")
    sys.exit(_ending({level: 1}))


def _judged_lines(lines: list[str], trust: Trust, at: datetime, *, any_age: bool) -> Counter[str]:
    """Say what came of each line, and count: a name only beside what is not invalid."""
    from lachan.codecs.hcert import verify_many

    levels = Counter[str]()
    for number, verdict in enumerate(verify_many(lines, trust=trust, at=at), start=1):
        level = _level(verdict, at, any_age=any_age)
        levels[level] += 1
        shown = verdict.certificate
        who = _whose(shown) if shown and verdict.ok else verdict.sentence
        console.print(f"{number:>6}  {_coloured(level)}  {who}")
    console.print("  ".join(f"{level}: {levels[level]:,}" for level in ENDINGS))
    return levels


def _whose(shown: Certificate) -> str:
    """Anybody may have written these names: they command neither the terminal nor the colours."""
    from rich.markup import escape

    said = f"{shown.name}, born {shown.birth_date or 'unknown'}"
    return escape("".join(letter if letter.isprintable() else "?" for letter in said))


def _level(verdict: Verdict, at: datetime, *, any_age: bool) -> str:
    """`any_age`: a signer given by hand is as new as whoever gave it says."""
    if not verdict.ok:
        return "invalid"
    return "valid" if any_age else verdict.level(at)


def _coloured(level: str) -> str:
    colour = {"valid": "green", "unsure": "yellow"}.get(level, "red")
    return f"[{colour}]{level:<7}[/{colour}]"


def _ending(levels: Mapping[str, int]) -> int:
    """The code of the worst that was found: they stand from good to bad."""
    return [code for level, code in ENDINGS.items() if levels.get(level)][-1]


def _text_of(source: Path) -> str:
    content = source.read_bytes()
    if content.lstrip()[:4].upper() == PREFIX.encode() or content.isascii():
        return content.decode("utf-8", "replace").strip()
    from lachan.codecs.errors import FormatError
    from lachan.codecs.scanning import read_codes

    try:
        found = read_codes(content)
    except FormatError as error:
        raise click.ClickException(error.message) from error
    if not found:
        raise click.ClickException("There is no code to be read in this picture.")
    return next((text for text in found if text.startswith("HC1:")), found[0])


def _trust(signer: Path | None, at: datetime) -> Trust:
    from lachan.issuer import queries

    if signer is None:
        return queries.trust(at)
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    from lachan.codecs.errors import FormatError
    from lachan.codecs.hcert import Trust, TrustedKey

    content = signer.read_bytes()
    try:
        if content.startswith(b"-----"):
            content = x509.load_pem_x509_certificate(content).public_bytes(Encoding.DER)
        return Trust([TrustedKey.of_certificate(content)])
    except (FormatError, ValueError) as error:
        raise click.ClickException(f"{signer} is no certificate of a signer (DER or PEM).") from error


@certificate.command()
@click.argument("uvci", required=False)
@click.option("--lot", help="All that stands on doses of this lot.")
@click.option("--place", metavar="CODE", help="All of this place, with --from and --until.")
@click.option("--from", "starts_on", type=DAY, help="First day.")
@click.option("--until", "ends_on", type=DAY, help="First day after.")
@click.option("--reason", required=True, type=click.Choice(REASONS))
@click.option("--evidence", default="", help="What it rests on, for example the number of a letter.")
@BY
def revoke(uvci: str | None, lot: str | None, place: str | None, reason: str, by: str, **more: Any) -> None:
    """Take back one certificate (UVCI), those of a lot, or those of a place in a period. For good.

    What a lost key signed is taken back by `lachan issuer key compromise`.

    \b
    Example: lachan certificate revoke --lot FF3319 --reason lot-recalled --by an.tran
             lachan certificate revoke --place 7K3M0Q9ZAB12CD34X --from 2026-11-01 --until 2026-11-08 \\
                 --reason fraud --by an.tran
    """
    if sum(bool(given) for given in (uvci, lot, place)) != 1:
        raise click.UsageError("Name one of: a UVCI, --lot, --place.")
    ready()
    from lachan.core import clock
    from lachan.issuer.models import Reason

    actor, at = actor_of(by), clock.now()
    given = {"reason": Reason(reason), "evidence": more["evidence"], "actor": actor, "at": at}
    order = said(lambda: _revoked(uvci, lot, place, more, given))
    if order.certificates:
        console.print(f"{order.certificates} revoked; offline verifiers know with the next list.")
    else:
        console.print(
            "[yellow]No certificate was revoked: none stands on this. Check how it is spelt.[/yellow]"
        )


def _revoked(uvci: str | None, lot: str | None, place: str | None, more: dict[str, Any], given: Any) -> Any:
    from lachan.core.codes import parse_code
    from lachan.core.models import Place
    from lachan.issuer import commands, queries

    if uvci:
        found = queries.by_uvci(uvci)
        if found is None:
            raise click.ClickException("There is no such certificate.")
        return commands.revoke_certificate(certificate=found, **given)
    if lot:
        return commands.revoke_lot(lot=lot, **given)
    there = Place.objects.filter(code=parse_code(place or "")).first()
    if there is None or more["starts_on"] is None or more["ends_on"] is None:
        raise click.ClickException("A place is revoked with its code, --from and --until.")
    days = {"starts_on": more["starts_on"].date(), "ends_on": more["ends_on"].date()}
    return commands.revoke_place(place=there, **days, **given)


@certificate.command()
@click.option("--kind", type=click.Choice(["v", "t", "r"]), help="Only doses, tests or recoveries.")
@click.option("--of-key", "kid", metavar="KID", help="Reissue what this compromised key signed.")
@click.option("--dry-run", is_flag=True, help="Only count.")
def batch(kind: str | None, kid: str | None, dry_run: bool) -> None:
    """Ask for the first certificate of every record that has none, or for successors after a key's compromise.

    A thousand a step; ended at any moment and run again, it goes on where it was. `lachan issuer run` signs.

    \b
    Example: lachan certificate batch --kind v
             lachan certificate batch --of-key 53fce9a2c1b08e47
    """
    ready()
    from lachan.core import actors, clock
    from lachan.issuer import commands
    from lachan.issuer.models import Record

    at = clock.now()
    records = Record.objects.filter(kind=kind) if kind else Record.objects.all()
    if dry_run and kid:
        raise click.UsageError("--dry-run counts records; it does not go with --of-key.")
    if dry_run:
        console.print(
            f"{records.filter(withdrawal=None, intents=None).count():,} records have no certificate."
        )
        return
    actor = actors.system(at=at)
    if kid:
        steps = commands.reissue_of_key(key=key_of_kid(kid), actor=actor, at=at)
    else:
        steps = commands.request_batch(records=records, actor=actor, at=at)
    said(lambda: _with_progress(steps))


def _with_progress(steps: Iterator[int]) -> None:
    from lachan.issuer import queries

    total = 0
    with console.status("…") as shown:
        for done in steps:
            total += done
            shown.update(f"{total:,} requested, {queries.backlog().waiting:,} wait for the issuer")
    console.print(f"{total:,} requested. {queries.backlog().waiting:,} wait for the issuer.")
