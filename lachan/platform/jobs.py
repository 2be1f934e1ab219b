"""Work for later, on PostgreSQL: a thin door around procrastinate, so that nothing else knows its name.

A task is declared in a module called `tasks` of an app:

    @jobs.task()
    def send_waiting() -> None: ...

    @jobs.every("15 2 * * *")  # at 02:15 each night
    def purge() -> None: ...

A job is deferred inside the transaction of the change that wants it: a roll-back leaves no job.
One job per batch, never per record. A job may run twice after a crash: it must bear that.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, ParamSpec

import psycopg
from django.db import connection, models
from procrastinate import App, RetryStrategy, exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.tasks import Task

from lachan.core import clock

log = logging.getLogger(__name__)

TRIES = 5
LOOK_SECONDS = 0.2
GRACE_SECONDS = 20  # a job that is running when the worker is asked to stop may finish
ALIVE = timedelta(seconds=60)

Given = ParamSpec("Given")


def task(*, queue: str = "default") -> Callable[[Callable[Given, None]], Task[Given, None, Given]]:
    """Declare a task; it is tried five times, with growing pauses."""

    def build(run: Callable[Given, None]) -> Task[Given, None, Given]:
        retry = RetryStrategy(max_attempts=TRIES, exponential_wait=5)
        declared: Task[Given, None, Given] = app.task(name=_name(run), queue=queue, retry=retry)(run)
        return declared

    return build


def every(cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Declare a task that runs by the clock (cron line, UTC), once in all whatever the number of workers."""

    def build(run: Callable[[], None]) -> Callable[[], None]:
        def at_its_time(timestamp: int) -> None:
            run()

        declared = app.task(name=_name(run), queue="schedule", queueing_lock=_name(run))(at_its_time)
        app.periodic(cron=cron)(declared)
        return run

    return build


def defer(what: Task[Given, None, Given], *args: Given.args, **given: Given.kwargs) -> None:
    """Put a job in the queue, inside the caller's transaction. Raises RuntimeError outside one."""
    if not connection.in_atomic_block:
        raise RuntimeError("defer() belongs inside the transaction of the change that wants the job")
    what.defer(*args, **given)


def work(*, stop: threading.Event) -> None:
    """Run jobs until `stop` is set, then let the running one finish. For a thread of its own."""
    while not stop.is_set():
        with suppress(exceptions.ConnectorException, psycopg.Error):
            asyncio.run(_work(stop))
        if not stop.is_set():
            log.warning("the database was lost; taking up jobs again in a second")
            stop.wait(1.0)


def run_waiting() -> None:
    """Run every job that is due now, then return: for tests."""
    now = _worker_app()
    with now.open():
        now.run_worker(
            wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
        )


def workers_alive() -> int:
    """Workers whose heartbeat is fresh."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=clock.now() - ALIVE).count()


def waiting() -> dict[str, int]:
    """Jobs by state."""
    counted = ProcrastinateJob.objects.values_list("status").annotate(n=models.Count("id"))
    return dict(counted)


async def _work(stop: threading.Event) -> None:
    async with _worker_app().open_async() as own:
        worker = asyncio.create_task(
            own.run_worker_async(
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE_SECONDS,
                delete_jobs="successful",
            )
        )
        while not stop.is_set() and not worker.done():
            await asyncio.wait({worker}, timeout=LOOK_SECONDS)
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker


def _worker_app() -> App:
    """The same tasks on connections of the worker's own.

    Not `app.replace_connector`: that changes `app` for every thread, and what a handler defers beside the worker
    would leave its transaction.
    """
    return app.with_connector(DjangoConnector().get_worker_connector())


def _name(run: Callable[..., Any]) -> str:
    return f"{run.__module__.removeprefix('lachan.').removesuffix('.tasks')}.{run.__name__}"
