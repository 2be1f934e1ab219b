"""`lachan worker`: the process that lets systems hear each other and runs jobs."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from contextlib import suppress

import click

from lachan.site.cli.running import ready
from lachan.site.cli.serve import refuse_old_tables

log = logging.getLogger(__name__)


@click.command()
def worker() -> None:
    """Deliver events to the systems that wait for them, and run jobs and schedules.

    Any number may run, on any number of machines. SIGTERM finishes the batch in hand.

    \b
    Example: lachan worker
    """
    ready()
    refuse_old_tables()
    from lachan.core import memory, subscribers
    from lachan.platform import jobs

    memory.settle()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    failed: list[BaseException] = []
    threads = [_start(work, stop, failed) for work in (subscribers.run, jobs.work)]
    stop.wait()
    _wake()
    for thread in threads:
        thread.join()
    if failed:
        raise click.ClickException(f"The worker stopped: {failed[0]!r}")


def _wake() -> None:
    """Let a worker that sleeps on LISTEN see that it is asked to stop."""
    from django.db import OperationalError, connection

    from lachan.core import eventlog

    with suppress(OperationalError):
        eventlog.wake()
    connection.close()


def _start(work: Callable[..., None], stop: threading.Event, failed: list[BaseException]) -> threading.Thread:
    """Run `work(stop=stop)` in a thread; when it fails, the other is stopped too and the process ends."""

    def guarded() -> None:
        try:
            work(stop=stop)
        except BaseException as error:
            log.exception("the worker failed")
            failed.append(error)
        finally:
            stop.set()

    thread = threading.Thread(target=guarded, name=work.__module__)
    thread.start()
    return thread
