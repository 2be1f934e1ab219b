"""Registering, finding and merging persons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import bulk, prepared
from lachan.core.codes import new_code, new_codes
from lachan.core.dates import BirthDate
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import (
    IdentityVerified,
    PersonCorrected,
    PersonRegistered,
    PersonsMerged,
    PersonsSplit,
)
from lachan.core.models import Actor, Area, Identifier, IdentifierKind, Person, PersonMerge
from lachan.core.names import clean_name, search_key
from lachan.core.sealed import blind_index, seal, unseal


class CannotMerge(Refusal):
    pass


class CannotVerify(Refusal):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What somebody says of themselves. `identifiers` maps kind to value."""

    name: str
    birth: BirthDate | None = None
    sex: str = ""
    home_area: Area | None = None
    address: str = ""
    identifiers: Mapping[str, str] | None = None


@transaction.atomic
def register(identity: Identity, *, actor: Actor, at: datetime) -> Person:
    """A new person with a claimed identity. Raises BadName."""
    person = _person(identity, new_code(), at)
    person.save(force_insert=True)
    for kind, value in (identity.identifiers or {}).items():
        claim_identifier(person, kind, value, at=at)
    emit([PersonRegistered(person_id=person.pk, happened_at=at)], actor=actor)
    return person


@transaction.atomic
def register_all(identities: Sequence[Identity], *, actor: Actor, at: datetime) -> list[Person]:
    """A new person for each; a constant number of statements. Raises BadName."""
    codes = new_codes(len(identities))
    people = [_person(i, code, at) for i, code in zip(identities, codes, strict=True)]
    bulk.insert(people)
    numbers = [
        _identifier(person, kind, value, at)
        for person, identity in zip(people, identities, strict=True)
        for kind, value in (identity.identifiers or {}).items()
    ]
    bulk.insert(numbers)
    emit([PersonRegistered(person_id=person.pk, happened_at=at) for person in people], actor=actor)
    return people


def _person(identity: Identity, code: str, at: datetime) -> Person:
    name, birth = clean_name(identity.name), identity.birth
    return Person(
        code=code, name=name, search_key=search_key(name), sex=identity.sex,
        home_area=identity.home_area, address=identity.address, registered_at=at,
        birth_year=birth.year if birth else None, birth_month=birth.month if birth else None,
        birth_day=birth.day if birth else None,
    )  # fmt: skip


def _identifier(person: Person, kind: str, value: str, at: datetime) -> Identifier:
    return Identifier(
        person=person,
        kind=kind,
        blind_index=blind_index(kind, value),
        sealed=seal(kind, value),
        recorded_at=at,
    )


def claim_identifier(person: Person, kind: str, value: str, *, at: datetime) -> Identifier:
    """Note that `person` says this number is theirs; twice is once."""
    found, _made = Identifier.objects.get_or_create(
        person=person, kind=kind, blind_index=blind_index(kind, value),
        defaults={"sealed": seal(kind, value), "recorded_at": at},
    )  # fmt: skip
    return found


@transaction.atomic
def verify_identifier(identifier: Identifier, *, actor: Actor, at: datetime) -> None:
    """Note that the document was seen; twice is once. Raises CannotVerify when another person holds the number,
    verified."""
    try:
        with transaction.atomic():
            unseen = Identifier.objects.filter(pk=identifier.pk, verified_at__isnull=True)
            if not unseen.update(verified_at=at):
                return
    except IntegrityError as error:
        raise CannotVerify(
            "identifier-held-by-another",
            _("This number is already verified for another person. Compare the two records and merge them."),
        ) from error
    emit(
        [IdentityVerified(person_id=identifier.person_id, identifier=identifier.kind, happened_at=at)],
        actor=actor,
    )


@transaction.atomic
def correct(
    person: Person, *, name: str | None = None, birth: BirthDate | None = None, actor: Actor, at: datetime
) -> PersonCorrected:
    """Put right what is written of a person; who asks keeps what stood there before. Raises BadName."""
    new: dict[str, object] = {}
    if name is not None:
        new |= {"name": clean_name(name), "search_key": search_key(clean_name(name))}
    if birth is not None:
        new |= {"birth_year": birth.year, "birth_month": birth.month, "birth_day": birth.day}
    Person.objects.filter(pk=person.pk).update(**new)
    fields = tuple(word for word, value in (("name", name), ("birth_date", birth)) if value is not None)
    told = PersonCorrected(person_id=person.pk, fields=fields, happened_at=at)
    emit([told], actor=actor)
    return told


@transaction.atomic
def note_phone(person: Person, phone: str, *, actor: Actor, at: datetime) -> Identifier:
    """Note that this phone (E.164) is the person's or their family's: whoever holds it opens the record."""
    found = claim_identifier(person, IdentifierKind.PHONE, phone, at=at)
    emit([PersonCorrected(person_id=person.pk, fields=("phone",), happened_at=at)], actor=actor)
    return found


@transaction.atomic
def take_off_phone(identifier: Identifier, *, actor: Actor, at: datetime) -> None:
    """The phone is not this person's, or no longer: nobody finds or opens the record by it from now on."""
    gone, _rows = Identifier.objects.filter(pk=identifier.pk, kind=IdentifierKind.PHONE).delete()
    if gone:
        told = PersonCorrected(person_id=identifier.person_id, fields=("phone",), happened_at=at)
        emit([told], actor=actor)


def identifier_value(identifier: Identifier) -> str:
    """The number in clear; the door that asks has logged why."""
    return unseal(identifier.kind, identifier.sealed)


def identifiers_of(person: Person) -> QuerySet[Identifier]:
    """Numbers of the person and of the records joined into theirs."""
    return Identifier.objects.filter(Q(person=person) | Q(person__merged_into=person))


