"""What commands share: the database that must run first, Django, steps that show their time."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import click
from rich.console import Console

from lachan.platform.embedded import Cluster, ClusterFailed
from lachan.platform.folders import database_folder, ensure_data_folder

console = Console(highlight=False)
OWNER, WEB, ISSUER = (
    "postgres",
    "lachan_web",
    "lachan_issuer",
)  # on the embedded server; see lachan/issuer/roles.py


def embedded() -> Cluster | None:
    """The cluster of this installation; None when DATABASE_URL names a server."""
    return None if os.environ.get("DATABASE_URL") else Cluster(database_folder())


def start_database() -> Cluster | None:
    """Make sure that the database runs; the cluster if this call started it."""
    cluster = embedded()
    if cluster is None:
        return None
    ensure_data_folder()
    ran = cluster.running()
    try:
        cluster.start()
        cluster.create_database("lachan")
        cluster.create_roles((WEB, ISSUER))
    except ClusterFailed as error:
        raise click.ClickException(str(error)) from error
    return None if ran else cluster


def set_up_django() -> None:
    """Load settings and apps; a wrong setting ends the program with its sentence."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    from lachan.platform.translations import compile_stale

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lachan.site.settings")
    try:
        compile_stale()
    except OSError as error:
        console.print(
            f"[yellow]Translations are not compiled ({error.strerror}): pages will be in English.[/yellow]"
        )
        console.print("Run as the owner of the program: python -m lachan.platform.translations")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise click.ClickException(str(error)) from error


def ready(*, role: str = WEB) -> None:
    """Database and Django, for commands that work on an installation; on the embedded server as `role`."""
    os.environ.setdefault("LACHAN_DATABASE_ROLE", role)
    if parent := os.environ.get("LACHAN_ENDS_WITH"):
        threading.Thread(target=_end_with, args=(int(parent),), daemon=True).start()
    start_database()
    set_up_django()


def _end_with(parent: int) -> None:
    """End this process when the demo that started it is gone, even by kill -9."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def print_rows(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Each on a line of its own and whole, also where the screen is narrow or the reader a program."""
    lines = [heading, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for number, line in enumerate(lines):
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        console.print(text, soft_wrap=True, markup=False, style=None if number else "bold")


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is going on, and when it is done how long it took."""
    started = time.monotonic()
    with console.status(f"{title} …"):
        yield
    console.print(f"[green]✓[/green] {title} [dim]{time.monotonic() - started:.1f} s[/dim]")
