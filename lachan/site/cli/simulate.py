"""`lachan simulate`: a synthetic country with known truth."""

from __future__ import annotations

from datetime import datetime

import click

from lachan.site.cli.running import OWNER, ready


@click.command()
@click.option("--people", default=50_000, show_default=True, type=click.IntRange(1_000, 100_000_000))
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same country.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day, until ten in the morning; else now. The same seed and day give the same outbreak.",
)
@click.option("--score", is_flag=True, help="Compare what tracing found with the simulation's truth.")
def simulate(people: int, seed: int, until: datetime | None, score: bool) -> None:
    """Fill an empty database with a synthetic province and an outbreak under way.

    \b
    Example: lachan simulate --people 10000 --seed 7 --until 2026-11-20 --score
    """
    ready(role=OWNER)  # loading takes indexes away and builds them again
    import lachan.simulation.run as run

    run.main(people=people, seed=seed, until=until.date() if until else None, score=score)
