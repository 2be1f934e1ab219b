"""How far a campaign is from its goals: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Final, Literal

from lachan.policy.vaccination import Goal

MILLION: Final = 1_000_000
State = Literal["reached", "ahead", "behind", "missed", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """`reached` and `of` are people (or doses); `part` is `reached` of `of` in per cent, None where nobody is known
    to live there. `a_day`: how many more a day until the goal's day."""

    goal: Goal
    reached: int
    of: int
    part: float | None
    state: State
    missing: int
    a_day: int | None


def reach(goal: Goal, *, reached: int, residents: int, on: date) -> Reach:
    """Where the campaign stands on a day. Ahead or behind: against an even pace since the goal was set."""
    of = round(goal.least * MILLION) if goal.who == "doses" else residents
    wanted = of if goal.who == "doses" else ceil(residents * goal.least / 100)
    missing = max(0, wanted - reached)
    days = (goal.by - on).days if goal.by else None
    return Reach(
        goal=goal, reached=reached, of=of, part=100 * reached / of if of else None, missing=missing,
        state=_state(goal, reached, wanted, on), a_day=ceil(missing / days) if days and days > 0 else None,
    )  # fmt: skip


def _state(goal: Goal, reached: int, wanted: int, on: date) -> State:
    if not wanted:
        return "unknown"
    if reached >= wanted:
        return "reached"
    if goal.by is None or goal.by <= goal.since:
        return "behind"
    if on > goal.by:
        return "missed"
    return "ahead" if reached >= wanted * pace(goal.since, goal.by, on) else "behind"


def pace(since: date, by: date, on: date) -> float:
    """The part of the time that is over, 0 to 1."""
    return min(1.0, max(0.0, (on - since).days / (by - since).days))


def worst_first(reaches: Sequence[Reach]) -> list[Reach]:
    order: dict[State, int] = {"missed": 0, "behind": 1, "unknown": 2, "ahead": 3, "reached": 4}
    return sorted(reaches, key=lambda each: order[each.state])
