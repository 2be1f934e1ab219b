"""Writing many rows at once by COPY, a few by an INSERT that is prepared: a fraction of what the ORM takes.

The loop writes thousands of rows a second through here. Constraints and triggers hold as for any other write; there is
no "on conflict": who calls has asked before what is there.
"""

import re
import struct
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import chain, islice
from operator import attrgetter
from typing import Any

import msgspec
from django.db import connection, models
from psycopg import DataError
from psycopg.types.json import Jsonb, set_json_dumps
from psycopg.types.numeric import Int2BinaryDumper, Int4BinaryDumper

from lachan.core import prepared

FEW = 8  # rows: up to here the start and the end of a COPY cost more than it saves
MANY = 0.1  # the share of a table that is worth new statistics, as autovacuum has it
SIZE = re.compile(r"\(.*?\)|\d+")


class SmallNumber(Int2BinaryDumper):
    def dump(self, obj: int) -> Any:
        return _fitting(super().dump, obj)


class Number(Int4BinaryDumper):
    def dump(self, obj: int) -> Any:
        return _fitting(super().dump, obj)


def _fitting(dump: Callable[[int], Any], number: int) -> Any:
    """Refuse a number too large for its column; the driver's compiled dumpers would write its last bits."""
    try:
        return dump(number)
    except struct.error as error:
        raise DataError(f"number out of range: {number}") from error


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of Python values into the model's table, in the caller's transaction.

    Many in PostgreSQL's binary form: neither side has to write numbers, times and keys as text and read them again.
    """
    rest = iter(rows)
    first = list(islice(rest, FEW + 1))
    if len(first) > FEW:
        _copy(model, columns, chain(first, rest))
    elif first:
        prepared.run(_insertion(model, tuple(columns), len(first)), _values(model, tuple(columns), first))


@cache
def _insertion(model: type[models.Model], columns: tuple[str, ...], rows: int) -> str:
    names, row = ", ".join(f'"{c}"' for c in columns), ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {model._meta.db_table} ({names}) VALUES {', '.join([f'({row})'] * rows)}"  # noqa: S608


def _values(
    model: type[models.Model], columns: tuple[str, ...], rows: Iterable[Sequence[Any]]
) -> Sequence[Any]:
    """One after the other, what becomes JSON marked as such."""
    found = list(chain.from_iterable(rows))
    for first in (n for n, kind in enumerate(_types(model, columns)) if kind == "jsonb"):
        for n in range(first, len(found), len(columns)):
            if found[n] is not None:
                found[n] = Jsonb(found[n], dumps=msgspec.json.encode)
    return found


def _copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    names = ", ".join(f'"{c}"' for c in columns)
    statement = f"COPY {model._meta.db_table} ({names}) FROM STDIN (FORMAT BINARY)"
    # The ORM's cursor passes copy() through to the driver, but not the driver's errors as Django's.
    with connection.wrap_database_errors, connection.cursor() as cursor:
        for dumper in (SmallNumber, Number):
            cursor.adapters.register_dumper(int, dumper)
        set_json_dumps(msgspec.json.encode, cursor.cursor)
        with cursor.copy(statement) as copy:
            copy.set_types(_types(model, tuple(columns)))
            for row in rows:
                copy.write_row(row)


@cache
def _types(model: type[models.Model], columns: tuple[str, ...]) -> list[str]:
    """The columns' types as the driver knows them: `varchar` of `varchar(40)`, `date[]` of `date[7]`."""
    known = {field.column: field.db_type(connection) or "" for field in model._meta.concrete_fields}
    return [SIZE.sub("", known[column]) for column in columns]


def insert(rows: Sequence[models.Model]) -> None:
    """Copy new model instances (all of one model); keys that the database gives are filled in first, where none is."""
    if not rows:
        return
    model = type(rows[0])
    unnamed = [row for row in rows if row.pk is None]
    if unnamed and isinstance(model._meta.pk, models.AutoField):
        for row, pk in zip(unnamed, reserve_ids(model, len(unnamed)), strict=True):
            row.pk = pk
    fields = model._meta.concrete_fields
    copy_rows(model, [str(f.column) for f in fields], map(attrgetter(*(f.attname for f in fields)), rows))
    for row in rows:
        row._state.adding = False


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Keys from the model's sequence, ascending, that nobody else will get."""
    statement = f"SELECT nextval('{_sequence(model)}') FROM generate_series(1, %s)"  # noqa: S608 - our own name
    return [row[0] for row in prepared.rows(statement, [count])]


@cache
def _sequence(model: type[models.Model]) -> str:
    """Where the database takes the model's keys from."""
    [(found,)] = prepared.rows(
        "SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, model._meta.pk.column]
    )
    return str(found)


def name_together(*sets: Sequence[models.Model]) -> None:
    """Give keys to new instances, each set of one model, in one statement for all sets."""
    named = [rows for rows in sets if rows]
    keys = ", ".join(
        f"ARRAY(SELECT nextval('{_sequence(type(rows[0]))}') FROM generate_series(1, %s))"  # noqa: S608 - our own name
        for rows in named
    )
    [found] = prepared.rows(f"SELECT {keys}", [len(rows) for rows in named])
    for rows, numbers in zip(named, found, strict=True):
        for row, pk in zip(rows, numbers, strict=True):
            row.pk = pk


def refresh_statistics(model: type[models.Model], *, changed: int, least: int = 100) -> None:
    """Let the planner know of `changed` rows where they are many for the table; autovacuum sees nothing before the
    commit and comes a minute later, and a plan for a table thought empty compares every row with every other."""
    if changed < least:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        if changed > MANY * cursor.fetchone()[0]:
            cursor.execute("SELECT core_analyze(%s)", [[table]])


def update(rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Write these fields of existing instances (all of one model) in one statement, however many rows.

    The ORM's `bulk_update` compares every row with every key.
    """
    if not rows:
        return
    model = type(rows[0])
    by_name = {field.name: field for field in model._meta.concrete_fields}
    key, written = model._meta.pk, [by_name[name] for name in fields]
    types = ", ".join(f"%s::{field.db_type(connection)}[]" for field in (key, *written))
    names = [f'"{field.column}"' for field in written]
    sets = ", ".join(f"{name} = v.{name}" for name in names)
    statement = (
        f"UPDATE {model._meta.db_table} t SET {sets}"  # noqa: S608 - our own names
        f' FROM unnest({types}) v (key, {", ".join(names)}) WHERE t."{key.column}" = v.key'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [_column(rows, field) for field in (key, *written)])


def _column(rows: Sequence[models.Model], field: "models.Field[Any, Any]") -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows]
