"""The clock. Only doors (views, API, command line, worker) ask it; rules and commands are told `at`.

A simulation or a test moves it with `frozen`, so that a whole outbreak can be played in the past.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

_frozen: ContextVar[datetime | None] = ContextVar("lachan_frozen_clock", default=None)


def now() -> datetime:
    """The present, in UTC and aware."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Let `now()` answer `at` within the block (this thread or task only)."""
    token = _frozen.set(at)
    try:
        yield
    finally:
        _frozen.reset(token)


def zone() -> ZoneInfo:
    """The zone in which days begin: the deployment's `TIME_ZONE`."""
    return ZoneInfo(settings.TIME_ZONE)


def local_date(at: datetime) -> date:
    """The calendar day of `at` where the deployment is."""
    return at.astimezone(zone()).date()


def day_start(day: date) -> datetime:
    """Midnight at which `day` begins, aware."""
    return datetime.combine(day, time.min, tzinfo=zone())


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Half-open bounds of `day`."""
    return day_start(day), day_start(day + timedelta(days=1))
