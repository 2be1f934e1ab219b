"""The command line, as processes on an installation of their own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from lachan.platform.embedded import Cluster
from lachan.site.cli import main
from lachan.site.cli.demo import refuse_taken_port
from lachan.site.tests.processes import SECONDS, lachan, start, status_of, stop

COMMANDS = {
    "certificate", "codes", "demo", "doctor", "import", "issuer", "migrate", "serve", "simulate", "staff", "trace",
    "worker",
}  # fmt: skip


def _all_commands(group: click.Group = main, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Each with its whole name, `import cases`."""
    for name, command in group.commands.items():
        yield before + name, command
        if isinstance(command, click.Group):
            yield from _all_commands(command, f"{before}{name} ")


def test_help_lists_every_command() -> None:
    assert set(main.commands) == COMMANDS
    shown = CliRunner().invoke(main, ["--help"]).output
    assert all(f"  {name} " in shown for name in COMMANDS)


@pytest.mark.parametrize(("name", "command"), list(_all_commands()))
def test_every_command_has_an_example(name: str, command: click.Command) -> None:
    assert re.search(rf"Example: (\S+=\S+ )?lachan {name}", str(command.help))


def test_a_taken_port_is_refused_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(click.ClickException, match=f"Port {port} is taken.*--port {port + 1}"):
            refuse_taken_port(port)


def test_an_installation_is_made_served_and_found_well(installation: dict[str, str], free_port: int) -> None:
    before = lachan(installation, "doctor")
    assert before.returncode == 1
    assert "not running" in before.stdout
    early = lachan(installation, "serve", "--port", str(free_port))
    assert early.returncode == 1
    assert "Run: lachan migrate" in early.stderr
    made = lachan(installation, "migrate")
    assert made.returncode == 0, made.stderr
    web, worker = start(installation, "serve", "--port", str(free_port)), start(installation, "worker")
    try:
        assert status_of(f"http://127.0.0.1:{free_port}/healthz", web) == 200
        assert _becomes_well(installation), lachan(installation, "doctor").stdout
    finally:
        ended = [stop(process) for process in (web, worker)]
    assert ended == [0, 0]


def test_a_child_of_the_demo_ends_with_it(installation: dict[str, str]) -> None:
    lachan(installation, "migrate")
    script = (
        "import os, subprocess, sys\n"
        "os.environ['LACHAN_ENDS_WITH'] = str(os.getpid())\n"
        "child = subprocess.Popen([sys.executable, '-m', 'lachan.site.cli', 'worker'], start_new_session=True)\n"
        "print(child.pid, flush=True)\n"
        "input()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        env=installation,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    time.sleep(3)
    assert _alive(child)
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + SECONDS
    while _alive(child) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _alive(child)


def test_a_worker_survives_the_death_of_the_database(installation: dict[str, str]) -> None:
    lachan(installation, "migrate")
    cluster = Cluster(Path(installation["LACHAN_DATA"]) / "postgres")
    worker = start(installation, "worker")
    try:
        assert _becomes_well(installation)
        os.kill(int((cluster.files / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        cluster.start()
        time.sleep(2)
        assert worker.poll() is None
        assert _becomes_well(installation), lachan(installation, "doctor").stdout
    finally:
        assert stop(worker) == 0


def test_a_wrong_setting_is_one_sentence(installation: dict[str, str]) -> None:
    said = lachan(installation | {"LACHAN_DB_POOL": "many"}, "migrate")
    assert said.returncode == 1
    assert said.stderr.strip() == "Error: LACHAN_DB_POOL must be a whole number from 0 to 500, not 'many'."


def _becomes_well(installation: dict[str, str]) -> bool:
    """The worker needs a moment until its first heartbeat."""
    return any(lachan(installation, "doctor").returncode == 0 for _ in range(10))


def _alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "\nState:\tZ" not in status.read_text()
