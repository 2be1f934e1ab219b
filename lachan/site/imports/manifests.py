"""`lachan import manifest`: who was on a flight, ship, train or coach, and what became of each row."""

import time
from datetime import datetime
from pathlib import Path

import click
from django.utils.translation import gettext as _

from lachan.core import actors, clock
from lachan.platform.lists import report_to
from lachan.site.imports.ending import refusals_said, say
from lachan.systems.arrivals.commands.journeys import plain_vehicle
from lachan.systems.arrivals.commands.manifests import import_manifest
from lachan.systems.arrivals.models import Conveyance


def main(file: Path, *, gate: str, number: str, day: datetime, report: Path | None) -> None:
    """Import, print the totals, end the program with 2 where rows were refused, 1 where the file was."""
    started, at = time.monotonic(), clock.now()
    found = Conveyance.objects.filter(
        gate__code=gate.upper(), number=plain_vehicle(number), arrives_on=day.date()
    )
    vessel = found.first()
    if vessel is None:
        raise click.ClickException(_("No such vessel is announced for that day at this gate."))
    with refusals_said(), report_to(report or Path(f"{file}.report.csv")) as told:
        made = import_manifest(conveyance=vessel, file=file, actor=actors.system(at=at), at=at, tell=told.add)
    if told.totals.read != made.read:
        click.echo(_("This file was imported before; nothing has changed."))
    say(made, told, time.monotonic() - started)
