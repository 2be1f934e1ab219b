"""What other systems' events mean for cases and contacts. One command a kind of event, for whole batches."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lachan.core import persons
from lachan.core.bulk import refresh_statistics
from lachan.core.copresence import Interval
from lachan.core.events import CaseConfirmed, ResultAmended, ResultReported, SymptomsDeclared
from lachan.core.models import Actor
from lachan.systems.tracing.commands import assessing, crowds, graph
from lachan.systems.tracing.models import Case, CaseFinding, Contact, NegativeTest
from lachan.systems.tracing.rules import is_symptomatic

MANY_CASES = 20
Result = ResultReported | ResultAmended


@transaction.atomic
def take_positives(results: Sequence[Result], *, actor: Actor, at: datetime) -> None:
    """Positive results make or strengthen cases; a close contact's antigen positive counts with its link."""
    graph.hold()
    roots = persons.roots_locked(r.about for r in results)
    _void_negatives(results)
    found = assessing.cases_for([(roots[r.about], r.collected_at) for r in results], at=at)
    cases = dict(zip((r.id for r in results), found, strict=True))
    close = set(_live_contacts(roots.values(), level=1))
    rows = [_positive(r, cases[r.id], actor, at) for r in results]
    linked = {roots[r.about]: r for r in results if roots[r.about] in close and r.assay == "antigen"}
    rows += [_link(cases[r.id], r.id, actor, at) for r in linked.values()]
    assessing.add_findings(rows)
    _void_positives(results, actor, at)
    reassess({cases[r.id]: r.id for r in results}, actor=actor, at=at)


def _positive(result: Result, case: Case, actor: Actor, at: datetime) -> CaseFinding:
    return CaseFinding(
        case=case, kind=result.assay, at=result.collected_at, recorded_at=at, actor=actor, event_id=result.id,
        result_id=result.result_id, ct=result.ct,
    )  # fmt: skip


def _link(case: Case, event_id: UUID, actor: Actor, at: datetime) -> CaseFinding:
    return CaseFinding(case=case, kind="epi_link", at=at, recorded_at=at, actor=actor, event_id=event_id)


def _live_contacts(roots: Iterable[int], *, level: int) -> list[int]:
    live = Contact.objects.filter(person__in=list(roots), level__lte=level, ended_at__isnull=True)
    return list(live.values_list("person", flat=True))


def reassess(
    cases: Mapping[Case, UUID], *, actor: Actor, at: datetime, dated: Mapping[int, datetime] | None = None
) -> None:
    """Review, and let the graph follow what is no longer confirmed or has another window. Newly confirmed cases
    are followed by `find_contacts`, when their own event arrives. `dated`: see `assessing.review`."""
    reviewed = assessing.review(cases, actor=actor, at=at, dated=dated)
    moved = Case.objects.filter(root__in=list(reviewed.moved), closed_at__isnull=True, joined_to__isnull=True)
    search([c for c in moved if c.infectious_from], reviewed.moved, actor, at)
    if causes := {**reviewed.moved, **reviewed.ended}:
        graph.settle(causes, actor=actor, at=at)


def search(cases: Sequence[Case], causes: graph.Causes, actor: Actor, at: datetime) -> None:
    """Find the direct exposures of cases, and the crowds that they stood in."""
    intervals = [
        Interval(c.root_id, c.infectious_from, min(at, c.infectious_until or at))
        for c in cases
        if c.infectious_from
    ]
    found = graph.find_edges(intervals, causes, policy=graph.policy_at(at), at=at)
    crowds.notify(found, cases, causes, actor=actor, at=at)


@transaction.atomic
def follow_cases(confirmed: Sequence[CaseConfirmed], *, actor: Actor, at: datetime) -> None:
    """Find the contacts of newly confirmed cases, down to the policy's last level."""
    graph.hold()
    refresh_statistics(Case, changed=len(confirmed), least=MANY_CASES)
    told = {c.case_id: c.id for c in confirmed}
    cases = list(Case.objects.filter(pk__in=told, closed_at__isnull=True).select_related("joined_to"))
    causes = {case.root_id: told[case.pk] for case in cases}
    search([c for c in cases if c.infectious_from and c.joined_to is None], causes, actor, at)
    graph.settle(causes, actor=actor, at=at)


