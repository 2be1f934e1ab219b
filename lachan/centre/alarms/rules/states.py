"""What state an alarm is in, from what was done with it alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

StepKind = Literal["verified", "assigned", "escalated", "acknowledged", "done", "closed", "gone"]
State = Literal["raised", "verified", "assigned", "acknowledged", "done", "closed"]
STEPS: Final[tuple[StepKind, ...]] = (
    "verified", "assigned", "escalated", "acknowledged", "done", "closed", "gone",
)  # fmt: skip
WITH_WORDS: Final[tuple[StepKind, ...]] = ("assigned", "done", "closed")

_AFTER: Final[Mapping[StepKind, State]] = {
    "verified": "verified", "assigned": "assigned", "escalated": "assigned", "acknowledged": "acknowledged",
    "done": "done", "closed": "closed", "gone": "closed",
}  # fmt: skip
_MAY: Final[Mapping[StepKind, frozenset[State]]] = {
    "verified": frozenset({"raised"}),
    "assigned": frozenset({"verified", "assigned", "acknowledged", "done"}),
    "escalated": frozenset({"assigned"}),
    "acknowledged": frozenset({"assigned"}),
    "done": frozenset({"acknowledged"}),
    "closed": frozenset({"raised", "verified", "assigned", "acknowledged", "done"}),
    "gone": frozenset({"raised"}),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was done. `number` breaks the tie of two at one moment."""

    kind: StepKind
    at: datetime
    number: int = 0


def state(evidence: Iterable[Evidence]) -> State:
    """The last step says it."""
    last = max(evidence, key=lambda step: (step.at, step.number), default=None)
    return _AFTER[last.kind] if last else "raised"


def may_follow(now: State, step: StepKind) -> bool:
    """Whether this step makes sense in this state. What nobody has touched ends by itself when its cause is gone;
    what somebody has taken up is closed by a person, who says what was done."""
    return now in _MAY[step]
