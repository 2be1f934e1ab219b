"""Whole records in one: received, examined and injected, as many at once as were written down, set by set.

Each is judged as in the line; what one breaks costs the others nothing. A tablet that was offline sends its morning.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from lachan.core import bulk, clock, persons
from lachan.core.errors import Refusal
from lachan.core.events import Event
from lachan.core.models import Actor, Person
from lachan.policy import VaccinationPolicy
from lachan.systems.vaccination.commands.ledger import BROKEN as LEDGER
from lachan.systems.vaccination.commands.ledger import CannotMoveDoses
from lachan.systems.vaccination.commands.line.arriving import (
    invited_of,
    next_numbers,
    require_open,
    visit_opened,
)
from lachan.systems.vaccination.commands.line.certifying import certify_doses
from lachan.systems.vaccination.commands.line.examining import Examined, form_of, visit_screened
from lachan.systems.vaccination.commands.line.injecting import (
    dose_given,
    dose_of,
    judged,
    known_recipient,
    require_cleared,
    require_vial,
)
from lachan.systems.vaccination.commands.line.refusals import BROKEN, CannotServe
from lachan.systems.vaccination.commands.vials import vials_held
from lachan.systems.vaccination.models import Dose, Movement, ScreeningForm, Session, Vial, Visit
from lachan.systems.vaccination.queries.policy import rules_at
from lachan.systems.vaccination.queries.recipients import recipients_of
from lachan.systems.vaccination.rules.courses import Recipient
from lachan.systems.vaccination.rules.line import Numbering

MOST_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRecord:
    """One person of a session, from the reception to the injection. `vial` is the key of one that is open."""

    person_id: int
    examined: Examined
    vial: int
    table: int
    known_by: str = "code"
    walk_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """All that the records of one call are judged by."""

    session: Session
    policy: VaccinationPolicy
    actor: Actor
    at: datetime
    people: Mapping[int, Person]
    recipients: Mapping[int, Recipient]
    invited: frozenset[int]
    vials: Mapping[int, Vial]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A record that may be written: its rows, of which the database has not given the keys yet."""

    visit: Visit
    form: ScreeningForm
    vial: Vial
    table: int
    counted: Numbering


@transaction.atomic(savepoint=False)
def record_doses(
    *, session: Session, records: Sequence[LineRecord], actor: Actor, at: datetime
) -> list[Dose | Refusal]:
    """For each record, in order, its dose or why it was refused. A constant number of statements where all hold.

    Raises CannotServe (session-…) for all of them.
    """
    require_open(session, at)
    known = _known(session, records, actor, at)
    found: list[_Ready | Refusal] = [_judge(record, known) for record in records]
    ready = [each for each in _first_of_each(found) if isinstance(each, _Ready)]
    written = dict(zip(map(id, ready), _write_all(ready, known), strict=True))
    return [written[id(each)] if isinstance(each, _Ready) else each for each in _first_of_each(found)]


def _first_of_each(found: Sequence[_Ready | Refusal]) -> Iterator[_Ready | Refusal]:
    """Of two records of one person in a call the second comes too late."""
    seen: set[int] = set()
    for each in found:
        if isinstance(each, _Ready):
            if each.visit.person_id in seen:
                yield CannotServe("in-line")
                continue
            seen.add(each.visit.person_id)
        yield each


def _known(session: Session, records: Sequence[LineRecord], actor: Actor, at: datetime) -> _Known:
    people = persons.people_locked(record.person_id for record in records)
    roots = {person.pk: person for person in people.values()}
    everybody = all(record.walk_in for record in records)
    return _Known(
        session=session, policy=rules_at(at), actor=actor, at=at, people=people,
        recipients=recipients_of(roots.values()), vials=vials_held({record.vial for record in records}),
        invited=frozenset() if everybody else frozenset(invited_of(session, sorted(roots))),
    )  # fmt: skip


def _judge(record: LineRecord, known: _Known) -> _Ready | Refusal:
    try:
        return _judged(record, known)
    except Refusal as refusal:
        return refusal


