"""A database of its own for a benchmark; DATABASE_URL is left alone."""

import os
import tempfile
from pathlib import Path
from typing import Any

from lachan.platform.embedded import Cluster


def empty_database(name: str, *, folder: str = "postgres", fsync: bool = True) -> Cluster:
    """An empty, migrated database of this name on an embedded cluster, and Django set up on it."""
    data = Path(os.environ.setdefault("LACHAN_DATA", str(Path(tempfile.gettempdir()) / "lachan-bench")))
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o711)
    cluster = Cluster(data / folder, fsync=fsync)
    cluster.start()
    cluster.drop_database(name)
    cluster.create_database(name)
    os.environ["DATABASE_URL"] = cluster.dsn(name)
    os.environ["DJANGO_SETTINGS_MODULE"] = "lachan.site.settings"
    import django
    from django.core.management import call_command

    django.setup()
    from lachan.platform.quick_states import quick_states

    with quick_states():
        call_command("migrate", verbosity=0)
    return cluster


def execute(statement: str, given: Any = ()) -> list[tuple[Any, ...]]:
    """The rows of one statement, if it gives any."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, given or None)
        return cursor.fetchall() if cursor.description else []
