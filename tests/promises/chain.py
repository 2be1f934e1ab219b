"""Walking every event back to what it rests on, and what is wrong where a walk ends elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

EVIDENCE = {
    "SampleCollected", "SymptomsDeclared", "FindingRecorded", "ExposuresRecorded", "ExposureWithdrawn", "PersonsMerged",
    "PersonsSplit", "TestOrdered", "OrderIssued",
}  # fmt: skip
"""Where a chain may end, if a person did it: a swab, a statement, a finding, an officer's own order."""
IMPORTS = {"DoseGiven"}
"""What the program itself may write down without a cause: lists from elsewhere."""

# One query over the whole table: for each event its causes, nearest first, until there is none or one comes again.
WALKS = """
    WITH RECURSIVE walk AS (
        SELECT id AS start, id, caused_by_id, 0 AS depth FROM core_event
        UNION ALL
        SELECT w.start, e.id, e.caused_by_id, w.depth + 1 FROM walk w JOIN core_event e ON e.id = w.caused_by_id
    ) CYCLE id SET again USING passed
    SELECT w.start, array_agg(w.id ORDER BY w.depth), array_agg(e.kind ORDER BY w.depth),
        (array_agg(a.kind ORDER BY w.depth))[1], (array_agg(a.kind ORDER BY w.depth DESC))[1], bool_or(w.again)
    FROM walk w JOIN core_event e ON e.id = w.id JOIN core_actor a ON a.id = e.actor_id
    GROUP BY w.start
"""


@dataclass(frozen=True, slots=True)
class Walk:
    """An event (first) and its causes; by what kind of actor it and the last cause were told."""

    start: UUID
    ids: tuple[UUID, ...]
    kinds: tuple[str, ...]
    actor: str
    last_actor: str
    loops: bool

    @property
    def kind(self) -> str:
        return self.kinds[0]

    @property
    def rests_on_evidence(self) -> bool:
        return not self.loops and self.kinds[-1] in EVIDENCE and self.last_actor != "system"


def walks() -> dict[UUID, Walk]:
    """The walk of every event."""
    with connection.cursor() as cursor:
        cursor.execute(WALKS)
        found = [_walk(*row) for row in cursor.fetchall()]
    return {walk.start: walk for walk in found}


def _walk(start: UUID, ids: list[UUID], kinds: list[str], *rest: Any) -> Walk:
    return Walk(start, tuple(ids), tuple(kinds), *rest)


def baseless(of: Iterable[Walk]) -> list[tuple[str, ...]]:
    """The kinds along each chain that ends in nothing."""
    return [walk.kinds for walk in of if not walk.rests_on_evidence]


def uncaused(of: Iterable[Walk]) -> list[str]:
    """What the program did on its own account."""
    return [w.kind for w in of if w.actor == "system" and len(w.ids) == 1 and w.kind not in IMPORTS]


def looping(of: Iterable[Walk]) -> list[UUID]:
    return [walk.start for walk in of if walk.loops]
