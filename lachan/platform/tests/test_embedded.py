import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lachan.platform.embedded import LONGEST_SOCKET_PATH, SOCKET_NAME, Cluster


@pytest.fixture(scope="module")
def _kept(reachable_folder: Path) -> Iterator[Cluster]:
    made = Cluster(reachable_folder / "postgres", fsync=False)
    yield made
    made.stop()


@pytest.fixture
def cluster(_kept: Cluster) -> Cluster:
    _kept.start()
    return _kept


def postmaster(cluster: Cluster) -> int:
    return int((cluster.files / "postmaster.pid").read_text().splitlines()[0])


def rows(cluster: Cluster) -> int:
    with psycopg.connect(cluster.dsn("kept")) as connection:
        found = connection.execute("SELECT count(*) FROM t").fetchone()
    assert found
    return int(found[0])


def fill(cluster: Cluster) -> None:
    cluster.create_database("kept")
    cluster.create_database("kept")
    with psycopg.connect(cluster.dsn("kept")) as connection:
        connection.execute("SET synchronous_commit = on")
        connection.execute("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n")


def test_rows_survive_a_stop_and_a_kill_of_the_postmaster(cluster: Cluster) -> None:
    fill(cluster)
    cluster.stop()
    assert not cluster.running()
    cluster.start()
    assert rows(cluster) == 1000
    os.kill(postmaster(cluster), signal.SIGKILL)
    cluster.start()
    assert rows(cluster) == 1000


def test_a_second_process_attaches_to_the_running_server(cluster: Cluster) -> None:
    first = postmaster(cluster)
    Cluster(cluster.folder, fsync=False).start()
    assert postmaster(cluster) == first


def test_a_process_number_that_now_belongs_to_another_program_is_not_the_server(cluster: Cluster) -> None:
    cluster.stop()
    (cluster.files / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert not cluster.running()
    cluster.start()
    assert cluster.running()


def test_only_the_owner_may_enter_and_there_is_no_port(cluster: Cluster) -> None:
    assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700
    with psycopg.connect(cluster.dsn("postgres")) as connection:
        shown = connection.execute("SELECT current_setting('listen_addresses')").fetchone()
    assert shown == ("",)


def test_the_extensions_that_search_and_constraints_need_are_there(cluster: Cluster) -> None:
    with psycopg.connect(cluster.dsn("postgres")) as connection:
        for name in ("pg_trgm", "btree_gist", "unaccent"):
            connection.execute(f"CREATE EXTENSION {name}".encode())
        capitals = connection.execute("SELECT upper('đường ưu tiên')").fetchone()
    assert capitals == ("ĐƯỜNG ƯU TIÊN",)


def test_a_long_folder_gets_a_short_socket() -> None:
    cluster = Cluster(Path("/srv") / ("x" * 120))
    assert len(os.fsencode(cluster.sockets / SOCKET_NAME)) <= LONGEST_SOCKET_PATH


def test_an_installation_keeps_fsync_on(cluster: Cluster) -> None:
    assert Cluster(cluster.folder).fsync
    cluster.stop()
    Cluster(cluster.folder).start()
    with psycopg.connect(cluster.dsn("postgres")) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
