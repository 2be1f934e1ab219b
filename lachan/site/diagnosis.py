"""What `lachan doctor` looks at. Each check answers in words; one that fails unexpectedly is a finding too.

Checks of the machine come first, then those of the settings, then those of the database if it answers.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lachan.platform.embedded import Cluster, installed
from lachan.platform.folders import data_folder, database_folder
from lachan.platform.translations import stale

LEAST_FREE = 2 * 1024**3
LATEST_EVENT_LAG = 300
EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent")


@dataclass(frozen=True)
class Finding:
    """`what` is or is wrong; `remedy` says what to do (empty when all is well)."""

    what: str
    remedy: str = ""

    @property
    def well(self) -> bool:
        return not self.remedy


def findings() -> Iterator[Finding]:
    for check in (python, binaries, folder, space, time_zone, catalogues):
        yield _asked(check)
    loaded = _asked(settings)
    yield loaded
    if not loaded.well:
        return
    yield _asked(secret)
    yield _asked(codes)
    reached = _asked(server)
    yield reached
    if reached.well:
        for check in (extensions, tables):
            yield _asked(check)
        for check in (areas, policy, clocks, worker, parked, issuer_apart, issuer):
            yield _asked(check)


def _asked(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:
        said = str(error).strip().splitlines() or [""]
        return Finding(
            f"{check.__name__}: {type(error).__name__}: {said[0]}", "See the lines above; repair, ask again."
        )


def python() -> Finding:
    numbers = sys.version_info[:3]
    version = ".".join(map(str, numbers))
    if numbers < (3, 11):
        return Finding(f"Python {version} is too old.", "Install Python 3.11 or newer and run: make setup")
    return Finding(f"Python {version}")


def binaries() -> Finding:
    if os.environ.get("DATABASE_URL"):
        return Finding("The database is a server (DATABASE_URL); the embedded one is not needed.")
    found = installed()
    if found is None or not (found / "bin" / "postgres").exists():
        return Finding("The embedded PostgreSQL is not installed.", "Run: make setup (or set DATABASE_URL)")
    return Finding("The embedded PostgreSQL is installed.")


def folder() -> Finding:
    kept = data_folder()
    nearest = next(path for path in (kept, *kept.parents) if path.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        return Finding(f"The data folder {kept} is not writable.", "Set LACHAN_DATA to a folder of your own.")
    return Finding(f"The data folder is {kept}.")


def space() -> Finding:
    kept = data_folder()
    free = shutil.disk_usage(next(path for path in (kept, *kept.parents) if path.exists())).free
    if free < LEAST_FREE:
        return Finding(
            f"Only {free / 1024**3:.1f} GB are free for {kept}.",
            "Free space: writes stop when it is used up.",
        )
    return Finding(f"{free / 1024**3:.0f} GB are free.")


def time_zone() -> Finding:
    try:
        ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:
        return Finding("This machine does not know Asia/Ho_Chi_Minh.", "Install tzdata: pip install tzdata")
    if datetime.now(UTC).year < 2025:
        return Finding(
            f"The clock says {datetime.now(UTC):%Y-%m-%d}.", "Set the clock of this machine (NTP)."
        )
    return Finding(f"The clock says {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; time zones are known.")


def catalogues() -> Finding:
    if waiting := len(stale()):
        return Finding(f"{waiting} translations are not compiled.", "Run: lachan migrate")
    return Finding("Translations are compiled.")


def settings() -> Finding:
    import django
    from django.core.checks import run_checks

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lachan.site.settings")
    django.setup()
    if wrong := [check for check in run_checks() if check.is_serious()]:
        return Finding(
            f"{len(wrong)} settings are wrong: {wrong[0].msg}", wrong[0].hint or "Correct the first."
        )
    return Finding("The settings are read.")


def secret() -> Finding:
    kept = data_folder() / "secret-key"
    if os.environ.get("LACHAN_SECRET_KEY"):
        return Finding("The secret key comes from the environment.")
    if stat.S_IMODE(kept.stat().st_mode) & 0o077:
        return Finding(f"Others may read {kept}.", f"Run: chmod 600 {kept}")
    return Finding("The secret key is readable by its owner alone.")


def codes() -> Finding:
    from django.conf import settings as site

    from lachan.core import clock
    from lachan.platform import code_keys

    path, keys, day = site.CODE_KEYS, code_keys.current(), clock.local_date(clock.now())
    if keys.signing(day) is None or keys.showing(day) is None:
        return Finding(
            f"There are no keys for personal codes in {path}: codes are printed unsigned, telephones show none.",
            "Run: lachan codes make (on one machine; give the file to the others)",
        )
    if code_keys.open_to_others(path):
        return Finding(f"Others may read {path}.", f"Run: chmod 600 {path}")
    return Finding(f"Personal codes are signed; {len(keys.printed)} keys are accepted.")


def server() -> Finding:
    if not os.environ.get("DATABASE_URL") and not Cluster(database_folder()).running():
        return Finding(
            "The embedded database is not running.", "Run: lachan serve, lachan demo or lachan migrate"
        )
    number = int(_ask("SELECT current_setting('server_version_num')::int / 10000"))
    if not 15 <= number <= 18:
        return Finding(f"PostgreSQL {number} is not supported.", "Use a server of version 15, 16, 17 or 18.")
    return Finding(f"PostgreSQL {number} answers.")


def extensions() -> Finding:
    known = _ask("SELECT array_agg(name) FROM pg_available_extensions") or []
    if lacking := [name for name in EXTENSIONS if name not in known]:
        return Finding(
            f"The server lacks {', '.join(lacking)}.", "Install the package postgresql-contrib there."
        )
    return Finding("The extensions are available.")


def tables() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return Finding(f"{len(waiting)} changes of the tables are waiting.", "Run: lachan migrate")
    return Finding("The tables are up to date.")


def areas() -> Finding:
    from lachan.core.models import Area

    count = Area.objects.count()
    if not count:
        return Finding("No administrative units are loaded.", "Run: lachan migrate (or lachan import areas)")
    return Finding(f"{count:,} administrative units are loaded.")


def policy() -> Finding:
    from lachan.core import clock
    from lachan.platform import policies

    policies.at(clock.local_date(clock.now()))
    return Finding("The policy files are read, and rules are in force today.")


def clocks() -> Finding:
    apart = abs(float(_ask("SELECT extract(epoch FROM clock_timestamp())")) - datetime.now(UTC).timestamp())
    if apart > 5:
        return Finding(f"This machine and the database differ by {apart:.0f} s.", "Set both clocks by NTP.")
    return Finding("This machine and the database agree on the time.")


def worker() -> Finding:
    from lachan.platform import jobs

    alive = jobs.workers_alive()
    if not alive:
        return Finding("No worker runs: systems do not hear each other.", "Run: lachan worker")
    oldest = _ask(
        "SELECT extract(epoch FROM clock_timestamp() - min(e.recorded_at)) FROM core_delivery d"
        " JOIN core_event e ON e.id = d.event_id WHERE d.parked_at IS NULL AND d.tries = 0"
    )
    if oldest and oldest > LATEST_EVENT_LAG:
        return Finding(f"An event has waited for {oldest / 60:.0f} minutes.", "Start another: lachan worker")
    return Finding(f"{alive} worker{'s' * (alive > 1)} at work.")


def parked() -> Finding:
    count = _ask("SELECT count(*) FROM core_delivery WHERE parked_at IS NOT NULL")
    if count:
        return Finding(
            f"{count} events were set aside after five tries.", "Sign in as administrator: Parked events"
        )
    return Finding("No event is set aside.")


def issuer_apart() -> Finding:
    """Whether the web could sign: on the embedded server `lachan serve` connects as the web's own role."""
    from lachan.issuer import roles

    role = "current_user" if os.environ.get("DATABASE_URL") else f"'{roles.WEB}'"
    if not os.environ.get("DATABASE_URL") and roles.missing():
        return Finding("The embedded database has no roles for web and issuer.", "Run: lachan migrate")
    if not _ask("SELECT EXISTS (SELECT FROM issuer_authority)"):
        return Finding("No certificates are issued here (no country certificate).")
    if _ask(f"SELECT has_table_privilege({role}, 'issuer_privatekey', 'SELECT')"):
        return Finding(
            "The role of this connection reads the private keys of the issuer: whoever takes over the web can sign.",
            "Let the administrator run what `lachan issuer roles` prints; let DATABASE_URL name lachan_web.",
        )
    return Finding("The web cannot read the issuer's keys.")


