"""When a case is over: the person was released from isolation, or its days have passed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from lachan.core import bulk, eventlog, persons
from lachan.core.events import (
    CaseConfirmed,
    CaseReported,
    Event,
    OrderChanged,
    OrderIssued,
    OrderLifted,
    PersonReleased,
)
from lachan.core.models import Actor
from lachan.systems.tracing.commands import assessing, evidence, graph
from lachan.systems.tracing.models import Case

CASES_AT_ONCE = 500
PATIENT = "F0"
KINDS_OF_CASES: Sequence[type[Event]] = (CaseConfirmed, CaseReported)
KINDS_OF_ORDERS: Sequence[type[Event]] = (OrderIssued, OrderChanged, OrderLifted, PersonReleased)


@transaction.atomic
def end_released(released: Sequence[PersonReleased], *, actor: Actor, at: datetime) -> None:
    """End the live cases of those whose isolation as a case has ended; told again it changes nothing."""
    graph.hold()
    recovered = [r for r in released if r.subject == PATIENT]
    roots = persons.roots_locked(r.about for r in recovered)
    live = assessing.live_cases(roots.values())
    ended = dict[Case, tuple[datetime, UUID]]()
    for r in sorted(recovered, key=lambda r: r.happened_at):
        case = live.get(roots[r.about])
        if case and (case.first_positive_at or case.opened_at) < r.happened_at:
            ended[case] = r.happened_at, r.id
    _end(ended, actor, at)


def end_by_time(*, actor: Actor, at: datetime) -> None:
    """End cases as of `max_window_days` after their first positive sample, unless they are isolated still."""
    days = timedelta(days=graph.policy_at(at).max_window_days)
    old = Case.objects.filter(closed_at__isnull=True, ended_at__isnull=True, joined_to__isnull=True)
    ids = list(old.filter(first_positive_at__lte=at - days).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CASES_AT_ONCE):
        _end_old(ids[start : start + CASES_AT_ONCE], days, actor, at)


@transaction.atomic
def _end_old(ids: Sequence[int], days: timedelta, actor: Actor, at: datetime) -> None:
    graph.hold()
    cases = Case.objects.filter(
        pk__in=ids, closed_at__isnull=True, ended_at__isnull=True, joined_to__isnull=True
    )
    roots, none = [c.root_id for c in cases], list[Event]()
    told = eventlog.of_persons(roots, KINDS_OF_CASES)
    orders = eventlog.of_persons(roots, KINDS_OF_ORDERS)
    ended = {
        c: (c.first_positive_at + days, told[c.root_id][-1].id)
        for c in cases
        if c.first_positive_at and c.root_id in told and not _isolated(orders.get(c.root_id, none))
    }
    _end(ended, actor, at)


def _isolated(told: Sequence[Event]) -> bool:
    """Whether an order as a case still holds."""
    subjects = dict[int, str]()
    for event in told:
        if isinstance(event, OrderIssued | OrderChanged):
            subjects[event.order_id] = event.subject
        elif isinstance(event, OrderLifted | PersonReleased):
            subjects.pop(event.order_id, None)
    return PATIENT in subjects.values()


def _end(ended: Mapping[Case, tuple[datetime, UUID]], actor: Actor, at: datetime) -> None:
    for case, (ended_at, _event) in ended.items():
        case.ended_at = ended_at
    joined = list(Case.objects.filter(joined_to__in=list(ended)))
    by_number = {case.pk: case for case in ended}
    for case in joined:
        case.ended_at = by_number[case.joined_to_id or 0].ended_at
    bulk.update([*ended, *joined], ["ended_at"])
    causes = {case: event for case, (_ended_at, event) in ended.items()}
    evidence.reassess(causes, actor=actor, at=at)
    graph.settle({case.root_id: event for case, event in causes.items()}, actor=actor, at=at)