def with_identifier(kind: str, value: str) -> list[Person]:
    """Persons who hold this number, verified ones first; roots only."""
    found = Identifier.objects.filter(kind=kind, blind_index=blind_index(kind, value)).select_related(
        "person__merged_into"
    )
    ordered = sorted(found, key=lambda i: (i.verified_at is None, i.pk))
    return list({p.pk: p for p in (i.person.merged_into or i.person for i in ordered)}.values())


def birth_of(person: Person) -> BirthDate | None:
    """The birth date as far as it is known."""
    if person.birth_year is None:
        return None
    return BirthDate(person.birth_year, person.birth_month, person.birth_day)


def is_verified(person: Person) -> bool:
    return person.identifiers.filter(verified_at__isnull=False).exists()


def of_codes(codes: Iterable[str]) -> dict[str, Person]:
    """By code the person, of a record that was merged its root; one statement."""
    found = {}
    for row in prepared.rows(OF_CODES, [list(codes)]):
        person, root = prepared.instances(row, Person, Person)
        found[person.code] = root or person
    return found


OF_CODES = f"""
    SELECT {prepared.columns(Person, "p")}, {prepared.columns(Person, "r")}
    FROM core_person p LEFT JOIN core_person r ON r.id = p.merged_into_id WHERE p.code = ANY(%s::text[])
"""  # noqa: S608 - our own names


def people_locked(ids: Iterable[int]) -> dict[int, Person]:
    """`roots_locked` with the records themselves: the root of each person; one statement where none was merged."""
    held = {row[0]: prepared.instance(Person, row) for row in prepared.rows(HELD, [list(set(ids))])}
    if all(person.merged_into_id is None for person in held.values()):
        return held
    roots = roots_locked(held)
    people = Person.objects.in_bulk(roots.values())
    return {pk: people[root] for pk, root in roots.items()}


HELD = f"""
    SELECT {prepared.columns(Person, "p")} FROM core_person p WHERE p.id = ANY(%s::bigint[]) ORDER BY p.id
    FOR KEY SHARE
"""  # noqa: S608 - our own names


def with_joined(ids: Iterable[int]) -> QuerySet[Person]:
    """These records and those that were joined to them."""
    given = list(ids)
    return Person.objects.filter(Q(pk__in=given) | Q(merged_into__in=given))


def causes(told: Iterable[PersonsMerged | PersonsSplit]) -> dict[int, UUID]:
    """By record that was joined or parted the event that told so, the last if there are several."""
    return {pk: event.id for event in told for pk in (event.about, _other(event))}


def _other(event: PersonsMerged | PersonsSplit) -> int:
    return event.merged_id if isinstance(event, PersonsMerged) else event.split_id


def roots_locked(ids: Iterable[int]) -> dict[int, int]:
    """The root of each person, held against merging until the transaction ends (lowest id first: no deadlocks).

    Commands that write a row about a person ask here first, so that no order is issued to a record that is being
    merged away at the same moment.
    """
    roots = _held(set(ids))
    held = set(roots)
    # The root of a record that was merged before is held too; while we waited for it, it may have been merged.
    while free := set(roots.values()) - held:
        above = _held(free)
        held |= free
        roots = {pk: above.get(root, root) for pk, root in roots.items()}
    return roots


def _held(ids: set[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, coalesce(merged_into_id, id) FROM core_person WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE",
            [list(ids)],
        )
        return dict(cursor.fetchall())


@transaction.atomic
def merge(*, kept: Person, merged: Person, reason: str, actor: Actor, at: datetime) -> PersonMerge:
    """Let `merged` stand for `kept` from now on; undone with `undo_merge`. Raises CannotMerge."""
    locked = {p.pk: p for p in _locked([kept.pk, merged.pk])}
    if len(locked) < 2:
        raise CannotMerge("merge-needs-two", _("Choose two different persons."))
    if any(p.merged_into_id for p in locked.values()):
        raise CannotMerge(
            "merge-already-merged",
            _("One of them was merged before. Undo that first or use the kept record."),
        )
    done = PersonMerge.objects.create(kept=kept, merged=merged, reason=reason, merged_at=at, merged_by=actor)
    Person.objects.filter(Q(pk=merged.pk) | Q(merged_into=merged)).update(merged_into=kept)
    emit([PersonsMerged(person_id=kept.pk, merged_id=merged.pk, happened_at=at)], actor=actor)
    return done


@transaction.atomic
def undo_merge(done: PersonMerge, *, actor: Actor, at: datetime) -> None:
    """Let the two be two again, each with what was merged into it. Raises CannotMerge when it was undone before."""
    root = Person.objects.get(pk=done.merged_id).root_id
    group = Person.objects.filter(Q(pk=root) | Q(merged_into=root))
    members = _locked(group.values_list("pk", flat=True))
    if not PersonMerge.objects.filter(pk=done.pk, undone_at__isnull=True).update(
        undone_at=at, undone_by=actor
    ):
        raise CannotMerge("merge-already-undone", _("This merge was undone before."))
    above = dict(
        PersonMerge.objects.filter(merged__in=members, undone_at__isnull=True).values_list("merged", "kept")
    )
    for person in members:
        top = _top(person.pk, above)
        Person.objects.filter(pk=person.pk).update(merged_into=None if top == person.pk else top)
    emit(
        [PersonsSplit(person_id=_top(done.kept_id, above), split_id=done.merged_id, happened_at=at)],
        actor=actor,
    )


def _top(pk: int, above: Mapping[int, int]) -> int:
    while pk in above:
        pk = above[pk]
    return pk


def _locked(ids: Iterable[int]) -> list[Person]:
    return list(Person.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk"))
