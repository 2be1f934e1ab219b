"""`lachan simulate`: fill an empty database with a province and an outbreak under way."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from rich.console import Console
from rich.table import Table

from lachan.core import actors, areas, clock, memory
from lachan.core.models import Person
from lachan.simulation.country import DEMO_PROVINCE, Country
from lachan.simulation.loading import load_country
from lachan.simulation.play import Played, play
from lachan.simulation.progress import Steps, on_console, silent
from lachan.simulation.score import Score
from lachan.simulation.score import score as score_of

DAYS = 21
PEOPLE_PER_IMPORT = 4_000


class DatabaseNotEmpty(RuntimeError):
    """A simulation never mixes its people with others."""


def simulate(
    *,
    size: int,
    seed: int,
    province: str = DEMO_PROVINCE,
    days: int = DAYS,
    score: bool = False,
    progress: Steps = silent,
) -> tuple[Played, Score | None]:
    """Make `size` people and play `days` days of an outbreak that end now. Raises
    DatabaseNotEmpty."""
    if Person.objects.exists():
        raise DatabaseNotEmpty("This database holds people already. A simulation needs an empty one.")
    memory.settle()
    with _no_wait_for_the_disk():
        return _simulate(size, seed, province, days, score, progress)


@contextmanager
def _no_wait_for_the_disk() -> Iterator[None]:
    """Commit without waiting for the disk: a power cut meanwhile costs a simulation that is made anew anyway.

    After a failure nothing is reset: the transaction may be broken, and the process ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")


def _simulate(
    size: int, seed: int, province: str, days: int, score: bool, progress: Steps
) -> tuple[Played, Score | None]:
    at = clock.now()
    with progress("Areas", 0):
        areas.load_vietnam()
    with progress("A synthetic country", size):
        country = Country.generate(seed, size, province, clock.local_date(at) - timedelta(days=days), days)
    loaded = load_country(country, actor=actors.system(at=at), steps=progress)
    played = play(loaded, days=days, ends_at=at, steps=progress, imports=max(3, size // PEOPLE_PER_IMPORT))
    return played, score_of(played) if score else None


def main(*, people: int, seed: int, score: bool) -> None:
    """The command line's entry: says what it does, and prints the score when asked."""
    console = Console(stderr=True)
    _, scored = simulate(size=people, seed=seed, score=score, progress=on_console(console))
    if scored:
        Console().print(table_of(scored))


def table_of(scored: Score) -> Table:
    """The score, one row a setting."""
    table = Table(
        title=f"{scored.infections} infections, {scored.confirmed} confirmed, {scored.contacts} F1 named"
    )
    for heading in ("Setting", "True", "By a known case", "Named", "Named before confirmed", "Recall"):
        table.add_column(heading, justify="left" if heading == "Setting" else "right")
    for setting, row in scored.recall.items():
        table.add_row(
            setting.name.lower(), str(row.true), str(row.infector_known), str(row.named), str(row.named_before),
            f"{row.share:.0%}" if row.infector_known else "-",
        )  # fmt: skip
    table.caption = (
        f"{scored.per_true:.1f} named for each true one; sample to contact: median {scored.hours_median:.1f} h, "
        f"90 % within {scored.hours_p90:.1f} h"
    )
    return table
