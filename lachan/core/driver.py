"""How values pass between Django and the driver where thousands of them do: at once, or in the driver's compiled code.

What is written and read is the same; only Python no longer looks at every value.
"""

from datetime import UTC, date
from typing import Any
from uuid import UUID

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format
from psycopg.types.array import ListDumper

PLAIN = {int, UUID, date}
"""Kinds of values that need no quotes in an array."""

_compiled: Any = psycopg.adapters.get_loader(psycopg.adapters.types["timestamptz"].oid, Format.TEXT)


class TimeLoader(Loader):
    """The driver's own in place of Django's. `timezone` tells Django that times come in UTC."""

    timezone = UTC

    def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
        super().__init__(oid, context)
        self._driver: Loader = _compiled(oid, context)

    def load(self, data: Buffer) -> Any:
        return self._driver.load(data)


class PlainListDumper(ListDumper):
    """Lists of keys or days, without asking of each whether it needs quotes."""

    def dump(self, obj: list[Any]) -> Any:
        if {*map(type, obj)} <= PLAIN:
            return b"{%b}" % ",".join(map(str, obj)).encode()
        return super().dump(obj)


def _teach(connection: BaseDatabaseWrapper, **_: Any) -> None:
    adapters = connection.connection.adapters
    adapters.register_loader("timestamptz", TimeLoader)
    adapters.register_dumper(list, PlainListDumper)


def register() -> None:
    """Let every connection of Django pass values this way; called once as the site starts."""
    connection_created.connect(_teach, dispatch_uid=__name__)
