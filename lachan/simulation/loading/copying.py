"""COPY into tables, and blocks of ids to copy with."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

NULL = r"\N"
_ROWS_A_PIECE = 5_000


def reserve_block(model: type[models.Model], count: int) -> int:
    """The first of `count` consecutive ids of this model that no other load will get.

    Ids in one block, so that an index in an array is an id without a table between them. `core.bulk.reserve_ids` takes
    them one by one, which keeps its promise also among the single inserts of a database at work; this one does not.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [table])
        cursor.execute(
            "SELECT setval(s, nextval(s) + %s) - %s FROM pg_get_serial_sequence(%s, 'id') s",
            [max(count, 1) - 1, max(count, 1) - 1, table],
        )
        return int(cursor.fetchone()[0])


def copy_lines(model: type[models.Model], columns: Sequence[str], lines: Iterable[str]) -> int:
    """Copy tab-separated lines (each ending in a newline) into the model's table; returns their number.

    The text must hold no tab, newline or backslash of its own; see `escaped`.
    """
    total, lines = 0, iter(lines)
    with connection.cursor() as cursor:
        statement = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"
        with cursor.cursor.copy(statement) as copy:
            while piece := list(islice(lines, _ROWS_A_PIECE)):
                copy.write("".join(piece))
                total += len(piece)
    return total


def escaped(text: str) -> str:
    """The text as COPY wants it."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def as_json(value: Any) -> str:
    """JSON for a column of COPY."""
    return escaped(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def uuids(milliseconds: int, noise: bytes) -> Iterator[str]:
    """Version-7 identifiers of one millisecond, one for every ten bytes of noise."""
    text, prefix = noise.hex(), f"{milliseconds:012x}7"
    for at in range(0, len(text), 20):
        yield f"{prefix}{text[at : at + 3]}8{text[at + 3 : at + 18]}"
