"""Making a declaration taken on paper one's own."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import persons
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import DeclarationClaimed
from lachan.core.models import IdentifierKind
from lachan.platform import citizens
from lachan.platform.otp import VerifiedPhone
from lachan.systems.declarations.models import Declaration, Provenance

CLAIMABLE = timedelta(days=30)


class CannotClaim(Refusal):
    """cannot-claim: one answer for whatever stands against it, so that trying codes tells nothing."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            "cannot-claim",
            _("This code cannot be used to add a telephone. Ask at the health station of your commune."),
        )


@transaction.atomic
def claim_declaration(*, code: str, phone: VerifiedPhone, at: datetime) -> Declaration:
    """Note the telephone that was shown for the person of this paper. Raises CannotClaim.

    Once, within 30 days, and only for a record that nobody verified and that has no telephone: of any other the
    health station decides with a document in hand.
    """
    mine = Declaration.objects.filter(
        code=code, provenance=Provenance.ASSISTED, claimed_at__isnull=True, made_at__gt=at - CLAIMABLE
    )
    found = mine.select_related("person__merged_into").first()
    if found is None:
        raise CannotClaim
    person = found.person.merged_into or found.person
    persons.roots_locked([person.pk])
    held = persons.identifiers_of(person)
    if held.filter(kind=IdentifierKind.PHONE).exists() or held.filter(verified_at__isnull=False).exists():
        raise CannotClaim
    if not mine.update(claimed_at=at):
        raise CannotClaim
    actor = citizens.actor_of(person, at=at)
    persons.note_phone(person, phone.phone, actor=actor, at=at)
    ref = f"declarations.declaration:{found.pk}"
    emit(
        [DeclarationClaimed(person_id=person.pk, declaration_id=found.pk, happened_at=at, ref=ref)],
        actor=actor,
    )
    found.claimed_at = at
    return found
