"""Who asked to be told. The table itself stands in `lachan/site/subscriptions.py`; the core only holds it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zlib import crc32

from lachan.core.events import Event

LANES = 16

Handler = Callable[[Sequence[Any], datetime], None]


@dataclass(frozen=True)
class On:
    """When `event` happens (and `when` agrees), `do` is told, in batches: `do(events, at)`.

    Handlers of one subscriber (the system they belong to) see the events of one person in order.
    """

    event: type[Event]
    do: Handler
    when: Callable[[Any], bool] | None = None

    @cached_property
    def subscriber(self) -> str:
        """The package that reacts: `tracing` for `lachan.systems.tracing.handlers.confirm_cases`."""
        return self.do.__module__.removesuffix(".handlers").rsplit(".", 1)[-1]

    @cached_property
    def name(self) -> str:
        return f"{self.subscriber}.{getattr(self.do, '__name__', 'handler')}"

    def wants(self, event: Event) -> bool:
        return isinstance(event, self.event) and (self.when is None or self.when(event))


class Loop:
    """The subscriptions, looked up by kind of event and by name of handler."""

    def __init__(self, table: Sequence[On]) -> None:
        self.table = tuple(table)
        self._by_kind: dict[type[Event], list[On]] = defaultdict(list)
        for on in table:
            self._by_kind[on.event].append(on)
        self.handlers = {on.name: on.do for on in table}
        self.subscribers = sorted({on.subscriber for on in table})

    def of(self, event: Event) -> list[On]:
        return [on for on in self._by_kind.get(type(event), ()) if on.wants(event)]

    @staticmethod
    def lane(event: Event) -> int:
        """The lane of the person, so that their events stay in order; without a person, of the thing told of."""
        return event.person_id % LANES if event.person_id else crc32(event.ref.encode()) % LANES


_installed: list[Loop] = []


def install(table: Sequence[On]) -> None:
    """Called once by the site as it starts; by tests of the core with tables of their own."""
    _installed[:] = [Loop(table)]


def loop() -> Loop:
    """The installed table. Without one nothing may be emitted: its deliveries would be lost."""
    if not _installed:
        raise RuntimeError("no subscriptions installed: lachan.site must be in INSTALLED_APPS")
    return _installed[0]
