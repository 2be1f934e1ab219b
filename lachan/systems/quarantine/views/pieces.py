"""What several pages of quarantine share."""

from collections.abc import Sequence
from datetime import datetime

from lachan.core import access, clock
from lachan.core.access import Purpose
from lachan.core.doors import DeskRequest
from lachan.core.models import Person
from lachan.platform import policies
from lachan.platform.pages import Answers
from lachan.policy import Basis, NoPolicyInForce
from lachan.systems.quarantine.models import OrderTerm

_answers = Answers("quarantine")
go, done, refused = _answers.go, _answers.done, _answers.refused


def root_of(term: OrderTerm) -> Person:
    return term.order.person.merged_into or term.order.person


def note(request: DeskRequest, terms: Sequence[OrderTerm], part: str, at: datetime) -> None:
    """Whoever is shown by name is told of it in their own log."""
    ids = [root_of(t).pk for t in terms]
    access.note_reads(ids, request.posting, purpose=Purpose.QUARANTINE, part=part, at=at)


def basis_of(term: OrderTerm) -> Basis | None:
    """The decision on which the terms rest; None when the installation's rules no longer have it."""
    try:
        policy = policies.at(clock.local_date(term.decided_at))
    except NoPolicyInForce:
        return None
    rules = (policy.quarantine, *([policy.arrivals] if policy.arrivals else []))
    return next((r.basis for r in rules if r.basis.id == term.policy_id), None)
