"""What state a report is in, from its evidence alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

StepKind = Literal["acknowledged", "handed-on", "answered", "not-ours", "reopened", "closed"]
State = Literal[
    "received", "acknowledged", "handed-on", "answered", "not-ours", "reopened", "closed", "joined"
]
STEPS: Final[tuple[StepKind, ...]] = (
    "acknowledged", "handed-on", "answered", "not-ours", "reopened", "closed",
)  # fmt: skip
ENDS: Final[frozenset[str]] = frozenset({"answered", "not-ours", "closed"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was done with a report. `number` breaks the tie of two at one moment."""

    kind: StepKind
    at: datetime
    number: int = 0


def state(evidence: Iterable[Evidence], *, joined: bool = False) -> State:
    """The state after all of it: the last step says it; a report joined to another has that one's fate."""
    if joined:
        return "joined"
    last = max(evidence, key=lambda step: (step.at, step.number), default=None)
    return last.kind if last else "received"


def is_open(now: State) -> bool:
    """Whether somebody still has to answer."""
    return now not in ENDS and now != "joined"


def may_follow(now: State, step: StepKind) -> bool:
    """Whether this step makes sense in this state."""
    if step == "reopened":
        return now in {"answered", "not-ours"}
    if step == "closed":
        return now == "answered"
    return is_open(now) and not (step == "acknowledged" and now == "acknowledged")


def may_be_reopened(now: State, ended_at: datetime, *, days: int, at: datetime) -> bool:
    """The reporter may say that it is not settled, for so many days."""
    return may_follow(now, "reopened") and ended_at <= at < ended_at + timedelta(days=days)
