"""What is asked again and again and may be a minute old: kept in the process, with when it was asked."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, TypeVar

FRESH = timedelta(seconds=60)
MOST = 500

Value = TypeVar("Value")
_kept: dict[Hashable, tuple[datetime, Any]] = {}


def remembered(key: Hashable, at: datetime, ask: Callable[[], Value]) -> tuple[datetime, Value]:
    """The value and as of when it is: not older than a minute, nor younger than `at`."""
    known = _kept.get(key)
    if known is None or not timedelta() <= at - known[0] < FRESH:
        if len(_kept) >= MOST:
            _kept.clear()
        known = _kept[key] = (at, ask())
    return known


def forget() -> None:
    """Let the next reader ask anew."""
    _kept.clear()
