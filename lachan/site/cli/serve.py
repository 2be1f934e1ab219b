"""`lachan serve`: the web process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

import click

from lachan.site.cli.running import ready

if TYPE_CHECKING:
    from django.db.backends.postgresql.base import DatabaseWrapper


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 128), help="Threads of each.")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve pages and API. Run `lachan migrate` first, and `lachan worker` beside it.

    \b
    Example: lachan serve --host 0.0.0.0 --workers 4
    """
    os.environ.setdefault("LACHAN_DB_POOL", str(threads + 2))
    ready()
    refuse_old_tables()
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "lachan.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
        log_access=False,
        log_level=LogLevels.error,
    ).serve()


def refuse_old_tables() -> None:
    """End with a sentence when migrations are waiting: pages would fail one by one."""
    from django.db import ProgrammingError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except ProgrammingError as error:  # migrated before there were roles, or as another owner
        raise click.ClickException(
            "The tables are not shared out to this role. Run: lachan migrate"
        ) from error
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    connection.close()
    # Forked workers would talk over the same sockets, and get each other's answers.
    cast("DatabaseWrapper", connection).close_pool()
    if waiting:
        raise click.ClickException(f"{waiting} changes of the database are waiting. Run: lachan migrate")