@transaction.atomic
def take_back_positives(amended: Sequence[ResultAmended], *, actor: Actor, at: datetime) -> None:
    """Findings from results that were amended away from positive no longer stand."""
    graph.hold()
    causes = _void_positives(amended, actor, at)
    open_now = {case: cause for case, cause in causes.items() if case.closed_at is None}
    reassess(open_now, actor=actor, at=at)
    take_negatives(amended, actor=actor, at=at)


def _void_positives(results: Sequence[Result], actor: Actor, at: datetime) -> dict[Case, UUID]:
    """Void the findings of positive results that these amend, whatever they are amended to: a positive one replaces
    what it amends. The cases that rested on them, each with the amendment."""
    by_result = {
        r.amends_id: r for r in results if isinstance(r, ResultAmended) and r.previous_outcome == "positive"
    }
    stood = CaseFinding.objects.filter(result_id__in=by_result, kind__in=("pcr", "antigen"))
    rows, causes = list[CaseFinding](), dict[Case, UUID]()
    for finding in stood.select_related("case__joined_to"):
        amendment = by_result[finding.result_id or 0]
        case = finding.case
        rows.append(
            CaseFinding(
                case=case, kind="voided", voids=finding, at=at, recorded_at=at, actor=actor,
                event_id=amendment.id,
            )
        )  # fmt: skip
        causes[case.joined_to or case] = amendment.id
    assessing.add_findings(rows)
    return causes


@transaction.atomic
def take_negatives(results: Sequence[Result], *, actor: Actor, at: datetime) -> None:
    """Keep negative samples; let contacts whom they clear, and cases whose window they end, follow."""
    graph.hold()
    _void_negatives(results)
    negative = [r for r in results if r.outcome == "negative"]
    roots = persons.roots_locked(r.about for r in results)
    rows = [
        NegativeTest(
            person_id=r.about, root_id=roots[r.about], result_id=r.result_id, collected_at=r.collected_at,
            event_id=r.id,
        )
        for r in negative
    ]  # fmt: skip
    NegativeTest.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2_000)
    causes = {roots[r.about]: r.id for r in results}
    reassess({c: causes[c.root_id] for c in assessing.standing_cases(causes)}, actor=actor, at=at)
    ill = {root for root, case in assessing.live_cases(causes).items() if case.classification == "confirmed"}
    touched = set(_live_contacts(causes, level=graph.policy_at(at).max_level - 1)) - ill
    if touched:
        graph.settle({root: causes[root] for root in touched}, actor=actor, at=at)


def _void_negatives(results: Sequence[Result]) -> None:
    for r in results:
        if isinstance(r, ResultAmended) and r.previous_outcome == "negative":
            mine = NegativeTest.objects.filter(result_id=r.amends_id, person=r.about)
            mine.filter(voided_by__isnull=True).update(voided_by=r.id)


@transaction.atomic
def take_symptoms(declared: Sequence[SymptomsDeclared], *, actor: Actor, at: datetime) -> None:
    """Symptoms belong to the live case; a close contact with two of them becomes a suspect case (11042/BYT-DP)."""
    graph.hold()
    roots = persons.roots_locked(d.about for d in declared)
    ill = set(assessing.live_cases(roots.values()))
    close = set(_live_contacts(roots.values(), level=1))
    suspects = {
        roots[d.about]: d for d in declared if is_symptomatic(d.symptoms) and roots[d.about] in close - ill
    }
    telling = [d for d in declared if roots[d.about] in ill or roots[d.about] in suspects]
    cases = assessing.open_cases((roots[d.about] for d in telling), at=at)
    rows = [_symptoms(d, cases[roots[d.about]], actor, at) for d in telling]
    rows += [_link(cases[root], d.id, actor, at) for root, d in suspects.items()]
    assessing.add_findings(rows)
    reassess({cases[roots[d.about]]: d.id for d in telling}, actor=actor, at=at)


def _symptoms(declared: SymptomsDeclared, case: Case, actor: Actor, at: datetime) -> CaseFinding:
    return CaseFinding(
        case=case, kind="symptoms", at=declared.happened_at, recorded_at=at, actor=actor, event_id=declared.id,
        symptoms=list(declared.symptoms), onset_on=declared.onset_on,
    )  # fmt: skip
