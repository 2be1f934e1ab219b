"""Large loads without the cost of each index and foreign key per row: taken off, and put back checked."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models, transaction

WORTHWHILE_ROWS = 200_000

# Keys and unique constraints stay. Foreign keys and exclusion constraints come off with the plain indexes.
_CONSTRAINTS = """
    SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype IN ('f', 'x') ORDER BY contype DESC, conname
"""
_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
    WHERE i.indrelid = %s::regclass
      AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


@contextmanager
def bulk(tables: Sequence[type[models.Model]], rows: int) -> Iterator[None]:
    """One transaction in which the tables take rows fast, when there are many; every rule holds again at its end.

    The tables are locked meanwhile. PostgreSQL checks all rows, also the new ones, as the rules are put back.
    """
    with transaction.atomic():
        taken = [_take_off(m._meta.db_table) for m in tables] if rows >= WORTHWHILE_ROWS else []
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
            for statement in (s for table in taken for s in table):
                cursor.execute(statement)


def _take_off(table: str) -> list[str]:
    """Drop what slows loading; the statements that put it back."""
    back = []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(_CONSTRAINTS, [table])
        for name, definition in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            back.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute(_INDEXES, [table])
        for name, definition in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
            back.append(definition)
    return back
