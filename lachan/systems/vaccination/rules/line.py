"""Where a person stands in the line of a site, computed from what was written down of the visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from lachan.systems.vaccination.rules.courses import Dose, Offer

Step = Literal["screening", "injection", "observation", "leaving", "gone"]
STEPS: Final[tuple[Step, ...]] = ("screening", "injection", "observation", "leaving")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """The latest form of a visit."""

    outcome: str
    careful_here: bool = False
    consent: bool = True

    @property
    def clears(self) -> bool:
        """Whether an injection may follow here: fit for it, and it is wanted."""
        return self.consent and (
            self.outcome == "eligible" or (self.outcome == "careful" and self.careful_here)
        )


def step_of(*, screened: Screened | None, dosed: bool, observed: bool, left: bool) -> Step:
    """The step a visit waits for."""
    if left:
        return "gone"
    if dosed:
        return "leaving" if observed else "observation"
    if screened is None:
        return "screening"
    return "injection" if screened.clears else "leaving"


def may_go_at(given_at: datetime, minutes: int) -> datetime:
    """When the watch after an injection is over."""
    return given_at + timedelta(minutes=minutes)


def left_of_watch(given_at: datetime, minutes: int, at: datetime) -> timedelta:
    """How much of the watch is to come; nothing once it is over."""
    return max(may_go_at(given_at, minutes) - at, timedelta())


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a dose is counted: `number` of its kind, of `primary` in the course; `ordinal` among all doses."""

    kind: str
    number: int
    primary: int
    ordinal: int

    @property
    def certified_of(self) -> int:
        """What certificates say after the stroke: 1/2, 2/2; a dose after the course is 3/3."""
        return max(self.primary, self.ordinal)


def numbering(offer: Offer, earlier: Sequence[Dose]) -> Numbering:
    """`offer` has the one product that is given."""
    return Numbering(offer.kind, offer.number, offer.choices[0].of, len(earlier) + 1)
