"""Where naming everybody would help nobody: a notice for the public."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from lachan.core.copresence import Crowd
from lachan.core.eventlog import emit
from lachan.core.events import CrowdExposed
from lachan.core.models import Actor, Person
from lachan.systems.tracing.models import Case, CrowdNotice


def notify(
    crowds: Sequence[Crowd],
    cases: Sequence[Case],
    causes: Mapping[int, UUID],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """A notice for each stay of a case in a crowd; known ones stay as they are."""
    by_record = _cases_by_record(crowds, cases)
    wanted = {
        (case.pk, c.place_id, c.from_at): (case, c)
        for c in crowds
        if (case := next((k for k in by_record.get(c.person_id, ()) if _infects(k, c)), None))
    }
    known = CrowdNotice.objects.filter(case__in=cases).values_list("case", "place", "from_at")
    for key in known:
        wanted.pop(key, None)
    rows = [
        CrowdNotice(
            case=case, place_id=c.place_id, from_at=c.from_at, until_at=c.until_at,
            people=c.people, found_at=at,
        )
        for case, c in wanted.values()
    ]  # fmt: skip
    made = CrowdNotice.objects.bulk_create(rows, batch_size=2_000)
    emit([_exposed(n, causes[n.case.root_id], at) for n in made], actor=actor)


def _cases_by_record(crowds: Sequence[Crowd], cases: Sequence[Case]) -> dict[int, list[Case]]:
    """The cases of each record: presences of a merged record count as its root's."""
    by_root = defaultdict[int, list[Case]](list)
    for case in cases:
        by_root[case.root_id].append(case)
    records = Person.objects.filter(pk__in={c.person_id for c in crowds})
    return {p.pk: by_root[p.root_id] for p in records}


def _infects(case: Case, crowd: Crowd) -> bool:
    """Whether this stay lies in the window of the case."""
    begins, ends = case.infectious_from, case.infectious_until
    return begins is not None and crowd.until_at > begins and (ends is None or crowd.from_at < ends)


def _exposed(notice: CrowdNotice, cause: UUID, at: datetime) -> CrowdExposed:
    """Of the place, not of the case: a public notice names nobody."""
    return CrowdExposed(
        place_id=notice.place_id, notice_id=notice.pk, from_at=notice.from_at, until_at=notice.until_at,
        people=notice.people, happened_at=at, caused_by=cause, ref=f"tracing.notice:{notice.pk}",
    )  # fmt: skip
