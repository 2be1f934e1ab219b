"""Writing and reading the event table.

`emit` is called inside the transaction of the change that the events tell of: both are kept or neither is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from django.db import connection

from lachan.core import clock
from lachan.core.bulk import copy_rows
from lachan.core.events import KINDS, Event
from lachan.core.models import Actor, Delivery, EventRow
from lachan.core.subscriptions import loop

CHANNEL = "lachan_events"
EVENT_COLUMNS = (
    "id", "kind", "version", "person_id", "place_id", "actor_id", "caused_by_id", "ref", "facts", "happened_at",
    "recorded_at",
)  # fmt: skip
DELIVERY_COLUMNS = ("event_id", "subscriber", "handler", "lane", "person_id", "tries", "error")
ENVELOPE = frozenset(f.name for f in fields(Event))

E = TypeVar("E", bound=Event)


def emit(events: Sequence[Event], *, actor: Actor) -> list[Event]:
    """Append `events` in order, with one delivery for each handler that asked for them; wake the workers.

    Returns them as given: by whom and when they were recorded is read from the log. Raises RuntimeError outside a
    transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("emit() belongs inside the transaction of the change it tells of")
    recorded_at = clock.now()
    copy_rows(EventRow, EVENT_COLUMNS, (_row(e, actor.pk, recorded_at) for e in events))
    deliveries = [d for e in events for d in _deliveries(e)]
    if deliveries:
        copy_rows(Delivery, DELIVERY_COLUMNS, deliveries)
        wake()
    return list(events)


def _deliveries(event: Event) -> Iterator[tuple[Any, ...]]:
    for on in loop().of(event):
        yield event.id, on.subscriber, on.name, loop().lane(event), event.person_id, 0, ""


def wake() -> None:
    """Let workers that sleep on LISTEN look up (at commit, inside a transaction)."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def _row(event: Event, actor: int, recorded_at: datetime) -> tuple[Any, ...]:
    return (
        event.id, event.kind, event.version, event.person_id, event.place_id, actor, event.caused_by, event.ref,
        facts_of(event), event.happened_at, recorded_at,
    )  # fmt: skip


FACTS = {kind: tuple(f.name for f in fields(kind) if f.name not in ENVELOPE) for kind in KINDS.values()}


def facts_of(event: Event) -> dict[str, Any]:
    """The facts beyond the envelope."""
    return {n: getattr(event, n) for n in FACTS[type(event)]}


def from_row(row: EventRow) -> Event:
    """The typed event that a row tells of."""
    return from_values(
        row.id, row.kind, row.person_id, row.place_id, row.actor_id, row.caused_by_id, row.ref, row.facts,
        row.happened_at, row.recorded_at,
    )  # fmt: skip


def from_values(
    id_: UUID, kind: str, person: int | None, place: int | None, actor: int, caused_by: UUID | None, ref: str,
    facts: dict[str, Any] | str, happened_at: datetime, recorded_at: datetime,
) -> Event:  # fmt: skip
    """`from_row` for a row as the driver gives it (its JSON as text)."""
    envelope = {
        "id": id_, "person_id": person, "place_id": place, "actor_id": actor, "caused_by": caused_by, "ref": ref,
        "happened_at": happened_at, "recorded_at": recorded_at,
    }  # fmt: skip
    told = msgspec.json.decode(facts) if isinstance(facts, str) else facts
    return msgspec.convert(envelope | told, KINDS[kind], strict=False)


OF_PERSONS = """
    WITH who AS (
        SELECT id, id AS owner FROM unnest(%(ids)s::bigint[]) AS given(id)
        UNION
        SELECT id, merged_into_id FROM core_person WHERE merged_into_id = ANY(%(ids)s)
    ) SELECT who.owner, e.id, e.kind, e.person_id, e.place_id, e.actor_id, e.caused_by_id, e.ref, e.facts,
        e.happened_at, e.recorded_at
    FROM who JOIN core_event e ON e.person_id = who.id WHERE e.kind = ANY(%(kinds)s)
    ORDER BY e.happened_at, e.id
"""


def of_persons(person_ids: Iterable[int], kinds: Sequence[type[E]]) -> dict[int, list[E]]:
    """Events of these kinds for each person, oldest first; what is told of a merged record counts for its root.

    Keys are the ids given; one query, whatever the number of persons.
    """
    found: dict[int, list[E]] = defaultdict(list)
    given: dict[str, Any] = {"ids": list(person_ids), "kinds": [k.__name__ for k in kinds]}
    with connection.cursor() as cursor:
        cursor.execute(OF_PERSONS, given)
        for owner, *row in cursor.fetchall():
            found[owner].append(cast(E, from_values(*row)))
    return dict(found)


def of_person(person_id: int, kinds: Sequence[type[E]]) -> list[E]:
    """`of_persons` for one."""
    return of_persons([person_id], kinds).get(person_id, [])


def chain(event_id: Any) -> list[Event]:
    """The event and its causes, the first cause last; one recursive query."""
    sql = """
        WITH RECURSIVE chain AS (
            SELECT e.*, 0 AS depth FROM core_event e WHERE e.id = %s
            UNION ALL
            SELECT e.*, c.depth + 1 FROM core_event e JOIN chain c ON e.id = c.caused_by_id WHERE c.depth < 100
        ) SELECT * FROM chain ORDER BY depth
    """
    return [from_row(row) for row in EventRow.objects.raw(sql, [event_id])]


def with_causes(events: Iterable[Event]) -> list[Event]:
    """These events and all that led to them, in one query."""
    sql = """
        WITH RECURSIVE causes AS (
            SELECT e.* FROM core_event e WHERE e.id = ANY(%s)
            UNION
            SELECT e.* FROM core_event e JOIN causes c ON e.id = c.caused_by_id
        ) SELECT * FROM causes
    """
    return [from_row(row) for row in EventRow.objects.raw(sql, [[e.id for e in events]])]
