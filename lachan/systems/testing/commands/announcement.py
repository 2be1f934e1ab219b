"""What verified results say, to whom: events and the tests that follow from them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db.models import F, Q

from lachan.core import clock
from lachan.core.eventlog import emit
from lachan.core.events import Assay, Event, Outcome, PoolPositive, ResultAmended, ResultReported
from lachan.core.models import Actor, EventRow
from lachan.platform import policies
from lachan.systems.testing import rules
from lachan.systems.testing.commands.orders import TestRequest, cancel_tests, order_tests
from lachan.systems.testing.models import OrderReason, Result, TestOrder, TubeMember


@dataclass(slots=True)
class _Told:
    """What is to be emitted and ordered for a batch of results."""

    events: list[Event] = field(default_factory=list)
    requests: list[TestRequest] = field(default_factory=list)


@dataclass(slots=True)
class _Before:
    """What was told of results that are now amended: the last event by (result, person), and all by result."""

    last: dict[tuple[int, int], UUID]
    all: dict[int, set[UUID]]


def announce(results: Sequence[Result], *, actor: Actor, at: datetime) -> None:
    """Tell each person in the tubes and pools what the verified results mean for them; order what follows.

    `results` come with tube, pool and amends.
    """
    members = _members(results)
    before = _told_before(results)
    own = _own_results(results)
    told = _Told()
    for result in results:
        mine = [m for m in members[result.pk] if not (result.pool_id and m.tube_id in own)]
        if result.amends is None:
            _tell(result, mine, told, at)
        else:
            _correct(result, result.amends, mine, before, told, at)
    emit(told.events, actor=actor)
    _cancel_needless(results, before, actor, at)
    order_tests(requests=told.requests, actor=actor, at=at)


def _members(results: Sequence[Result]) -> dict[int, list[TubeMember]]:
    """The swabs behind each result: of its tube, or of all tubes of its pool."""
    by_tube = {r.tube_id: r.pk for r in results if r.tube_id}
    by_pool = {r.pool_id: r.pk for r in results if r.pool_id}
    found: dict[int, list[TubeMember]] = defaultdict(list)
    rows = TubeMember.objects.filter(Q(tube__in=by_tube) | Q(tube__pooling__pool__in=by_pool))
    rows = rows.select_related("tube", "order").annotate(in_pool=F("tube__pooling__pool")).order_by("pk")
    for member in rows:
        for key in (by_tube.get(member.tube_id), by_pool.get(member.in_pool)):
            if key is not None:
                found[key].append(member)
    return found


def _own_results(results: Sequence[Result]) -> set[int]:
    """Tubes of pools that were tested by themselves: their own result stands, whatever the pool's becomes."""
    pools = [r.pool_id for r in results if r.pool_id]
    rows = Result.objects.filter(tube__pooling__pool__in=pools, closed_at__isnull=True)
    return {tube for tube in rows.values_list("tube", flat=True) if tube}


def _told_before(results: Sequence[Result]) -> _Before:
    amended = {r.amends.ref: r.pk for r in results if r.amends}
    kinds = (ResultReported.__name__, ResultAmended.__name__, PoolPositive.__name__)
    rows = EventRow.objects.filter(ref__in=amended, kind__in=kinds).order_by("recorded_at", "id")
    before = _Before({}, defaultdict(set))
    for ref, person, event in rows.values_list("ref", "person", "id"):
        before.all[amended[ref]].add(event)
        if person is not None:
            before.last[amended[ref], person] = event
    return before


def _meaning(result: Result, outcome: str) -> rules.Meaning:
    people = result.tube.size if result.tube else 0
    return rules.meaning(cast(Outcome, outcome), people=people, lab_pool=result.pool_id is not None)


def _tell(result: Result, members: Iterable[TubeMember], told: _Told, at: datetime) -> None:
    means = _meaning(result, result.outcome)
    for member in members:
        if means.told:
            event = _reported(result, member, means.told, at)
            told.events.append(event)
            told.requests += _follow_up(result, member, means, event, at)
        if means.confirm_each:
            told.events.append(_pool_positive(result, member, member.event_id, at))


