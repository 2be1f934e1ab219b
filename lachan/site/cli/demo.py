"""`lachan demo`: everything at once on one machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from types import FrameType
from typing import TYPE_CHECKING

import click
from rich.table import Table

from lachan.platform.embedded import Cluster
from lachan.site.cli.migrate import bring_up_to_date
from lachan.site.cli.running import console, embedded, start_database, step

if TYPE_CHECKING:
    from lachan.site.demo import SignIn

HOST = "127.0.0.1"
PEOPLE = 50_000
READY_SECONDS = 300  # of a busy machine; a process that ends is noticed at once
STOP_SECONDS = 30
CHECK_SECONDS = 0.2


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--people", default=PEOPLE, show_default=True, type=click.IntRange(1_000, 10_000_000))
@click.option("--seed", default=1, show_default=True)
@click.option("--fresh", is_flag=True, help="Throw the demo's data away and make it anew.")
def demo(port: int, people: int, seed: int, fresh: bool) -> None:
    """A synthetic province with an outbreak under way, on this machine alone.

    The first run makes the province; later ones keep what is there and start in seconds. Ctrl-C stops all.

    \b
    Example: lachan demo --port 8001
    """
    refuse_taken_port(port)
    os.environ.setdefault("LACHAN_ADDRESS", f"http://{HOST}:{port}")
    os.environ.setdefault("LACHAN_ISSUER_NAME", "DEMO, not a real certificate")
    signal.signal(signal.SIGTERM, _as_interrupt)
    cluster: Cluster | None = None
    try:
        with step("Starting the database"):
            cluster = start_database()
        if fresh:
            _throw_away()
        bring_up_to_date()
        sign_ins = _fill(people, seed)
        run(port, sign_ins)
    except KeyboardInterrupt:
        console.print("Stopping.")
    finally:
        if cluster:
            cluster.stop()


def refuse_taken_port(port: int) -> None:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} is taken by another program (perhaps a demo that still runs). "
                f"Stop it, or choose another port: lachan demo --port {port + 1 if port < 65535 else 8000}"
            ) from error


def run(port: int, sign_ins: list[SignIn]) -> None:
    """Web, worker and issuer processes until one of them ends or Ctrl-C."""
    children: list[subprocess.Popen[bytes]] = []
    try:
        with step("Starting web, worker and issuer"):
            children.append(_child("worker"))
            if embedded() or os.environ.get("LACHAN_ISSUER_DATABASE_URL"):
                children.append(_child("issuer", "run"))
            children.append(_child("serve", "--port", str(port)))
            wait_until_ready(port, children)
        _welcome(port, sign_ins)
        while all(child.poll() is None for child in children):
            time.sleep(CHECK_SECONDS)
        raise click.ClickException("A process of the demo ended by itself; its words stand above.")
    finally:
        stop(children)


def wait_until_ready(port: int, children: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and all(child.poll() is None for child in children):
        if _answers(port):
            return
        time.sleep(CHECK_SECONDS)
    raise click.ClickException("The web process did not become ready; its words stand above.")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _child(*arguments: str) -> subprocess.Popen[bytes]:
    """A process of its own session, so that Ctrl-C reaches only us and children end in order."""
    command = [sys.executable, "-m", "lachan.site.cli", *arguments]
    environment = os.environ | {"LACHAN_ENDS_WITH": str(os.getpid()), "LACHAN_DEMO": "1"}
    return subprocess.Popen(command, env=environment, start_new_session=True)


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _throw_away() -> None:
    """Only ever the database inside the data folder: a server's database is not the demo's to drop."""
    own = embedded()
    if own is None:
        raise click.ClickException("--fresh works without DATABASE_URL only. Empty the database by hand.")
    click.confirm(f"Delete everything in {own.folder}?", abort=True)
    own.drop_database("lachan")
    own.create_database("lachan")


def _fill(people: int, seed: int) -> list[SignIn]:
    """Make the province if nobody is there; the sign-ins of the demo."""
    from django.db import connection

    from lachan.core.models import Person
    from lachan.site import demo as sign_ins
    from lachan.site import (
        demo_arrivals,
        demo_campaign,
        demo_centre,
        demo_declarations,
        demo_issuer,
        demo_levels,
        demo_line,
        demo_reports,
        demo_situation,
        demo_stock,
    )

    if not Person.objects.exists():
        import lachan.simulation.run as simulation

        simulation.main(people=people, seed=seed, score=False)
        sign_ins.make()
    found = sign_ins.existing()
    if found:
        demo_issuer.make()
        demo_stock.make()
        demo_campaign.make()
        demo_line.make()
        demo_declarations.make()
        demo_reports.make()
        demo_arrivals.make()
        demo_levels.make()
        demo_situation.make()
        demo_centre.make()
    connection.close()
    if not found:
        raise click.ClickException(
            "This database holds people whom the demo did not make, or the demo was interrupted while it made"
            " them. Choose another folder with LACHAN_DATA, or make it anew: lachan demo --fresh"
        )
    return found


def _welcome(port: int, sign_ins: list[SignIn]) -> None:
    columns = ("Sign in as", "Password", "Who", "Where")
    table = Table(*columns, title=f"Open http://{HOST}:{port}", title_justify="left")
    for sign_in in sign_ins:
        table.add_row(sign_in.username, sign_in.password, sign_in.role, sign_in.where)
    console.print(table)
    console.print(f"New here? Seven walks: http://{HOST}:{port}/walks")
    console.print("Ctrl-C stops everything; the data stays for the next time.")
