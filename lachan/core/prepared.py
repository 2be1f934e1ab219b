"""Statements that are asked thousands of times over: planned once by the server, written once by hand.

The ORM takes a millisecond to write a query with joins, and the server plans it as often; a prepared statement takes
a tenth of that. For the few reads and writes on which every call of a device or of a table waits; constraints and
triggers hold as for any other write.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import psycopg
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

M = TypeVar("M", bound=models.Model)


class _Cursor(psycopg.Cursor[Any]):
    """Values go beside the statement, not into its text."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> "_Cursor":
        self._conn.prepare_threshold = 0
        try:
            return super().execute(query, params, prepare=True)
        finally:
            self._conn.prepare_threshold = None  # nothing else on this connection is prepared

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        self._query = super()._convert_query(query, params)  # Django's log of statements reads it there
        return self._query


def _cursor() -> CursorWrapper:
    """In Django's transaction, seen by whatever counts its statements."""
    connection.ensure_connection()
    found: CursorWrapper = connection._prepare_cursor(_Cursor(connection.connection))  # type: ignore[attr-defined]
    return found


def run(statement: str, given: Sequence[Any] | Mapping[str, Any] = ()) -> None:
    with _cursor() as prepared:
        prepared.execute(statement, given)


def rows(statement: str, given: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    with _cursor() as prepared:
        prepared.execute(statement, given)
        found: list[tuple[Any, ...]] = prepared.fetchall()
        return found


@cache
def columns(model: type[models.Model], alias: str) -> str:
    """The columns of the model's table under this alias, in the order in which `instance` takes their values."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


@cache
def _width(model: type[models.Model]) -> int:
    return len(model._meta.concrete_fields)


@cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def instance(model: type[M], values: Sequence[Any]) -> M:
    """A row of `columns` as the ORM would have it. Not for models with JSON columns."""
    return model.from_db("default", _names(model), values)


def instances(values: Sequence[Any], *kinds: type[models.Model]) -> list[Any]:
    """The instances of a row that has the columns of several models side by side; None for one without a key."""
    found: list[Any] = []
    start = 0
    for model in kinds:
        end = start + _width(model)
        found.append(instance(model, values[start:end]) if values[start] is not None else None)
        start = end
    return found
