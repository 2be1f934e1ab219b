"""Reading a long list through a cursor of the server, closed when its reader is done and not at some later moment."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, cast

from django.db.models import QuerySet


@contextmanager
def stream(found: "QuerySet[Any, Any]", *, size: int) -> Iterator[Iterator[Any]]:
    """The rows of `found`, `size` at a time here; in place of `iterator()`, which nothing closes.

    A reader that fails halfway leaves its cursor to the garbage collector. That may come by while the same
    connection waits for another answer; the driver then closes the cursor and waits for the connection, for ever.
    """
    with closing(cast("Any", found.iterator(chunk_size=size))) as rows:
        yield rows
