"""`lachan migrate`: bring an installation up to date."""

from __future__ import annotations

import os
from pathlib import Path

import click

from lachan.site.cli.running import console, set_up_django, start_database, step


@click.command()
def migrate() -> None:
    """Prepare or update the database, translations, static files and administrative units.

    Safe to run again at any time: what is up to date is left alone.

    \b
    Example: lachan migrate
             LACHAN_OWNER_DATABASE_URL=postgresql://lachan@db.local/lachan lachan migrate
    """
    if owner := os.environ.get("LACHAN_OWNER_DATABASE_URL"):
        os.environ["DATABASE_URL"] = owner
    with step("Starting the database"):
        start_database()
    bring_up_to_date()


def bring_up_to_date() -> None:
    """Everything that `migrate` does once the database runs."""
    set_up_django()
    _check_server()
    from django.core.management import call_command

    from lachan.platform.quick_states import quick_states

    with step("Migrating tables"), quick_states():
        call_command("migrate", verbosity=0, interactive=False)
    if _statics_are_stale():
        with step("Collecting static files"):
            call_command("collectstatic", verbosity=0, interactive=False)
    _load_areas()
    _load_gates()
    _make_days_ahead()
    _share()


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


def _load_gates() -> None:
    """The border gates of the policy in force; a profile without entry has none."""
    from django.db import transaction

    from lachan.core import clock
    from lachan.platform import policies
    from lachan.systems.arrivals.commands import load_gates

    at = clock.now()
    rules = policies.at(clock.local_date(at)).arrivals
    if rules is not None:
        with transaction.atomic():
            load_gates(listed=rules.gates, at=at)


def _make_days_ahead() -> None:
    """Partitions of today and the days that follow; the worker makes one more each night."""
    from django.db import transaction

    from lachan.core import clock, presences

    with transaction.atomic():
        presences.ensure_days_ahead(at=clock.now())


def _share() -> None:
    """Let web and issuer work as roles of their own, where the server knows them."""
    from django.db import transaction

    from lachan.core import actors, clock
    from lachan.issuer import roles

    with step("Sharing the tables out to web and issuer"), transaction.atomic():
        actors.system(at=clock.now())
        shared = roles.grant()
    if not shared:
        console.print("  The server knows no roles for them: see lachan issuer roles")
