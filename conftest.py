"""Tests run on a real PostgreSQL: the one at DATABASE_URL, else an embedded one, started and stopped here."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from lachan.platform.embedded import Cluster
from lachan.platform.translations import compile_stale

ROOT = Path(__file__).resolve().parent
STARTED: list[Cluster] = []


def _start_cluster() -> None:
    """`LACHAN_DATA`, else one folder per checkout; never the cluster that keeps an installation's people.

    Of several workers each has a server of its own: roles, locks and statistics are a server's, not a database's.
    """
    mark = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8]
    folder = Path(
        os.environ.setdefault("LACHAN_DATA", f"{tempfile.gettempdir()}/lachan-tests-{os.geteuid()}-{mark}")
    )
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        folder /= worker
        os.environ["LACHAN_DATA"] = str(folder)
    cluster = Cluster(folder.resolve() / "test-postgres", fsync=False)
    if not cluster.running():
        STARTED.append(cluster)
    cluster.start()
    cluster.create_database("lachan")
    os.environ["DATABASE_URL"] = cluster.dsn("lachan")


def pytest_configure(config: pytest.Config) -> None:
    """A test database from an earlier run is used again unless a migration changed under it."""
    seen = _mark_file()
    if not (seen and seen.exists() and seen.read_text() == _migrations_mark()):
        config.option.create_db = True


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """A worker that inherits the name of the settings reads them before it has a server of its own."""
    os.environ.pop("DJANGO_SETTINGS_MODULE")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slow part waits until it is asked for (`-m slow`); a plain run says what it left out."""
    if not config.option.markexpr:
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="slow: run by `make slow`"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> ExitStack:
    """Comes before the tables of the test database are made; what follows ends the haste."""
    from lachan.platform.quick_states import quick_states

    haste = ExitStack()
    haste.enter_context(quick_states())
    return haste


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_modify_db_settings: ExitStack) -> None:
    """Noted only once the database stands: a run of tests without one makes none."""
    django_db_modify_db_settings.close()
    if seen := _mark_file():
        seen.write_text(_migrations_mark())


def _mark_file() -> Path | None:
    return Path(os.environ["LACHAN_DATA"]) / "test-migrations" if "LACHAN_DATA" in os.environ else None


def _migrations_mark() -> str:
    sources = sorted((ROOT / "lachan").glob("**/migrations/*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


@pytest.fixture(scope="module")
def reachable_folder() -> Iterator[Path]:
    """A folder that the database's own account may pass through, as pytest's are not."""
    with tempfile.TemporaryDirectory(prefix="lachan-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o711)
        yield folder


def pytest_unconfigure() -> None:
    for cluster in STARTED:
        cluster.stop()


# How long a machine takes says nothing about the program: a busy one is not a failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
compile_stale()
os.environ.setdefault("LACHAN_PLAIN_STATIC", "1")
if not os.environ.get("DATABASE_URL") or "LACHAN_TEST_SERVER" in os.environ:
    os.environ["LACHAN_TEST_SERVER"] = "embedded"  # what a worker inherits is an address that was made here
    _start_cluster()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lachan.site.settings")

import django  # noqa: E402 (settings read the address of the cluster above)

django.setup()