def _judged(record: LineRecord, known: _Known) -> _Ready:
    """Raises CannotServe, as the steps of the line would."""
    person = known.people.get(record.person_id)
    if person is None:
        raise CannotServe("code-unknown")
    vial, session = known.vials.get(record.vial), known.session
    if vial is None:
        raise CannotServe("vial-of-another-site")
    require_vial(vial, session, record.table)
    walk_in = person.pk not in known.invited
    if walk_in and not record.walk_in:
        raise CannotServe("not-invited")
    visit = Visit(
        session=session, person=person, number=0, known_by=record.known_by, walk_in=walk_in,
        arrived_at=known.at, received_by=known.actor,
    )  # fmt: skip
    form = form_of(visit, person, record.examined, policy=known.policy, actor=known.actor, at=known.at)
    require_cleared(form)
    recipient = known_recipient(known.recipients.get(person.pk), form)
    counted = judged(recipient, form, session.product, on=clock.local_date(known.at), policy=known.policy)
    return _Ready(visit=visit, form=form, vial=vial, table=record.table, counted=counted)


def _write_all(ready: Sequence[_Ready], known: _Known) -> list[Dose | Refusal]:
    """All together; where the database refuses that, one after the other."""
    if not ready:
        return []
    try:
        with transaction.atomic():
            return list(_write(ready, known))
    except (IntegrityError, CannotServe, CannotMoveDoses) as error:
        if len(ready) == 1:
            return [_refusal_of(error)]
    return [answer for each in ready for answer in _write_all([each], known)]


def _refusal_of(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    if name in BROKEN:
        return CannotServe(BROKEN[name])
    if name in LEDGER:
        return CannotMoveDoses(LEDGER[name])
    raise error


def _write(ready: Sequence[_Ready], known: _Known) -> list[Dose]:
    """The rows of every record, table after table, and what is told of them. What the database refuses is raised."""
    _number(ready, known.session)
    visits, forms = [each.visit for each in ready], [each.form for each in ready]
    movements = _movements(ready, known)
    given = movements[-len(ready) :]
    bulk.name_together(visits, forms, movements)
    told = [event for each in ready for event in _arrived(each)]
    doses = [
        dose_of(
            each.visit, each.visit.person, each.vial, movement, each.counted, table=each.table, policy=known.policy,
            actor=known.actor, at=known.at,
        )
        for each, movement in zip(ready, given, strict=True)
    ]  # fmt: skip
    for rows in (visits, forms, movements, doses):
        bulk.insert(rows)
    counted = [(dose, each.counted) for dose, each in zip(doses, ready, strict=True)]
    told += [dose_given(dose, number) for dose, number in counted]
    certify_doses(counted, told=told, actor=known.actor, at=known.at)
    for each in ready:
        each.vial.left = max(0, each.vial.left - 1)
    return doses


def _number(ready: Sequence[_Ready], session: Session) -> None:
    walk_ins = sum(each.visit.walk_in for each in ready)
    first = next_numbers(session, len(ready), walk_ins=walk_ins)
    for number, each in enumerate(ready, first):
        each.visit.number = number


def _movements(ready: Sequence[_Ready], known: _Known) -> list[Movement]:
    """At the end one dose of its vial for each. What a vial gives beyond its label is drawn before, as far as the
    rules go."""
    taken = Counter(each.vial.pk for each in ready)
    vials = {each.vial.pk: each.vial for each in ready}
    extras = [
        _movement("extra", vial, known, doses=taken[pk] - vial.left)
        for pk, vial in vials.items()
        if taken[pk] > vial.left
    ]
    return [*extras, *(_movement("given", each.vial, known) for each in ready)]


def _movement(kind: str, vial: Vial, known: _Known, doses: int = 1) -> Movement:
    return Movement(
        kind=kind, store_id=vial.store_id, lot_id=vial.lot_id, vial=vial, doses=doses, happened_at=known.at,
        recorded_by=known.actor,
    )  # fmt: skip


def _arrived(each: _Ready) -> Sequence[Event]:
    each.form.visit_id = each.visit.pk
    return visit_opened(each.visit, each.visit.session), visit_screened(each.form, each.visit)
