"""Who is a contact, and of which level. This plain search is what `commands/graph.py` must agree with."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from lachan.policy import TracingPolicy

EdgeKind = Literal["co-presence", "residence", "interview", "import"]
Window = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """`source` and `person` were together in [starts_at, ends_at). `setting`: kind of place, or what the interview
    said. `masked`: both were; None: unknown."""

    source: int
    person: int
    starts_at: datetime
    ends_at: datetime
    minutes: int
    kind: EdgeKind
    setting: str = ""
    masked: bool | None = None
    closed_space: bool | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A contact's place in the graph; `exposed_at` is the end of the last exposure that counts, by `source`."""

    level: int
    first_exposed_at: datetime
    exposed_at: datetime
    source: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A case that is over: `person` could infect in `window`, and is no case any more since `ended_at`."""

    person: int
    window: Window
    ended_at: datetime


def eligible(edge: Edge, policy: TracingPolicy) -> bool:
    """Whether being together like this makes a contact.

    Living together and what a list from elsewhere says always do. A mere co-presence in the open air does not
    (nobody knows that they came near: the interview may say so). Otherwise the minutes decide, fewer where it
    is not known that both wore masks.
    """
    if edge.withdrawn:
        return False
    if edge.kind in ("residence", "import"):
        return True
    if edge.kind == "co-presence" and edge.closed_space is False:
        return False
    least = policy.close_minutes_masked if edge.masked else policy.close_minutes_unmasked
    return edge.minutes >= least


def expired(ends_at: datetime, policy: TracingPolicy, at: datetime) -> bool:
    """Whether follow-up of an exposure that ended then is over at `at`."""
    return ends_at + timedelta(days=policy.follow_up_days) <= at


def cleared(exposed_at: datetime, negatives: Iterable[datetime], policy: TracingPolicy) -> bool:
    """Whether a negative sample, taken when the contact could already have infected, frees those behind."""
    due = exposed_at + timedelta(days=policy.secondary_from_days)
    return any(collected_at >= due for collected_at in negatives)


def levels(
    cases: Mapping[int, Window],
    edges: Sequence[Edge],
    negatives: Mapping[int, Collection[datetime]],
    policy: TracingPolicy,
    at: datetime,
    ended: Sequence[Ended] = (),
) -> dict[int, Place]:
    """Breadth-first: level k are those who met somebody of level k-1 while that one could infect.

    `cases`: confirmed live cases with their windows. A case is nobody's contact; after a case that `ended` only
    meetings that begin later count. A contact may infect from `secondary_from_days` after the first exposure, unless
    cleared by a negative sample.
    """
    immune: dict[int, datetime] = {}
    windows: dict[int, list[Window]] = {person: [window] for person, window in cases.items()}
    for case in ended:
        immune[case.person] = max(case.ended_at, immune.get(case.person, case.ended_at))
        windows.setdefault(case.person, []).append(case.window)
    found: dict[int, Place] = {}
    spreading: Mapping[int, Sequence[Window]] = windows
    for level in range(1, policy.max_level + 1):
        met = defaultdict[int, list[Edge]](list)
        for edge in edges:
            placed_already = edge.person in cases or edge.person in found or edge.person == edge.source
            was_ill = edge.starts_at < immune.get(edge.person, edge.starts_at)
            if not placed_already and not was_ill and _infects(edge, spreading, policy, at, onward=level > 1):
                met[edge.person].append(edge)
        placed = {person: _place(level, by) for person, by in met.items()}
        found |= placed
        spreading = _onward(placed, negatives, policy)
    return found


def _infects(
    edge: Edge,
    spreading: Mapping[int, Sequence[Window]],
    policy: TracingPolicy,
    at: datetime,
    *,
    onward: bool,
) -> bool:
    windows = spreading.get(edge.source)
    if not windows or not eligible(edge, policy) or expired(edge.ends_at, policy, at):
        return False
    if onward and policy.secondary_settings and edge.setting not in policy.secondary_settings:
        return False
    return any(
        edge.ends_at > begins and (ends is None or max(edge.starts_at, begins) < ends)
        for begins, ends in windows
    )


def _place(level: int, by: Sequence[Edge]) -> Place:
    last = min(by, key=lambda e: (-e.ends_at.timestamp(), e.source))
    return Place(level, min(e.starts_at for e in by), last.ends_at, last.source)


def _onward(
    placed: Mapping[int, Place], negatives: Mapping[int, Collection[datetime]], policy: TracingPolicy
) -> dict[int, list[Window]]:
    wait = timedelta(days=policy.secondary_from_days)
    return {
        person: [(place.first_exposed_at + wait, None)]
        for person, place in placed.items()
        if not cleared(place.exposed_at, negatives.get(person, ()), policy)
    }
