"""Who has come: the person of a code or a card, received once, with a number to be called by."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from lachan.codecs.bhyt import InsuranceCard
from lachan.codecs.cccd import CitizenCard
from lachan.codecs.national_qr import NationalQr
from lachan.codecs.person_qr import PersonCode, recognise
from lachan.core import clock, persons, prepared
from lachan.core.dates import BadDate, BirthDate
from lachan.core.eventlog import emit
from lachan.core.events import VisitEnded, VisitOpened
from lachan.core.models import Actor, IdentifierKind, Person
from lachan.core.names import BadName, search_key
from lachan.core.persons import Identity
from lachan.issuer import judging
from lachan.issuer.queries import persons_of
from lachan.systems.vaccination.commands.line.refusals import BROKEN, CannotServe
from lachan.systems.vaccination.models import Invitation, Session, Visit

Card = CitizenCard | InsuranceCard | NationalQr
SEXES: Final = {"male": "m", "female": "f"}
CERTIFICATE: Final = "HC1:"
LONGEST_ADDRESS: Final = 300
ENDINGS: Final = ("sent_away", "left", "done")


def who_came(*, text: str, actor: Actor, at: datetime) -> tuple[Person, str]:
    """The person of a personal code, a certificate of ours or a card, and how they are known (code, card).

    Who shows a card that nobody has shown before is registered from it. Raises CannotServe: code-unknown,
    card-unreadable.
    """
    if text.strip().upper().startswith(CERTIFICATE):
        return _of_certificate(text, at), "code"
    read = recognise(text)
    if isinstance(read, PersonCode):
        found = Person.objects.select_related("merged_into").filter(code=read.code).first()
        if found is None:
            raise CannotServe("code-unknown")
        return found.merged_into or found, "code"
    if isinstance(read, Card):
        return _of_card(read, actor, at), "card"
    raise CannotServe("code-unknown")


def people_who_came(*, texts: Sequence[str], actor: Actor, at: datetime) -> list[tuple[Person, str] | None]:
    """`who_came` for each text, personal codes in one query; None for a code of nobody."""
    read = [recognise(text) for text in texts]
    codes = {r.code for r in read if isinstance(r, PersonCode)}
    known = persons.of_codes(codes)
    answers: list[tuple[Person, str] | None] = []
    for text, each in zip(texts, read, strict=True):
        if isinstance(each, PersonCode):
            answers.append((known[each.code], "code") if each.code in known else None)
            continue
        try:
            answers.append(who_came(text=text, actor=actor, at=at))
        except CannotServe:
            answers.append(None)
    return answers


def _of_certificate(text: str, at: datetime) -> Person:
    """Raises CannotServe: code-unknown. A certificate of ours names its person where its signature is right."""
    judged = judging.judge([text.strip()], trust=judging.trust(at), at=at)
    number = judged.found.number if judged.found.signature == "valid" else ""
    person = persons_of([number]).get(number) if number else None
    if person is None:
        raise CannotServe("code-unknown")
    found = Person.objects.select_related("merged_into").get(pk=person)
    return found.merged_into or found


def _of_card(card: Card, actor: Actor, at: datetime) -> Person:
    """Who holds the number, verified, or claimed under the card's own name; else they are registered."""
    numbers, name = _numbers(card), search_key(card.name)
    for kind, value in numbers.items():
        for person in persons.with_identifier(kind, value):
            if person.search_key == name or _is_verified(person, kind):
                return person
    if not numbers:
        raise CannotServe("card-unreadable")
    birth = None
    with suppress(BadDate):
        birth = BirthDate(card.birth_date.year, card.birth_date.month, card.birth_date.day)
    address = "" if isinstance(card, NationalQr) else card.address[:LONGEST_ADDRESS]
    identity = Identity(
        name=card.name,
        birth=birth,
        sex=SEXES[card.sex] if card.sex else "",
        address=address,
        identifiers=numbers,
    )
    try:
        return persons.register(identity, actor=actor, at=at)
    except BadName as error:
        raise CannotServe("card-unreadable") from error


def _is_verified(person: Person, kind: str) -> bool:
    return persons.identifiers_of(person).filter(kind=kind, verified_at__isnull=False).exists()


def _numbers(card: Card) -> Mapping[str, str]:
    if isinstance(card, InsuranceCard):
        return {IdentifierKind.HEALTH_INSURANCE.value: card.number}
    if isinstance(card, NationalQr):
        return dict(card.numbers)
    return {IdentifierKind.NATIONAL_ID.value: card.number}


