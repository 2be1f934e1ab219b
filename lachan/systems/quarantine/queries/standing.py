"""What the event log holds against persons today: the case or the contact that still asks for an order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from lachan.core import eventlog
from lachan.core.events import (
    CaseConfirmed,
    CaseWithdrawn,
    ContactChanged,
    ContactCleared,
    ContactFound,
    Event,
    PersonReleased,
)

Contacts = dict[int, ContactFound | ContactChanged]
KINDS: tuple[type[Event], ...] = (
    CaseConfirmed, CaseWithdrawn, ContactFound, ContactChanged, ContactCleared, PersonReleased,
)  # fmt: skip
# Tracing stopped to follow the contact; the exposure it found still was one.
NOT_CLEARED = ("follow-up-ended",)
# Contacts of a case, also those at second hand; beyond them other cases begin.
LED_TO = """
    WITH RECURSIVE led_to AS (
        SELECT e.id, w.cause FROM unnest(%s::bigint[], %s::bigint[], %s::uuid[]) w (person_id, case_id, cause)
        JOIN core_event e ON e.person_id = w.person_id AND e.kind = 'CaseConfirmed'
            AND (e.facts->>'case_id')::bigint = w.case_id
        UNION
        SELECT e.id, led_to.cause FROM led_to JOIN core_event e ON e.caused_by_id = led_to.id
        WHERE e.kind IN ('ContactFound', 'ContactChanged')
    )
    SELECT led_to.id, led_to.cause, coalesce(p.merged_into_id, p.id) FROM led_to
    LEFT JOIN quarantine_orderterm t ON t.cause_event_id = led_to.id AND t.superseded_at IS NULL
        AND t.subject IN ('F1', 'F2')
    LEFT JOIN quarantine_order o ON o.id = t.order_id AND o.closed_at IS NULL
    LEFT JOIN core_person p ON p.id = o.person_id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """The last case that was neither withdrawn nor released, and the contacts neither cleared nor released;
    `followed` are those (by id) that tracing still tells of."""

    case: CaseConfirmed | None
    contacts: tuple[ContactFound | ContactChanged, ...]
    followed: frozenset[int]

    @property
    def nearest(self) -> ContactFound | ContactChanged | None:
        """The contact that decides: the nearest, of these the last exposed."""
        return min(self.contacts, key=lambda c: (c.level, -c.exposed_at.timestamp()), default=None)


def baseless(events: Sequence[CaseWithdrawn]) -> dict[int, UUID]:
    """Who is under an order only as a contact of these cases after tracing stopped to follow them: the person and
    the withdrawal. Of a contact that it follows, tracing itself tells. Two queries."""
    given: list[Any] = [[e.about for e in events], [e.case_id for e in events], [e.id for e in events]]
    with connection.cursor() as cursor:
        cursor.execute(LED_TO, given)
        rows: list[tuple[UUID, UUID, int | None]] = cursor.fetchall()
    gone = {event_id for event_id, _, _ in rows}
    ordered = {person_id: cause for _, cause, person_id in rows if person_id is not None}
    found = standing(ordered) if ordered else {}
    return {
        pk: cause
        for pk, cause in ordered.items()
        if (its := found[pk]).contacts and not its.followed and all(c.id in gone for c in its.contacts)
    }


def standing(person_ids: Iterable[int]) -> dict[int, Standing]:
    """By person, those with no events too; one query."""
    ids = set(person_ids)
    told: dict[int, list[Event]] = eventlog.of_persons(ids, KINDS)
    return {pk: _standing(told.get(pk, [])) for pk in ids}


def _standing(events: Sequence[Event]) -> Standing:
    cases: dict[int, CaseConfirmed] = {}
    contacts: Contacts = {}
    ended: set[int] = set()
    for e in events:
        if isinstance(e, CaseConfirmed):
            cases[e.case_id] = e
        elif isinstance(e, CaseWithdrawn):
            cases.pop(e.case_id, None)
        elif isinstance(e, ContactFound | ContactChanged):
            contacts[e.contact_id] = e
            ended.discard(e.contact_id)
        elif isinstance(e, ContactCleared):
            ended.add(e.contact_id)
            contacts = contacts if e.reason in NOT_CLEARED else _without(contacts, e.contact_id)
        elif isinstance(e, PersonReleased):
            cases = {} if e.subject == "F0" else cases
            contacts = {k: c for k, c in contacts.items() if c.exposed_at >= e.happened_at}
    last = next(reversed(cases.values()), None)
    return Standing(last, tuple(contacts.values()), frozenset(contacts.keys() - ended))


def _without(contacts: Contacts, contact_id: int) -> Contacts:
    return {k: c for k, c in contacts.items() if k != contact_id}
