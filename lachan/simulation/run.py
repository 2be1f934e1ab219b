"""`lachan simulate`: fill an empty database with a province and an outbreak under way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from rich.console import Console
from rich.table import Table

from lachan.core import actors, areas, clock, memory
from lachan.core.models import Person
from lachan.simulation.country import DEMO_PROVINCE, Country
from lachan.simulation.loading import load_country
from lachan.simulation.outcome import digest, outcome
from lachan.simulation.play import Played, play
from lachan.simulation.progress import Steps, on_console, silent
from lachan.simulation.score import Score
from lachan.simulation.score import score as score_of

DAYS = 21
PEOPLE_PER_IMPORT = 4_000
MORNING = timedelta(hours=10)


class DatabaseNotEmpty(RuntimeError):
    """A simulation never mixes its people with others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is simulated: the same scene gives the same outbreak. `ends_at` is its present."""

    size: int
    seed: int
    ends_at: datetime
    province: str = DEMO_PROVINCE
    days: int = DAYS

    @property
    def start(self) -> date:
        return clock.local_date(self.ends_at) - timedelta(days=self.days)


def present(until: date | None) -> datetime:
    """Ten in the morning of that day; without one, now."""
    return clock.day_start(until) + MORNING if until else clock.now()


def simulate(scene: Scene, *, score: bool = False, progress: Steps = silent) -> tuple[Played, Score | None]:
    """Make the people of the scene and play its outbreak. Raises DatabaseNotEmpty."""
    if Person.objects.exists():
        raise DatabaseNotEmpty("This database holds people already. A simulation needs an empty one.")
    memory.settle()
    with _no_wait_for_the_disk():
        played = _simulate(scene, progress)
        return played, score_of(played) if score else None


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


def _simulate(scene: Scene, progress: Steps) -> Played:
    with progress("Areas", 0):
        areas.load_vietnam()
    with progress("A synthetic country", scene.size):
        country = Country.generate(scene.seed, scene.size, scene.province, scene.start, scene.days)
    with clock.frozen(scene.ends_at):
        loaded = load_country(country, actor=actors.system(at=scene.ends_at), steps=progress)
    imports = max(3, scene.size // PEOPLE_PER_IMPORT)
    return play(loaded, days=scene.days, ends_at=scene.ends_at, steps=progress, imports=imports)


def main(*, people: int, seed: int, until: date | None = None, score: bool = False) -> None:
    """The command line's entry: says what it does, and prints the score, and the mark of the outcome, when asked."""
    scene = Scene(size=people, seed=seed, ends_at=present(until))
    played, scored = simulate(scene, score=score, progress=on_console(Console(stderr=True)))
    if scored:
        console = Console()
        console.print(table_of(scored))
        console.print(f"Outcome {digest(outcome(played))[:16]}, until {scene.ends_at.isoformat()}")


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
