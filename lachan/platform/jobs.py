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
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any, ParamSpec

import psycopg
from django.db import connection, models, transaction
from procrastinate import App, RetryStrategy, exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.periodic import PeriodicTask
from procrastinate.tasks import Task

from lachan.core import clock

log = logging.getLogger(__name__)

TRIES = 5
LOOK_SECONDS = 0.2
GRACE_SECONDS = 20  # a job that is running when the worker is asked to stop may finish
AT_ONCE = 3  # so that messages do not wait behind a long list
ALIVE = timedelta(seconds=60)
SOMEBODY_WAITS = 10  # the priority of what a person waits for with a page open

Given = ParamSpec("Given")
_stops: set[threading.Event] = set()  # those of the workers that run in this process


def task(
    *, queue: str = "default", priority: int = 0
) -> Callable[[Callable[Given, None]], Task[Given, None, Given]]:
    """Declare a task; it is tried five times, with growing pauses. Of two that wait the higher priority goes first."""

    def build(run: Callable[Given, None]) -> Task[Given, None, Given]:
        retry = RetryStrategy(max_attempts=TRIES, exponential_wait=5)
        declared: Task[Given, None, Given] = app.task(
            name=_name(run), queue=queue, retry=retry, priority=priority
        )(run)
        return declared

    return build


def every(cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Declare a task that runs by the installation's clock (cron line, `TIME_ZONE`), once in all whatever the number of
    workers."""

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


class Interrupted(Exception):
    """A long job left off because its worker is asked to stop; it is tried again."""


def go_on() -> None:
    """For long jobs, now and then: raises Interrupted once the worker is asked to stop."""
    if any(stop.is_set() for stop in _stops):
        raise Interrupted


def work(*, stop: threading.Event) -> None:
    """Run jobs until `stop` is set, then let the running ones finish. For a thread of its own."""
    _stops.add(stop)
    try:
        _work_until(stop)
    finally:
        _stops.discard(stop)


def _work_until(stop: threading.Event) -> None:
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


def take_up_left() -> int:
    """Put back the jobs that were in the hands of a worker whose heart stopped, unless they were tried often enough;
    how many."""
    left = ProcrastinateJob.objects.filter(status="doing", attempts__lt=TRIES).exclude(
        worker__last_heartbeat__gt=clock.now() - ALIVE
    )
    taken = 0
    for job in left.values_list("pk", flat=True):
        with suppress(exceptions.UniqueViolation), transaction.atomic():
            app.job_manager.retry_job_by_id(job, retry_at=clock.now())
            taken += 1
    return taken


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
                concurrency=AT_ONCE,
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
    own = app.with_connector(DjangoConnector().get_worker_connector())
    read_in_local_time(own.periodic_registry.periodic_tasks.values())
    return own


def read_in_local_time(scheduled: Iterable[PeriodicTask[Any, Any, Any]]) -> None:
    """Let cron lines mean the time where the installation is: by itself procrastinate reads them in UTC."""
    here = clock.now().astimezone(clock.zone())
    for entry in scheduled:
        entry.croniter.set_current(here)  # which also sets its zone; later it is given plain seconds


def _name(run: Callable[..., Any]) -> str:
    return f"{run.__module__.removeprefix('lachan.').removesuffix('.tasks')}.{run.__name__}"
