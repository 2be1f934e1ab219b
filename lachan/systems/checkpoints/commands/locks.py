"""Locks that hold until the transaction ends; always taken in sorted order, so that none waits in a circle."""

from collections.abc import Iterable

from django.db import connection

BUCKETS = 64


def hold(names: Iterable[str]) -> None:
    """Hold a lock for each name; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS name",
            [sorted(set(names))],
        )


def hold_visits(place_id: int, person_ids: Iterable[int]) -> None:
    """Hold the visits of these persons to the place, so that an entry and an exit uploaded at once see each other.

    By buckets of persons: a batch of thousands must not fill the server's lock table.
    """
    hold(f"checkpoints.visits:{place_id}:{person_id % BUCKETS:02}" for person_id in person_ids)
