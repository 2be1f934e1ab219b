"""Letting cases, exposures and contacts follow when records are merged, and when a merge is undone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lachan.core import persons
from lachan.core.copresence import run
from lachan.core.eventlog import emit
from lachan.core.events import ContactCleared, PersonsMerged, PersonsSplit
from lachan.core.models import Actor
from lachan.systems.tracing.commands import evidence, graph
from lachan.systems.tracing.models import Case, Contact

# Which live case of a root the others join: the oldest. They join before roots move and part after, so that at every
# moment one live case a root stands by itself.
ELDEST = """
UPDATE tracing_case SET joined_to_id = live.eldest FROM (
    SELECT c.id AS case_id, nullif(first_value(c.id) OVER (PARTITION BY p.root ORDER BY c.opened_at, c.id), c.id)
        AS eldest
    FROM tracing_case c
    JOIN (SELECT id, coalesce(merged_into_id, id) AS root FROM core_person) p ON p.id = c.person_id
    WHERE c.closed_at IS NULL AND c.ended_at IS NULL AND p.root = ANY(%(roots)s)
) live WHERE live.case_id = tracing_case.id AND live.eldest
"""
JOIN, PART = ELDEST + "IS NOT NULL", ELDEST + "IS NULL"
# A case that ended together with the one it had joined stands by itself when their records part.
PART_ENDED = """
UPDATE tracing_case c SET joined_to_id = NULL FROM tracing_case e
WHERE e.id = c.joined_to_id AND c.ended_at IS NOT NULL AND e.root_id <> c.root_id AND c.root_id = ANY(%(roots)s)
"""
FOLLOW = """
UPDATE <table> t SET <root> = coalesce(p.merged_into_id, p.id)
FROM core_person p WHERE p.id = t.<record> AND p.id = ANY(%(records)s)
    AND t.<root> <> coalesce(p.merged_into_id, p.id)
"""
ROOTED = (
    ("tracing_case", "person_id", "root_id"),
    ("tracing_negativetest", "person_id", "root_id"),
    ("tracing_exposure", "source_id", "source_root_id"),
    ("tracing_exposure", "person_id", "person_root_id"),
)


@transaction.atomic
def follow_roots(told: Sequence[PersonsMerged | PersonsSplit], *, actor: Actor, at: datetime) -> None:
    """Bring everything of these persons to the roots that hold now, and all levels with it. Doing so twice changes
    nothing, and late is as good: the roots of this moment count."""
    graph.hold()
    causes = persons.causes(told)
    roots = {p.pk: p.root_id for p in persons.with_joined(causes)}
    causes |= {root: causes[pk] for pk, root in roots.items() if pk in causes and root not in causes}
    _reroot(roots)
    gone = {pk: causes[pk] for pk, root in roots.items() if pk != root and pk in causes}
    _clear_merged(gone, actor=actor, at=at)
    living = Case.objects.filter(root__in=set(roots.values()), closed_at__isnull=True, joined_to__isnull=True)
    evidence.reassess({c: causes[c.root_id] for c in living if c.root_id in causes}, actor=actor, at=at)
    graph.settle(causes, actor=actor, at=at)


def _reroot(roots: Mapping[int, int]) -> None:
    given = {"records": list(roots), "roots": list(set(roots.values()))}
    run(JOIN, given)
    for table, record, root in ROOTED:
        run(FOLLOW.replace("<table>", table).replace("<record>", record).replace("<root>", root), given)
    run(PART, given)
    run(PART_ENDED, given)


def _clear_merged(gone: Mapping[int, UUID], *, actor: Actor, at: datetime) -> None:
    """A record that now stands for somebody else is nobody's contact."""
    live = list(Contact.objects.filter(person__in=list(gone), ended_at__isnull=True))
    events = [
        ContactCleared(
            person_id=c.person_id, contact_id=c.pk, level=c.level, reason="merged", happened_at=at,
            caused_by=gone[c.person_id], ref=f"tracing.contact:{c.pk}",
        )
        for c in live
    ]  # fmt: skip
    Contact.objects.filter(pk__in=[c.pk for c in live]).update(ended_at=at, end_reason="merged")
    emit(events, actor=actor)
