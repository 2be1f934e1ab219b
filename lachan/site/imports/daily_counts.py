"""`lachan import cases-daily`: the numbers of places that only send numbers, and what became of each row."""

import csv
import time
from collections import Counter
from pathlib import Path

import click
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lachan.centre.daily_counts import commands, words
from lachan.centre.models import CountUpload, DailyCount
from lachan.core import actors, clock
from lachan.platform.lists import BadFile

NOT_ALL_TAKEN = 2
HEADING = ("row", "result", "column", "code", "words")


def main(file: Path, *, report: Path | None) -> None:
    """Import, print the totals, end the program with 2 where rows were held or refused, 1 where the file was."""
    started, at = time.monotonic(), clock.now()
    try:
        made = commands.import_counts(
            file=file, name=file.name, within=None, actor=actors.system(at=at), at=at
        )
        path = report or Path(f"{file}.report.csv")
        reasons = _report(path, made.upload)
    except BadFile as error:
        raise click.ClickException(str(error.message)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    if made.again:
        day = f"{localtime(made.upload.uploaded_at):%H:%M %d/%m/%Y}"
        click.echo(_("This file was imported at {day}; nothing has changed.").format(day=day))
    _print(made.upload, reasons)
    click.echo(
        _("Row by row: {path} ({seconds} s)").format(path=path, seconds=f"{time.monotonic() - started:.1f}")
    )
    if made.upload.held or made.upload.refused:
        raise SystemExit(NOT_ALL_TAKEN)


def _print(upload: CountUpload, reasons: Counter[tuple[str, str]]) -> None:
    line = _(
        "{received} rows received = {taken} taken ({already} of them already there) + {held} held back"
        " + {refused} refused"
    )
    click.echo(
        line.format(
            received=upload.received, taken=upload.taken, already=upload.already, held=upload.held,
            refused=upload.refused,
        )
    )  # fmt: skip
    for (code, sentence), count in reasons.most_common(20):
        click.echo(f"  {count} × {code}: {sentence}")


def _report(path: Path, upload: CountUpload) -> Counter[tuple[str, str]]:
    """Write what was held or refused, row by row; how often for which reason."""
    held = DailyCount.objects.filter(upload=upload).exclude(hold="").order_by("number").select_related("area")
    refused = upload.refusals.order_by("number")
    reasons: Counter[tuple[str, str]] = Counter()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADING)
        for row in held:
            sentence = str(words.held(row.hold, cases=row.cases, against=row.against))
            reasons[row.hold, f"{row.area.name}, {row.day:%d/%m/%Y}: {sentence}"] += 1
            out.writerow((row.number, "held", "", row.hold, sentence))
        for each in refused:
            sentence = str(words.refused(each.code))
            reasons[each.code, sentence] += 1
            out.writerow((each.number, "refused", _plain(each.column), each.code, sentence))
    return reasons


def _plain(text: str) -> str:
    """A heading from elsewhere must not become a formula in a spreadsheet."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