@transaction.atomic
def receive(
    *, session: Session, person: Person, known_by: str, actor: Actor, at: datetime, walk_in: bool = False
) -> Visit:
    """Open the person's visit, with the next number of the session.

    `walk_in`: who is not invited takes a free place. Raises CannotServe: session-…, not-invited, in-line,
    in-another-line.
    """
    require_open(session, at)
    root = persons.roots_locked([person.pk])[person.pk]
    invited = is_invited(session, root)
    if not invited and not walk_in:
        raise _open_visit(session, root) or CannotServe("not-invited", more=_invited_elsewhere(root))
    try:
        with transaction.atomic():
            number = next_numbers(session, 1, walk_ins=0 if invited else 1)
            visit = Visit.objects.create(
                session=session, person_id=root, number=number, known_by=known_by, walk_in=not invited, arrived_at=at,
                received_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise _refused(error, session, root) from error
    emit([visit_opened(visit, session)], actor=actor)
    return visit


def require_open(session: Session, at: datetime) -> None:
    """Raises CannotServe: session-cancelled, session-ended, session-not-today."""
    if session.cancelled_at is not None:
        raise CannotServe("session-cancelled")
    if session.ended_at is not None:
        raise CannotServe("session-ended")
    if clock.local_date(session.starts_at) != clock.local_date(at):
        raise CannotServe("session-not-today")


def is_invited(session: Session, person_id: int) -> bool:
    """Whether the person, or a record joined to theirs, holds a place of the session."""
    return bool(invited_of(session, [person_id]))


def invited_of(session: Session, person_ids: list[int]) -> set[int]:
    """Those of the persons (roots) who hold a place of the session."""
    held = Invitation.objects.filter(session=session, closed_at__isnull=True)
    found = held.filter(person__in=person_ids) | held.filter(person__merged_into__in=person_ids)
    return {root or pk for pk, root in found.values_list("person_id", "person__merged_into_id")}


def _invited_elsewhere(person_id: int) -> str:
    other = (
        Invitation.objects.filter(person=person_id, closed_at__isnull=True)
        .select_related("session__site")
        .first()
    )
    if other is None:
        return ""
    return f"({other.session.site.name}, {clock.local_date(other.slot_at):%d/%m/%Y})"


def next_numbers(session: Session, people: int, *, walk_ins: int) -> int:
    """The first of so many numbers in a row; walk-ins take free places. The row of the session is held until the end.

    Raises CannotServe: session-full, session-ended.
    """
    found = prepared.rows(NUMBERS, {"session": session.pk, "people": people, "walk_ins": walk_ins})
    if not found:
        open_ = Session.objects.filter(pk=session.pk, cancelled_at__isnull=True, ended_at__isnull=True)
        raise CannotServe("session-full" if open_.exists() else "session-ended")
    last: int = found[0][0]
    return last - people + 1


NUMBERS = """
    UPDATE vaccination_session SET arrivals = arrivals + %(people)s, taken = taken + %(walk_ins)s
    WHERE id = %(session)s AND cancelled_at IS NULL AND ended_at IS NULL AND taken + %(walk_ins)s <= places
    RETURNING arrivals
"""


def _refused(error: IntegrityError, session: Session, person_id: int) -> Exception:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    if name not in BROKEN:
        return error
    return _open_visit(session, person_id) or CannotServe(BROKEN[name])


def _open_visit(session: Session, person_id: int) -> CannotServe | None:
    """In words, where the person is in a line at this moment."""
    open_ = (
        Visit.objects.filter(person=person_id, left_at__isnull=True).select_related("session__site").first()
    )
    if open_ is None:
        return None
    if open_.session_id == session.pk:
        return CannotServe("in-line", more=f"({open_.number})")
    return CannotServe("in-another-line", more=f"({open_.session.site.name})")


def visit_opened(visit: Visit, session: Session) -> VisitOpened:
    return VisitOpened(
        person_id=visit.person_id, place_id=session.site_id, happened_at=visit.arrived_at, session_id=session.pk,
        ref=f"vaccination.visit:{visit.pk}", number=visit.number, walk_in=visit.walk_in,
    )  # fmt: skip


@transaction.atomic
def leave(*, visit: Visit, actor: Actor, at: datetime, ending: str = "") -> Visit:
    """The person goes. `ending`: done after a watch that was ended, sent_away by the examination, left of their own.

    Without one it follows from what was done. Raises CannotServe: visit-over, still-to-do, ending-unknown.
    """
    held = held_visit(visit)
    dose = held.doses.filter(withdrawn_at__isnull=True).select_related("observation").first()
    if dose is not None and not hasattr(dose, "observation") and ending != "left":
        raise CannotServe("still-to-do")
    ended = ending or ("done" if dose else "sent_away" if held.forms.exists() else "left")
    if ended not in ENDINGS or (ended == "done" and dose is None):
        raise CannotServe("ending-unknown")
    held.left_at, held.ending = at, ended
    held.save(update_fields=["left_at", "ending"])
    told = VisitEnded(
        person_id=held.person_id, place_id=held.session.site_id, happened_at=at, session_id=held.session_id,
        ref=f"vaccination.visit:{held.pk}", ending=ended,
    )  # fmt: skip
    emit([told], actor=actor)
    return held


def held_visit(visit: Visit) -> Visit:
    """The visit, held until the transaction ends: its steps follow each other. Raises CannotServe: visit-over."""
    held = Visit.objects.select_for_update(of=("self",)).select_related("session__site").get(pk=visit.pk)
    if held.left_at is not None:
        raise CannotServe("visit-over")
    return held
