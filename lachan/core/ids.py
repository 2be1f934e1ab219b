"""Time-ordered identifiers (RFC 9562 UUID version 7), made here so that PostgreSQL 15 to 17 work too."""

import os
import threading
import time
from uuid import UUID


class _Ticks:
    """Steps of 1/4096 ms that only go forward within this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        now = (time.time_ns() << 12) // 1_000_000
        with self._lock:
            self._last = max(now, self._last + 1)
            return self._last


_ticks = _Ticks()


def uuid7() -> UUID:
    """A UUID whose order is the order of making, within one process strictly.

    48 bits of milliseconds, 12 bits that count within the millisecond, 62 random bits.
    """
    ticks = _ticks.next()
    millis, fraction = ticks >> 12, ticks & 0xFFF
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=(millis & ((1 << 48) - 1)) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random)