def issuer() -> Finding:
    from lachan.core import clock
    from lachan.issuer import queries, rules
    from lachan.issuer.queries.trust import key_of

    at, keys = clock.now(), [key_of(row) for row in queries.signer_keys()]
    if keys and rules.key_to_use(keys, at) is None:
        return Finding("No signing key is in use: certificates wait.", "See: lachan issuer key list")
    lists = [key_of(row) for row in queries.signer_keys(purpose="lists")]
    if lists and rules.key_to_use(lists, at) is None:
        return Finding("No key for lists is in use: verifiers show amber.", "See: lachan issuer key list")
    if keys and (wanted := queries.keys_wanted(at)):
        what = "for lists (--lists)" if wanted == ["lists"] else "for certificates"
        return Finding(
            f"Another signing key {what} has to be published.", "Run: lachan issuer key new, then publish"
        )
    if queries.stop_in_force():
        return Finding("Issuing is stopped.", "A second person resumes it: lachan issuer resume")
    waiting = queries.backlog()
    if waiting.oldest_at and (at - waiting.oldest_at).total_seconds() > LATEST_EVENT_LAG:
        return Finding(f"{waiting.waiting:,} certificates wait to be signed.", "Run: lachan issuer run")
    return Finding(f"{waiting.waiting:,} certificates wait to be signed.")


def _ask(statement: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
