"""How a list from elsewhere names people: `<dataset>:<id>`, kept as an identifier of kind "reference".

The same reference is the same person, whenever the list comes again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import connection

from lachan.core import persons
from lachan.core.models import Actor, Identifier, IdentifierKind, Person
from lachan.core.persons import Identity
from lachan.core.sealed import blind_index

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
    named = [replace(identity, identifiers={KIND: told}) for told, identity in identities.items()]
    return dict(zip(identities, persons.register_all(named, actor=actor, at=at), strict=True))
