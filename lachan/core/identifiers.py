"""A number of a person that is put right: the wrong one ends, the right one was seen."""

from datetime import datetime

from django.db import transaction

from lachan.core import persons
from lachan.core.eventlog import emit
from lachan.core.events import PersonCorrected
from lachan.core.models import Actor, Identifier, Person
from lachan.core.sealed import blind_index


@transaction.atomic
def exchange(
    person: Person, kind: str, *, right: str, wrong: str | None, actor: Actor, at: datetime
) -> Identifier:
    """Nobody is found by `wrong` any longer (who asks keeps it, sealed); `right` was seen and is verified.

    Raises CannotVerify when another person holds it, verified: the two are compared and merged, or it stays.
    """
    row = persons.claim_identifier(person, kind, right, at=at)
    persons.verify_identifier(row, actor=actor, at=at)
    if wrong is not None and wrong != right:
        persons.identifiers_of(person).filter(kind=kind, blind_index=blind_index(kind, wrong)).delete()
    emit([PersonCorrected(person_id=person.pk, fields=(kind,), happened_at=at)], actor=actor)
    return row
