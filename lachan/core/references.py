"""How a list from elsewhere names people: `<dataset>:<id>`, kept as an identifier of kind "reference".

The same reference is the same person, whenever the list comes again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection

from lachan.core import bulk
from lachan.core.codes import new_codes
from lachan.core.eventlog import emit
from lachan.core.events import PersonRegistered
from lachan.core.models import Actor, Identifier, IdentifierKind, Person
from lachan.core.names import clean_name, search_key
from lachan.core.persons import Identity
from lachan.core.sealed import blind_index, seal

LONGEST_BYTES = 160
KIND = IdentifierKind.REFERENCE.value


def hold(dataset: str) -> None:
    """Wait until nobody else adds persons of this dataset; until the transaction ends.

    Whoever looks for a reference and registers it when it is missing asks here first: a claimed identifier is not
    unique in the table (two people may claim one number), so that two imports at once would make two persons.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"lachan.dataset.{dataset}"])


def reference(dataset: str, name: str) -> str:
    return f"{dataset}:{name}"


def known(references: Iterable[str]) -> dict[str, Person]:
    """Those of `references` that are registered; the oldest record of each. One query."""
    by_index = {blind_index(KIND, reference): reference for reference in references}
    found = Identifier.objects.filter(kind=KIND, blind_index__in=list(by_index)).select_related("person")
    return {by_index[bytes(i.blind_index)]: i.person for i in found.order_by("-pk")}


def register(identities: Mapping[str, Identity], *, actor: Actor, at: datetime) -> dict[str, Person]:
    """A new person for each reference; a constant number of statements, in a transaction. Raises BadName."""
    codes = new_codes(len(identities))
    people = [_person(i, code, at) for i, code in zip(identities.values(), codes, strict=True)]
    bulk.insert(people)
    made = dict(zip(identities, people, strict=True))
    bulk.insert([_identifier(p, ref, at) for ref, p in made.items()])
    emit([PersonRegistered(person_id=person.pk, happened_at=at) for person in people], actor=actor)
    return made


def _person(identity: Identity, code: str, at: datetime) -> Person:
    name, birth = clean_name(identity.name), identity.birth
    return Person(
        code=code, name=name, search_key=search_key(name), sex=identity.sex,
        home_area=identity.home_area, address=identity.address, registered_at=at,
        birth_year=birth.year if birth else None, birth_month=birth.month if birth else None,
        birth_day=birth.day if birth else None,
    )  # fmt: skip


def _identifier(person: Person, value: str, at: datetime) -> Identifier:
    return Identifier(
        person=person,
        kind=KIND,
        blind_index=blind_index(KIND, value),
        sealed=seal(KIND, value),
        recorded_at=at,
    )
