"""From new findings to what the cases are now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from lachan.core import bulk, clock, eventlog
from lachan.core.events import BedAssigned, BedVacated, CaseConfirmed, CaseReported, CaseWithdrawn, Event
from lachan.core.models import Actor
from lachan.platform import policies
from lachan.systems.tracing.models import Case, CaseFinding, NegativeTest
from lachan.systems.tracing.rules import Assessment, Finding, assess

DERIVED = ("onset_on", "first_positive_at", "isolated_at", "infectious_from", "infectious_until")


@dataclass(frozen=True, slots=True)
class Review:
    """What a review changed, by root person, each with the event that says so: `moved` are confirmed cases whose
    window changed, `ended` are persons who no longer are confirmed cases."""

    moved: Mapping[int, UUID]
    ended: Mapping[int, UUID]


def live_cases(roots: Iterable[int]) -> dict[int, Case]:
    """The live case of each of these persons who has one."""
    return {case.root_id: case for case in standing_cases(roots) if case.ended_at is None}


def standing_cases(roots: Iterable[int]) -> list[Case]:
    """The cases of these persons that were not withdrawn, ended ones first and in the order in which they ended."""
    found = Case.objects.filter(root__in=list(roots), closed_at__isnull=True, joined_to__isnull=True)
    return list(found.order_by(F("ended_at").asc(nulls_last=True), "pk"))


def cases_for(samples: Sequence[tuple[int, datetime]], *, at: datetime) -> list[Case]:
    """The case to which each sample (root, when it was taken) belongs: the one that had not ended then, opened where
    there is none."""
    known = defaultdict[int, list[Case]](list)
    for case in standing_cases(root for root, _ in samples):
        known[case.root_id].append(case)
    found = [
        next((c for c in known[root] if c.ended_at is None or taken_at <= c.ended_at), None)
        for root, taken_at in samples
    ]
    opened = open_cases((root for (root, _), case in zip(samples, found, strict=True) if case is None), at=at)
    return [case or opened[root] for (root, _), case in zip(samples, found, strict=True)]


def open_cases(roots: Iterable[int], *, at: datetime) -> dict[int, Case]:
    """The live case of each of these persons, opened where there is none. Callers hold the graph and add the
    findings that make it a case in the same transaction."""
    roots = set(roots)
    known = live_cases(roots)
    missing = [
        Case(person_id=r, root_id=r, classification="suspect", opened_at=at) for r in roots - known.keys()
    ]
    return known | {case.root_id: case for case in Case.objects.bulk_create(missing, batch_size=2_000)}


def add_findings(rows: Sequence[CaseFinding]) -> None:
    """Append; the same event adds nothing twice."""
    CaseFinding.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2_000)


def review(
    cases: Mapping[Case, UUID], *, actor: Actor, at: datetime, dated: Mapping[int, datetime] | None = None
) -> Review:
    """Classify these cases again (each because of an event) and tell what became of them.

    `dated`, by id of the case: when it was so, where a list of earlier days tells it.
    """
    dated = dated or {}
    _note_isolation([case for case in cases if case.ended_at is None], actor=actor, at=at)
    assessed = _assessments(list(cases), at)
    events: list[Event] = []
    moved, ended = dict[int, UUID](), dict[int, UUID]()
    for case, cause in cases.items():
        now = assessed[case.pk]
        told = _told(case, now, cause, dated.get(case.pk, at))
        events += told
        if case.classification == "confirmed" and now.classification != "confirmed":
            ended[case.root_id] = told[0].id
        elif case.classification == "confirmed" and _window(now) != _window(case):
            moved[case.root_id] = cause
        _apply(case, now, dated.get(case.pk, at))
    fields = ["classification", "closed_at", "reported_at", "confirmed_at", *DERIVED]
    bulk.update(list(cases), fields)
    withdrawn = [c.pk for c in cases if c.closed_at]
    Case.objects.filter(joined_to__in=withdrawn).update(classification="withdrawn", closed_at=at)
    eventlog.emit(events, actor=actor)
    return Review(moved, ended)


def _window(of: Any) -> tuple[datetime | None, datetime | None]:
    return of.infectious_from, of.infectious_until


def _apply(case: Case, now: Assessment, at: datetime) -> None:
    case.classification = now.classification
    case.closed_at = at if now.classification == "withdrawn" else None
    case.reported_at = case.reported_at or at
    case.confirmed_at = (case.confirmed_at or at) if now.classification == "confirmed" else None
    for name in DERIVED:
        setattr(case, name, getattr(now, name))


def _told(case: Case, now: Assessment, cause: UUID, at: datetime) -> list[Event]:
    """The events of a change of classification; the first for a case that nobody was told of yet."""
    envelope: Any = {
        "person_id": case.root_id, "happened_at": at, "caused_by": cause, "ref": f"tracing.case:{case.pk}",
        "case_id": case.pk,
    }  # fmt: skip
    told = list[Event]()
    was = case.classification if case.reported_at else None
    if was == now.classification:
        return told
    if now.classification == "withdrawn":
        told.append(CaseWithdrawn(reason="no-evidence-left", **envelope))
    elif was == "confirmed":
        told.append(CaseWithdrawn(reason="no-longer-confirmed", **envelope))
    if now.classification == "confirmed" and now.infectious_from:
        window: Any = {"infectious_from": now.infectious_from, "infectious_until": now.infectious_until}
        told.append(CaseConfirmed(**window, **envelope))
    elif now.classification in ("suspect", "probable"):
        told.append(CaseReported(classification=now.classification, **envelope))
    return told


def _note_isolation(cases: Sequence[Case], *, actor: Actor, at: datetime) -> None:
    """Add since when each is in a bed of a quarantine site, where the log says so."""
    beds = eventlog.of_persons([c.root_id for c in cases], [BedAssigned, BedVacated])
    since = {root: bed for root, told in beds.items() if (bed := _standing_bed(told))}
    add_findings(
        [
            CaseFinding(
                case=case, kind="isolated", at=bed.happened_at, recorded_at=at, actor=actor, event_id=bed.id
            )
            for case in cases
            if (bed := since.get(case.root_id))
        ]
    )


def _standing_bed(told: Sequence[Event]) -> BedAssigned | None:
    """The start of the unbroken stay that still lasts."""
    begun: BedAssigned | None = None
    for event in told:
        begun = begun or event if isinstance(event, BedAssigned) else None
    return begun


def _assessments(cases: Sequence[Case], at: datetime) -> dict[int, Assessment]:
    policy = policies.at(clock.local_date(at))
    findings, negatives = _findings(cases), _negatives(cases)
    return {
        c.pk: _until_it_ended(
            assess([*findings[c.pk], *negatives.get(c.root_id, ())], policy, zone=clock.zone()), c.ended_at
        )
        for c in cases
    }


def _until_it_ended(found: Assessment, ended_at: datetime | None) -> Assessment:
    """Who has recovered infects nobody."""
    if ended_at is None or found.infectious_from is None or found.infectious_until is None:
        return found
    until = max(found.infectious_from, min(found.infectious_until, ended_at))
    return replace(found, infectious_until=until)


def _findings(cases: Sequence[Case]) -> defaultdict[int, list[Finding]]:
    """By case: of the case, and of cases joined to it after a merge."""
    rows = CaseFinding.objects.filter(Q(case__in=cases) | Q(case__joined_to__in=cases)).select_related("case")
    found = defaultdict[int, list[Finding]](list)
    for row in rows:
        found[row.case.joined_to_id or row.case_id].append(as_finding(row))
    return found


def as_finding(row: CaseFinding) -> Finding:
    """The row as rules see it."""
    kind: Any = row.kind
    return Finding(
        id=row.pk, kind=kind, at=row.at, voids=row.voids_id, ct=row.ct, symptoms=tuple(row.symptoms),
        onset_on=row.onset_on,
    )  # fmt: skip


def _negatives(cases: Sequence[Case]) -> dict[int, list[Finding]]:
    rows = NegativeTest.objects.filter(root__in=[c.root_id for c in cases], voided_by__isnull=True)
    found = defaultdict[int, list[Finding]](list)
    for row in rows:
        # Negative ids: they are no findings of the case, so nothing can void them there.
        found[row.root_id].append(Finding(id=-row.pk, kind="negative", at=row.collected_at))
    return found