def _correct(
    result: Result, old: Result, members: Iterable[TubeMember], before: _Before, told: _Told, at: datetime
) -> None:
    """Tell what changes for each person when `result` takes the place of `old`."""
    was, means = _meaning(result, old.outcome), _meaning(result, result.outcome)
    change = rules.correction(was, means)
    for member in members:
        cause = before.last.get((result.pk, member.person_id), member.event_id)
        if change:
            event = _corrected(result, old, member, change, cause, at)
            told.events.append(event)
            cause = event.id
            if result.outcome != old.outcome:
                told.requests += _follow_up(result, member, means, event, at)
        if means.confirm_each and not was.confirm_each:
            told.events.append(_pool_positive(result, member, cause, at))


def _corrected(
    result: Result, old: Result, member: TubeMember, change: rules.Correction, cause: UUID, at: datetime
) -> Event:
    if change.previous is None:
        return _reported(result, member, change.outcome, at)
    return ResultAmended(
        person_id=member.person_id, place_id=member.tube.place_id, result_id=result.pk, amends_id=old.pk,
        outcome=change.outcome, previous_outcome=change.previous, assay=cast(Assay, member.tube.assay),
        collected_at=member.tube.collected_at, ct=_ct(result), caused_by=cause, happened_at=at, ref=result.ref,
    )  # fmt: skip


def _reported(result: Result, member: TubeMember, outcome: Outcome, at: datetime) -> ResultReported:
    return ResultReported(
        person_id=member.person_id, place_id=member.tube.place_id, result_id=result.pk, outcome=outcome,
        assay=cast(Assay, member.tube.assay), collected_at=member.tube.collected_at, ct=_ct(result),
        caused_by=member.event_id, happened_at=at, ref=result.ref,
    )  # fmt: skip


def _pool_positive(result: Result, member: TubeMember, cause: UUID, at: datetime) -> PoolPositive:
    return PoolPositive(
        person_id=member.person_id, place_id=member.tube.place_id, tube=member.tube.barcode,
        result_id=result.pk, caused_by=cause, happened_at=at, ref=result.ref,
    )  # fmt: skip


def _ct(result: Result) -> float | None:
    """The Ct of one person's own tube; a pool's says nothing about anybody's load."""
    return rules.lowest_ct(result.ct) if result.tube and not result.tube.pooled else None


def _follow_up(
    result: Result, member: TubeMember, means: rules.Meaning, event: Event, at: datetime
) -> list[TestRequest]:
    """Another swab where the sample could not be read, a PCR where the policy does not trust an antigen test."""
    day = clock.local_date(at)
    assay, reason = cast(Assay, member.tube.assay), OrderReason.REPEAT
    if means.told == "positive" and assay == "antigen":
        if not policies.at(day).testing.confirm_antigen_by_pcr:
            return []
        assay, reason = "pcr", OrderReason.CONFIRM_ANTIGEN
    elif not means.swab_again:
        return []
    quarantine = member.order.quarantine_order if member.order and reason == OrderReason.REPEAT else None
    return [
        TestRequest(
            person_id=member.person_id,
            assay=assay,
            reason=reason,
            due_on=day,
            cause=event.id,
            quarantine_order=quarantine,
            area_id=member.tube.area_id,
        )
    ]


def _cancel_needless(results: Sequence[Result], before: _Before, actor: Actor, at: datetime) -> None:
    """Tests that were ordered because of a result that no longer says so."""
    changed = [r for r in results if r.amends and r.amends.outcome != r.outcome]
    causes = {event: r for r in changed for event in before.all[r.pk]}
    if causes:
        rows = TestOrder.objects.filter(cause_event__in=causes, cancelled_at__isnull=True)
        cancel_tests(orders=rows.values_list("pk", flat=True), reason="result-amended", actor=actor, at=at)
