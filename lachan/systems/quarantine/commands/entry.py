"""Orders for people who entered the country, as the officer at the gate decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lachan.core.models import Actor
from lachan.systems.quarantine.commands.docket import Docket, Held
from lachan.systems.quarantine.rules import Decision, Imposed, order_imposed, still_holds

ARRIVAL = "arrival"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDuty:
    """`cause` told that `person_id` is to do `duty`."""

    person_id: int
    duty: Imposed
    cause: UUID


@transaction.atomic
def impose(*, duties: Sequence[EntryDuty], actor: Actor, at: datetime) -> None:
    """Issue the order of each traveller, or change the one of an earlier decision; a stricter order of another cause
    stands."""
    docket = Docket([d.person_id for d in duties], causes=[d.cause for d in duties], actor=actor, at=at)
    for given in duties:
        if not docket.is_handled(given.cause):
            _impose(docket, given)
    docket.write()


def _impose(docket: Docket, given: EntryDuty) -> None:
    decision = order_imposed(given.duty, docket.today)
    held = docket.held(given.person_id)
    if held is None:
        if decision.needed:
            docket.issue(given.person_id, decision, cause=given.cause)
        return
    if docket.is_stale(given.cause, held) or _stands(docket, held, decision):
        return
    if decision.needed:
        docket.change(held, decision, cause=given.cause, reason="entry-decided")
    else:
        docket.lift(held, cause=given.cause, reason=decision.reason)


def _stands(docket: Docket, held: Held, decision: Decision) -> bool:
    """Of two decisions at the gate the later holds; against other causes the stricter."""
    term = held.term
    if term.subject == ARRIVAL:
        said = (term.kind, term.exposed_on, term.ends_on, tuple(term.test_dates))
        return said == (decision.kind, decision.exposed_on, decision.ends_on, decision.test_dates)
    return still_holds(
        subject=term.subject, exposed_on=term.exposed_on, ends_on=term.ends_on, new=decision, corrected=False,
        policy=docket.policy,
    )  # fmt: skip
