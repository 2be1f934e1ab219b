"""Delivering events to handlers, on PostgreSQL alone (decision 0004).

A worker locks some lanes of a subscriber (FOR UPDATE SKIP LOCKED), takes what waits in them in order, lets the
handlers write in bulk, deletes the deliveries, commits. Effects and deletion are one transaction: a worker
killed at any instant has done all of a batch or nothing of it.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import psycopg
from django.db import OperationalError, connection, transaction
from psycopg.conninfo import make_conninfo

from lachan.core import clock
from lachan.core.eventlog import CHANNEL, from_values
from lachan.core.events import Event
from lachan.core.models import Delivery, Lane
from lachan.core.subscriptions import LANES, loop

log = logging.getLogger(__name__)

BATCH = 2_000
LANES_AT_ONCE = LANES // 2
TRIES = 5
BACKOFF = (0.2, 1.0, 3.0, 5.0)
IDLE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Task:
    """One event for one handler. `delivery` is the key of its row."""

    delivery: int
    handler: str
    person_id: int | None
    tries: int
    event: Event


def ensure_lanes() -> None:
    """A row for every lane of every subscriber."""
    Lane.objects.bulk_create(
        [Lane(subscriber=s, number=n) for s in loop().subscribers for n in range(LANES)],
        ignore_conflicts=True,
    )


def run_once(*, at: datetime | None = None) -> int:
    """Deliver one batch of each subscriber that has work; the number of events handled or set aside."""
    return sum(_deliver(subscriber, at) for subscriber in _waiting())


def drain(*, at: datetime | None = None) -> int:
    """Deliver until nothing is left that may be delivered now."""
    ensure_lanes()
    total = 0
    while handled := run_once(at=at):
        total += handled
    return total


def _waiting() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s FROM unnest(%s::text[]) s WHERE EXISTS (SELECT 1 FROM core_delivery d WHERE d.subscriber = s"
            " AND d.parked_at IS NULL AND (d.not_before IS NULL OR d.not_before <= clock_timestamp()))",
            [loop().subscribers],
        )
        return [row[0] for row in cursor.fetchall()]


def _deliver(subscriber: str, at: datetime | None) -> int:
    with transaction.atomic():
        lanes = _lock_lanes(subscriber)
        tasks = _take(subscriber, lanes)
        failed: set[int] = set()
        for handler, batch in rounds(tasks):
            _handle(handler, batch, at or clock.now(), failed)
    return len(tasks)


def _lock_lanes(subscriber: str) -> list[int]:
    """Lanes with work that nobody else holds; half of them at most, so that a second worker finds some."""
    sql = """
        SELECT l.number FROM core_lane l WHERE l.subscriber = %s AND EXISTS (
            SELECT 1 FROM core_delivery d WHERE d.subscriber = l.subscriber AND d.lane = l.number
            AND d.parked_at IS NULL AND (d.not_before IS NULL OR d.not_before <= clock_timestamp()))
        ORDER BY random() LIMIT %s FOR UPDATE SKIP LOCKED
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [subscriber, LANES_AT_ONCE])
        return [row[0] for row in cursor.fetchall()]


# The first of those that wait, and only then their events: however many wait behind them.
TAKE = """
    SELECT d.id, d.handler, d.person_id, d.tries, e.id, e.kind, e.person_id, e.place_id, e.actor_id, e.caused_by_id,
        e.ref, e.facts, e.happened_at, e.recorded_at
    FROM (
        SELECT w.* FROM core_delivery w WHERE w.subscriber = %s AND w.lane = ANY(%s) AND w.parked_at IS NULL
          AND (w.not_before IS NULL OR w.not_before <= clock_timestamp())
          AND NOT EXISTS (
            SELECT 1 FROM core_delivery b WHERE b.subscriber = w.subscriber AND b.person_id = w.person_id
            AND b.parked_at IS NULL AND b.not_before > clock_timestamp() AND b.id < w.id)
        ORDER BY w.id LIMIT %s
    ) d JOIN core_event e ON e.id = d.event_id
    ORDER BY d.id
"""


def _take(subscriber: str, lanes: list[int]) -> list[Task]:
    """What waits in these lanes, in order, without those who come after an event of the same person that is
    being retried."""
    if not lanes:
        return []
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [subscriber, lanes, BATCH])
        return [Task(row[0], row[1], row[2], row[3], from_values(*row[4:])) for row in cursor.fetchall()]


