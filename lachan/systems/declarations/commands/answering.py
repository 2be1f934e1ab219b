"""Calling back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import DeclarerCalled
from lachan.core.models import Actor
from lachan.systems.declarations.models import CallMade, Declaration, Reached


class CannotCall(Refusal):
    """call-outcome-unknown."""

    status = 422


@transaction.atomic
def record_call(*, declaration: Declaration, outcome: str, actor: Actor, at: datetime) -> CallMade:
    """Write down that somebody called. Raises CannotCall."""
    if outcome not in Reached.values:
        raise CannotCall("call-outcome-unknown", _("Say whether the person was reached."))
    made = CallMade.objects.create(declaration=declaration, outcome=outcome, called_at=at, called_by=actor)
    told = DeclarerCalled(
        person_id=declaration.person_id, declaration_id=declaration.pk, call_outcome=outcome, happened_at=at,
        ref=f"declarations.declaration:{declaration.pk}",
    )  # fmt: skip
    emit([told], actor=actor)
    return made
