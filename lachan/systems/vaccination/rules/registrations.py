"""Where somebody who registered stands, from evidence alone; and when their place in a session begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from lachan.policy import VaccinationPolicy
from lachan.systems.vaccination.rules.courses import Recipient, Refused, next_dose

State = Literal[
    "registered", "rejected", "withdrawn", "joined", "allocated", "invited", "accepted", "no_show", "checked_in",
    "deferred", "contraindicated", "referred", "observing", "completed", "left",
]  # fmt: skip
STATES: Final[tuple[State, ...]] = get_args(State)
SENT_AWAY: Final[Mapping[str, State]] = {
    "defer": "deferred",
    "contraindicated": "contraindicated",
    "hospital": "referred",
}
CLOSED: Final[Mapping[str, State]] = {"rejected": "rejected", "withdrawn": "withdrawn", "joined": "joined"}
SLOT: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """The latest invitation: `ends_at` of its session; `closed` when it was declined or cancelled."""

    ends_at: datetime
    accepted: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """The latest visit since then: what the screening concluded ("" before it), whether a dose was given and the watch
    after it ended, whether the person went away."""

    outcome: str = ""
    injected: bool = False
    watched: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`closing`: rejected, withdrawn, joined (to another registration of the person) or ""; `approved`: allocated to a
    health centre by a decision that stands."""

    closing: str = ""
    approved: bool = False
    invited: Invited | None = None
    came: Came | None = None


def state(evidence: Evidence, *, at: datetime) -> State:
    """What holds at `at`: how it ended, else the visit, else the invitation, else the decision."""
    if evidence.closing in CLOSED:
        return CLOSED[evidence.closing]
    if evidence.came is not None:
        return _at_site(evidence.came)
    invited = evidence.invited
    if invited is None or invited.closed:
        return "allocated" if evidence.approved else "registered"
    if invited.ends_at <= at:
        return "no_show"
    return "accepted" if invited.accepted else "invited"


def _at_site(came: Came) -> State:
    if came.injected:
        return "completed" if came.watched or came.left else "observing"
    if came.left:
        return SENT_AWAY.get(came.outcome, "left")
    return "checked_in"


def refusal_to_register(
    recipient: Recipient | None, *, group: str, policy: VaccinationPolicy, on: date
) -> str | None:
    """Why nobody may register so: group-unknown, birth-unknown, too-young, course-complete."""
    if all(known.code != group for known in policy.groups):
        return "group-unknown"
    if recipient is None:
        return "birth-unknown"
    offer = next_dose(recipient, on=on, policy=policy)
    return offer.code if isinstance(offer, Refused) else None


def slots(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """When people are asked to come: every half-hour from the start, before the end."""
    count = -((starts_at - ends_at) // SLOT)
    return [starts_at + n * SLOT for n in range(count)]


def next_slots(
    starts: Sequence[datetime], *, places: int, held: Mapping[datetime, int], wanted: int
) -> list[datetime]:
    """The earliest free places, in order: of `places` each slot has its even share, `held` of it are given.

    Fewer than `wanted` where there is no more room.
    """
    share, over = divmod(places, len(starts))
    found: list[datetime] = []
    for number, start in enumerate(starts):
        room = share + (number < over) - held.get(start, 0)
        found += [start] * min(max(room, 0), wanted - len(found))
    return found