def rounds(tasks: Sequence[Task]) -> Iterator[tuple[str, list[Task]]]:
    """Group tasks by handler into batches as large as order per person allows.

    A person's task gets a later round than the one before it whenever the handler changes; within a round
    every person has one handler only, so handlers may run one after the other.
    """
    latest: dict[int, tuple[int, str]] = {}
    numbered = []
    for task in tasks:
        who, handler = task.person_id, task.handler
        number, previous = latest.get(who, (0, handler)) if who else (0, handler)
        number += previous != handler
        if who:
            latest[who] = (number, handler)
        numbered.append(((number, handler), task))
    numbered.sort(key=lambda n: n[0])
    for (_, handler), group in groupby(numbered, key=lambda n: n[0]):
        yield handler, [task for _, task in group]


def _handle(handler: str, tasks: list[Task], at: datetime, failed: set[int]) -> None:
    """Let the handler have the whole batch; where it fails, find the event that is to blame by halving.

    Persons in `failed` have an earlier event that is set aside: theirs wait behind it.
    """
    tasks = [t for t in tasks if t.person_id not in failed]
    if not tasks:
        return
    try:
        with transaction.atomic():
            loop().handlers[handler]([t.event for t in tasks], at)
            _acknowledge(tasks)
    except Exception as error:
        if _passes(error):
            raise
        if len(tasks) == 1:
            _set_aside(tasks[0], error, failed)
            return
        middle = len(tasks) // 2
        _handle(handler, tasks[:middle], at, failed)
        _handle(handler, tasks[middle:], at, failed)


PASSING = ("08", "40", "53", "57P")
"""SQLSTATE classes of what is nobody's fault: connection, deadlock or serialisation, resources, shutdown."""


def _passes(error: Exception) -> bool:
    """Whether to give the whole batch back and try it again. What one event brings about (a limit, a timeout) is not
    that: it would stop the others for ever."""
    state = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, OperationalError) and (state is None or state.startswith(PASSING))


def _acknowledge(tasks: list[Task]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_delivery WHERE id = ANY(%s)", [[t.delivery for t in tasks]])


def _set_aside(task: Task, error: Exception, failed: set[int]) -> None:
    """Try again later; after the last try park it where it is seen (`lachan doctor`, the events desk)."""
    if task.person_id is not None:
        failed.add(task.person_id)
    log.warning("%s failed on event %s: %s", task.handler, task.event.id, type(error).__name__)
    tries = task.tries + 1
    # The database's clock, as in the queries above: a simulated or frozen clock must not stop retries.
    seconds = BACKOFF[min(tries, len(BACKOFF)) - 1]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_delivery SET tries = %s, not_before = clock_timestamp() + make_interval(secs => %s),"
            " error = %s, parked_at = CASE WHEN %s THEN clock_timestamp() END WHERE id = %s",
            [tries, seconds, _describe(error), tries >= TRIES, task.delivery],
        )


def _describe(error: Exception) -> str:
    """The kind of failure and its place in our code; not its text, which may carry a name."""
    trace, where = error.__traceback__, ""
    while trace:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("lachan."):
            where = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {where}"[:500]


def retry_parked(*, handler: str | None = None) -> int:
    """Let parked events be tried again (after a repair)."""
    parked = Delivery.objects.filter(parked_at__isnull=False)
    if handler:
        parked = parked.filter(handler=handler)
    return parked.update(parked_at=None, not_before=None, tries=0)


def run(*, stop: threading.Event) -> None:
    """Work until `stop` is set: deliver, then sleep until a NOTIFY or a retry is due."""
    ensure_lanes()
    listen(CHANNEL, lambda: drain_until(stop), patience=_patience, stop=stop)


def listen(
    channel: str, work: Callable[[], None], *, patience: Callable[[], float], stop: threading.Event
) -> None:
    """Call `work`, then sleep until a NOTIFY on `channel` or for `patience()` seconds, again and again until `stop`
    is set; a database that is away is waited for."""
    while not stop.is_set():
        try:
            with psycopg.connect(_address(), autocommit=True) as listener:
                listener.execute(f"LISTEN {channel}")
                while not stop.is_set():
                    work()
                    for _ in listener.notifies(timeout=patience(), stop_after=1):
                        pass
        except (OperationalError, psycopg.OperationalError):
            log.warning("the database does not answer; trying again in a second")
            connection.close()
            stop.wait(1.0)


def _address() -> str:
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    settings = connection.settings_dict
    given = {theirs: str(settings[ours]) for ours, theirs in names.items() if settings.get(ours)}
    return make_conninfo(**given)


def drain_until(stop: threading.Event) -> None:
    while not stop.is_set() and run_once():
        pass


def _patience() -> float:
    """Seconds until the next retry is due, at most IDLE_SECONDS."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM min(not_before) - clock_timestamp()) FROM core_delivery WHERE parked_at IS NULL"
        )
        due = cursor.fetchone()[0]
    return IDLE_SECONDS if due is None else min(IDLE_SECONDS, max(0.05, float(due)))
