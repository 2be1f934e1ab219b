"""What the event log holds against persons today: the case or the contact that still asks for an order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lachan.core import eventlog
from lachan.core.events import (
    CaseConfirmed,
    CaseWithdrawn,
    ContactChanged,
    ContactCleared,
    ContactFound,
    Event,
    PersonReleased,
)

KINDS: tuple[type[Event], ...] = (
    CaseConfirmed, CaseWithdrawn, ContactFound, ContactChanged, ContactCleared, PersonReleased,
)  # fmt: skip
# Tracing stopped to follow the contact; the exposure it found still was one.
NOT_CLEARED = ("follow-up-ended",)


@dataclass(frozen=True, slots=True)
class Standing:
    """The last case that was neither withdrawn nor released, and the contacts neither cleared nor released."""

    case: CaseConfirmed | None
    contacts: tuple[ContactFound | ContactChanged, ...]

    @property
    def nearest(self) -> ContactFound | ContactChanged | None:
        """The contact that decides: the nearest, of these the last exposed."""
        return min(self.contacts, key=lambda c: (c.level, -c.exposed_at.timestamp()), default=None)


def standing(person_ids: Iterable[int]) -> dict[int, Standing]:
    """By person, those with no events too; one query."""
    ids = set(person_ids)
    told: dict[int, list[Event]] = eventlog.of_persons(ids, KINDS)
    return {pk: _standing(told.get(pk, [])) for pk in ids}


def _standing(events: Sequence[Event]) -> Standing:
    cases: dict[int, CaseConfirmed] = {}
    contacts: dict[int, ContactFound | ContactChanged] = {}
    for e in events:
        if isinstance(e, CaseConfirmed):
            cases[e.case_id] = e
        elif isinstance(e, CaseWithdrawn):
            cases.pop(e.case_id, None)
        elif isinstance(e, ContactFound | ContactChanged):
            contacts[e.contact_id] = e
        elif isinstance(e, ContactCleared) and e.reason not in NOT_CLEARED:
            contacts.pop(e.contact_id, None)
        elif isinstance(e, PersonReleased):
            cases = {} if e.subject == "F0" else cases
            contacts = {k: c for k, c in contacts.items() if c.exposed_at >= e.happened_at}
    return Standing(next(reversed(cases.values()), None), tuple(contacts.values()))
