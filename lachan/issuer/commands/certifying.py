"""What is entered and certified in one: the record of each fact and the intent of its certificate, set by set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID

from django.db import transaction

from lachan.core import bulk
from lachan.core.eventlog import emit
from lachan.core.events import BackingRecorded, Event
from lachan.core.models import Actor, Person, Place
from lachan.issuer import rules
from lachan.issuer.commands.records import require_facts
from lachan.issuer.commands.requests import Wish, intents, recalled
from lachan.issuer.commands.stops import wake_issuer
from lachan.issuer.models import Record, Waiting
from lachan.issuer.rules.facts import KIND_OF


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """A fact and where it comes from. `person` is one that others were merged into (a root), held by the caller."""

    facts: rules.Facts
    person: Person
    happened_on: date
    source: str
    reference: str
    lot: str = ""
    place: Place | None = None
    cause: UUID | None = None


@transaction.atomic(savepoint=False)
def certify(
    *, backings: Sequence[Backing], actor: Actor, at: datetime, told: Sequence[Event] = ()
) -> list[Record]:
    """Enter each and ask for its certificate, in as many statements for a thousand as for one.

    `told`: events of the caller that lead to these, written down with theirs. What an order took back (a lot, a place
    and its days) is entered without a certificate. Raises CannotRecord; IntegrityError where a source was entered
    before.
    """
    if not backings:
        emit(told, actor=actor)
        return []
    for backing in backings:
        require_facts(backing.facts, backing.happened_on, at)
    entered = [
        _told(b, pk, at) for b, pk in zip(backings, bulk.reserve_ids(Record, len(backings)), strict=True)
    ]
    rows = [_row(b, t, actor, at) for b, t in zip(backings, entered, strict=True)]
    bulk.copy_rows(Record, COLUMNS, map(attrgetter(*COLUMNS), rows))
    stopped = recalled(rows)
    wishes = [
        Wish(record=row, holder=b.person, issued_at=at, expires_at=rules.expiry(at))
        for row, b in zip(rows, backings, strict=True)
        if row.pk not in stopped
    ]
    emit([*told, *entered, *_ask(wishes, actor, at)], actor=actor)
    return rows


COLUMNS = [f.attname for f in Record._meta.concrete_fields]


def _told(backing: Backing, pk: int, at: datetime) -> BackingRecorded:
    return BackingRecorded(
        person_id=backing.person.pk, place_id=backing.place.pk if backing.place else None, happened_at=at,
        caused_by=backing.cause, record_id=pk, ref=f"issuer.record:{pk}", use=KIND_OF[type(backing.facts)].value,
        happened_on=backing.happened_on,
    )  # fmt: skip


def _row(backing: Backing, told: BackingRecorded, actor: Actor, at: datetime) -> Record:
    place = backing.place
    return Record(
        pk=told.record_id, kind=told.use, person_id=backing.person.pk, facts=rules.facts_json(backing.facts),
        happened_on=backing.happened_on, lot=backing.lot.strip(), place=place, area_id=place.area_id if place else None,
        source=backing.source, reference=backing.reference, event_id=told.id, recorded_by=actor, recorded_at=at,
    )  # fmt: skip


def _ask(wishes: list[Wish], actor: Actor, at: datetime) -> Sequence[Event]:
    """Records of this transaction: nobody has withdrawn or certified them."""
    if not wishes:
        return []
    made, told = intents(wishes, actor=actor, at=at)
    bulk.insert(made)
    bulk.copy_rows(Waiting, ["intent_id"], ((i.pk,) for i in made))
    wake_issuer()
    return told
