"""Writing many rows at once by COPY: several times what an INSERT through the ORM takes.

The loop writes thousands of rows a second through here. Constraints and triggers hold as for any other write; there is
no "on conflict": who calls has asked before what is there.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connection, models
from psycopg.types.json import Jsonb

MANY = 0.1  # the share of a table that is worth new statistics, as autovacuum has it
Columns = tuple[list[str], Callable[[Any], tuple[Any, ...]]]


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Copy rows of Python values (JSON values as `Jsonb`) into the model's table, in the caller's transaction."""
    names = ", ".join(f'"{c}"' for c in columns)
    statement = f"COPY {model._meta.db_table} ({names}) FROM STDIN"
    # The ORM's cursor passes copy() through to the driver, but not the driver's errors as Django's.
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def insert(rows: Sequence[models.Model]) -> None:
    """Copy new model instances (all of one model); keys that the database gives are filled in first."""
    if not rows:
        return
    model = type(rows[0])
    if isinstance(model._meta.pk, models.AutoField):
        for row, pk in zip(rows, reserve_ids(model, len(rows)), strict=True):
            row.pk = pk
    names, values = _columns(model)
    copy_rows(model, names, (values(row) for row in rows))
    for row in rows:
        row._state.adding = False


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Keys from the model's sequence, ascending, that nobody else will get."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [row[0] for row in cursor.fetchall()]


@cache
def _columns(model: type[models.Model]) -> Columns:
    """The model's columns, and the function that takes their values from an instance."""
    fields = model._meta.concrete_fields
    raw = attrgetter(*(f.attname for f in fields))
    special = {
        n: _converter(f) for n, f in enumerate(fields) if isinstance(f, models.JSONField | models.CharField)
    }

    def values(row: Any) -> tuple[Any, ...]:
        found = list(raw(row))
        for number, convert in special.items():
            found[number] = convert(found[number])
        return tuple(found)

    return [str(f.column) for f in fields], values


def _converter(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    if isinstance(field, models.JSONField):
        return Jsonb
    return _plain_text


def _plain_text(value: Any) -> Any:
    """A choice as its value: the driver would send an enumeration's name."""
    return value if value is None or type(value) is str else str(value)


def refresh_statistics(model: type[models.Model], *, changed: int, least: int = 100) -> None:
    """Let the planner know of `changed` rows where they are many for the table; autovacuum sees nothing before the
    commit and comes a minute later, and a plan for a table thought empty compares every row with every other."""
    if changed < least:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        if changed > MANY * cursor.fetchone()[0]:
            cursor.execute(f"ANALYZE {table}")


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
