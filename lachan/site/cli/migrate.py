"""`lachan migrate`: bring an installation up to date."""

from __future__ import annotations

from pathlib import Path

import click

from lachan.site.cli.running import console, set_up_django, start_database, step


@click.command()
def migrate() -> None:
    """Prepare or update the database, translations, static files and administrative units.

    Safe to run again at any time: what is up to date is left alone.

    \b
    Example: lachan migrate
             DATABASE_URL=postgresql://lachan@db.local/lachan lachan migrate
    """
    with step("Starting the database"):
        start_database()
    bring_up_to_date()


def bring_up_to_date() -> None:
    """Everything that `migrate` does once the database runs."""
    set_up_django()
    _check_server()
    from django.core.management import call_command

    with step("Migrating tables"):
        call_command("migrate", verbosity=0, interactive=False)
    if _statics_are_stale():
        with step("Collecting static files"):
            call_command("collectstatic", verbosity=0, interactive=False)
    _load_areas()
    _make_days_ahead()


def _check_server() -> None:
    """Refuse a server that is out of reach, too old or too new, before anything is changed."""
    from django.db import OperationalError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
            version = cursor.fetchone()[0]
    except OperationalError as error:
        raise click.ClickException(f"The database does not answer: {str(error).strip()}") from error
    if not 15 <= version <= 18:
        raise click.ClickException(f"PostgreSQL {version} is not supported; use 15, 16, 17 or 18.")


def _statics_are_stale() -> bool:
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    if settings.PLAIN_STATIC:
        return False
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return True
    collected = manifest.stat().st_mtime
    sources = (storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
    return any(Path(source).stat().st_mtime > collected for source in sources)


def _load_areas() -> None:
    from django.db import transaction

    from lachan.core.areas import load_vietnam

    with step("Loading administrative units"), transaction.atomic():
        added = load_vietnam()
    if added:
        console.print(f"  {added:,} units")


def _make_days_ahead() -> None:
    """Partitions of today and the days that follow; the worker makes one more each night."""
    from django.db import transaction

    from lachan.core import clock, presences

    with transaction.atomic():
        presences.ensure_days_ahead(at=clock.now())
