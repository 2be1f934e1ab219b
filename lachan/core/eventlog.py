"""Writing and reading the event table.

`emit` is called inside the transaction of the change that the events tell of: both are kept or neither is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from django.db import connection
from django.db.models import Q

from lachan.core import clock
from lachan.core.events import KINDS, Event
from lachan.core.models import Actor, Delivery, EventRow
from lachan.core.subscriptions import loop

CHANNEL = "lachan_events"
BATCH = 5_000
ENVELOPE = frozenset(f.name for f in fields(Event))

E = TypeVar("E", bound=Event)


def emit(events: Sequence[Event], *, actor: Actor) -> list[Event]:
    """Append `events` in order, with one delivery for each handler that asked for them; wake the workers.

    Returns the events as recorded. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("emit() belongs inside the transaction of the change it tells of")
    recorded_at = clock.now()
    recorded = [replace(e, recorded_at=recorded_at, actor_id=actor.pk) for e in events]
    EventRow.objects.bulk_create([_row(e, actor, recorded_at) for e in recorded], batch_size=BATCH)
    deliveries = [d for e in recorded for d in _deliveries(e)]
    if deliveries:
        Delivery.objects.bulk_create(deliveries, batch_size=BATCH)
        _wake()
    return recorded


def _wake() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def _row(event: Event, actor: Actor, recorded_at: datetime) -> EventRow:
    return EventRow(
        id=event.id,
        kind=event.kind,
        version=event.version,
        person_id=event.person_id,
        place_id=event.place_id,
        actor=actor,
        caused_by_id=event.caused_by,
        ref=event.ref,
        facts=facts_of(event),
        happened_at=event.happened_at,
        recorded_at=recorded_at,
    )


def _deliveries(event: Event) -> Iterable[Delivery]:
    for on in loop().of(event):
        yield Delivery(
            event_id=event.id,
            subscriber=on.subscriber,
            handler=on.name,
            lane=loop().lane(event),
            person_id=event.person_id,
        )


FACTS = {kind: tuple(f.name for f in fields(kind) if f.name not in ENVELOPE) for kind in KINDS.values()}


def facts_of(event: Event) -> dict[str, Any]:
    """The facts beyond the envelope, as JSON values."""
    return {n: msgspec.to_builtins(getattr(event, n)) for n in FACTS[type(event)]}


def from_row(row: EventRow) -> Event:
    """The typed event that a row tells of."""
    envelope = {
        "id": row.id,
        "person_id": row.person_id,
        "place_id": row.place_id,
        "actor_id": row.actor_id,
        "caused_by": row.caused_by_id,
        "ref": row.ref,
        "happened_at": row.happened_at,
        "recorded_at": row.recorded_at,
    }
    return msgspec.convert(envelope | row.facts, KINDS[row.kind], strict=False)


def of_persons(person_ids: Iterable[int], kinds: Sequence[type[E]]) -> dict[int, list[E]]:
    """Events of these kinds for each person, oldest first; what is told of a merged record counts for its root.

    Keys are the ids given; one query, whatever the number of persons.
    """
    ids = list(person_ids)
    rows = (
        EventRow.objects.filter(Q(person_id__in=ids) | Q(person__merged_into_id__in=ids))
        .filter(kind__in=[k.__name__ for k in kinds])
        .select_related("person")
        .order_by("happened_at", "id")
    )
    wanted, found = set(ids), defaultdict[int, list[E]](list)
    for row in rows:
        event: Any = from_row(row)
        owners = {row.person_id, row.person.merged_into_id if row.person else None} & wanted
        for owner in owners:
            if owner is not None:
                found[owner].append(event)
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
