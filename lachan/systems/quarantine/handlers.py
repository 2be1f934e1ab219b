"""What quarantine does when something happens: for a whole batch at once, the same event twice once."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from lachan.core import actors, clock, persons
from lachan.core.events import (
    CaseConfirmed,
    CaseWithdrawn,
    ContactChanged,
    ContactCleared,
    ContactFound,
    DiaryReported,
    DutyImposed,
    DutyWithdrawn,
    PersonsMerged,
    PersonsSplit,
    ResultAmended,
    ResultReported,
)
from lachan.core.models import EventRow
from lachan.policy.model import Subject
from lachan.systems.quarantine import commands, queries
from lachan.systems.quarantine.commands import EntryDuty, Exposure, Lifting, Reported, Sampled
from lachan.systems.quarantine.commands.orders import CONTACTS
from lachan.systems.quarantine.rules import Imposed

LEVELS: dict[int, Subject] = {1: "F1", 2: "F2"}
# These lift no order: after a merge tracing tells of the person kept, a case's isolation replaces the order, and
# after the follow-up the evidence decides who is released.
SILENT = ("merged", "became-case", "follow-up-ended")
RESULTS = (ResultReported.__name__, ResultAmended.__name__)


def isolate_cases(events: Sequence[CaseConfirmed], at: datetime) -> None:
    """Isolate confirmed cases from the day of their positive sample."""
    sampled = _sampled_on(events)
    cases = [
        Sampled(person_id=e.about, sampled_on=day, cause=e.id) for e, day in zip(events, sampled, strict=True)
    ]
    commands.isolate(cases=cases, actor=actors.system(at=at), at=at)


def end_isolation(events: Sequence[CaseWithdrawn], at: datetime) -> None:
    """Let go who is no case after all; if they still are a contact, tracing tells so. Let go as well their contacts
    whom tracing no longer follows but whose order is still open."""
    liftings = [
        Lifting(person_id=e.about, cause=e.id, reason="case-withdrawn", subjects=("F0",)) for e in events
    ]
    liftings += [
        Lifting(person_id=pk, cause=cause, reason="case-withdrawn", subjects=CONTACTS)
        for pk, cause in queries.baseless(events).items()
    ]
    commands.lift_orders(liftings=liftings, actor=actors.system(at=at), at=at)


def issue_orders(events: Sequence[ContactFound], at: datetime) -> None:
    """Order what the policy asks for; beyond F2 it asks for nothing."""
    _decide(events, at, corrected=False)


def change_orders(events: Sequence[ContactChanged], at: datetime) -> None:
    """Restart, shorten, change or lift what a changed contact leads to."""
    _decide(events, at, corrected=True)


def lift_orders(events: Sequence[ContactCleared], at: datetime) -> None:
    """End orders of people who are contacts no more, with tracing's reason."""
    liftings = [
        Lifting(person_id=e.about, cause=e.id, reason=e.reason, subjects=CONTACTS)
        for e in events
        if e.reason not in SILENT
    ]
    if liftings:
        commands.lift_orders(liftings=liftings, actor=actors.system(at=at), at=at)


def take_diaries(events: Sequence[DiaryReported], at: datetime) -> None:
    """What people under an order write into their diary is the reading of the day."""
    system = actors.system(at=at)
    reports = [
        Reported(
            order_id=e.order_id, taken_at=e.happened_at, by=e.actor_id or system.pk, cause=e.id,
            temperature=e.temperature, felt=e.felt,
        )
        for e in events
    ]  # fmt: skip
    commands.take_reports(reports=reports, actor=system, at=at)


def impose_orders(events: Sequence[DutyImposed], at: datetime) -> None:
    """Order what was decided at a border gate, with its basis."""
    duties = [EntryDuty(person_id=e.about, duty=_imposed(e), cause=e.id) for e in events]
    commands.impose(duties=duties, actor=actors.system(at=at), at=at)


def _imposed(event: DutyImposed) -> Imposed:
    return Imposed(
        kind=event.duty, arrived_on=event.arrived_on, days=event.days, test_dates=event.test_dates,
        negatives_needed=event.negatives_needed, home_allowed=event.home_allowed, immune=event.immune,
        rule_id=event.rule_id,
    )  # fmt: skip


def lift_imposed(events: Sequence[DutyWithdrawn], at: datetime) -> None:
    """The gate corrected its decision: nobody stays apart for it any more."""
    liftings = [
        Lifting(person_id=e.about, cause=e.id, reason="entry-corrected", subjects=("arrival",))
        for e in events
    ]
    commands.lift_orders(liftings=liftings, actor=actors.system(at=at), at=at)


def unite_orders(events: Sequence[PersonsMerged], at: datetime) -> None:
    """One order for one person."""
    commands.unite(merges=[(e.about, e.id) for e in events], actor=actors.system(at=at), at=at)


def separate_orders(events: Sequence[PersonsSplit], at: datetime) -> None:
    """After a merge was undone: the order that the merge had ended, where its cause still stands."""
    causes = persons.causes(events)
    found = queries.standing(causes)
    cases = {pk: s.case for pk, s in found.items() if s.case}
    days = _sampled_on(list(cases.values()))
    sampled = [
        Sampled(person_id=pk, sampled_on=day, cause=causes[pk]) for pk, day in zip(cases, days, strict=True)
    ]
    exposures = [
        _exposure(pk, s.nearest, causes[pk])
        for pk, s in found.items()
        if not s.case and s.nearest and s.nearest.level in LEVELS
    ]
    if sampled or exposures:
        commands.restore(cases=sampled, exposures=exposures, actor=actors.system(at=at), at=at)


def _exposure(
    person_id: int, event: ContactFound | ContactChanged, cause: UUID, *, corrected: bool = False
) -> Exposure:
    return Exposure(
        person_id=person_id, subject=LEVELS[event.level], exposed_on=clock.local_date(event.exposed_at), cause=cause,
        corrected=corrected,
    )  # fmt: skip


def _decide(events: Sequence[ContactFound | ContactChanged], at: datetime, *, corrected: bool) -> None:
    exposures = [_exposure(e.about, e, e.id, corrected=corrected) for e in events if e.level in LEVELS]
    if exposures:
        commands.decide_exposures(exposures=exposures, actor=actors.system(at=at), at=at)


def _sampled_on(events: Sequence[CaseConfirmed]) -> list[date]:
    """The day of the positive sample that confirmed each case; without one, the day the case is dated."""
    causes = [e.caused_by for e in events if e.caused_by]
    facts = dict(EventRow.objects.filter(pk__in=causes, kind__in=RESULTS).values_list("pk", "facts"))
    return [
        clock.local_date(
            datetime.fromisoformat(facts[e.caused_by]["collected_at"])
            if e.caused_by in facts
            else e.happened_at
        )
        for e in events
    ]
