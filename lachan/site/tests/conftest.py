"""An installation of its own, on the embedded database, for tests of the command line."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lachan.platform.embedded import Cluster

# What this process has as a test process, or from commands that other tests called within it.
LEFT_BY_COMMANDS = {"DATABASE_URL", "LACHAN_DATABASE_ROLE", "LACHAN_ISSUER_KEY_FILE", "LACHAN_ISSUER_NAME"}


@pytest.fixture(scope="module")
def installation(reachable_folder: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation in a folder of its own, on the embedded database."""
    ours = {name: value for name, value in os.environ.items() if name not in LEFT_BY_COMMANDS}
    yield ours | {"LACHAN_DATA": str(reachable_folder), "LACHAN_PLAIN_STATIC": "0"}
    Cluster(reachable_folder / "postgres").stop()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])
