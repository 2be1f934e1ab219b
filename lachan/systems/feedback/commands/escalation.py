"""What was not done in time climbs to the unit above."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from lachan.core import clock
from lachan.core.eventlog import emit
from lachan.core.events import Event, ReportEscalated
from lachan.core.models import Actor
from lachan.systems.feedback.commands.telling import tell_reporters
from lachan.systems.feedback.models import Report, Turn
from lachan.systems.feedback.queries.policy import category_of, ladder_of, rules_of
from lachan.systems.feedback.rules.clocks import climbs

BATCH = 200


def escalate_overdue(*, actor: Actor, at: datetime) -> int:
    """Let every overdue report climb as far as it should have by `at`; how many rungs. Again changes nothing: what is
    not due any more is not found."""
    total = 0
    while climbed := _escalate_batch(actor, at):
        total += climbed
    return total


@transaction.atomic
def _escalate_batch(actor: Actor, at: datetime) -> int:
    overdue = (
        Turn.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(ended_at__isnull=True, top=False, due_at__lte=at)
        .select_related("report__area")
        .order_by("due_at", "pk")[:BATCH]
    )
    turns, told, ended = [], [], []
    for turn in overdue:
        higher = _higher(turn, actor, at)
        ended.append(turn.pk)
        turns += higher
        told += [_told(turn.report, each) for each in higher]
    Turn.objects.filter(pk__in=ended).update(ended_at=F("due_at"))
    Turn.objects.bulk_create(turns)
    tell_reporters({turn.report_id: turn.report for turn in turns}.values(), "escalated", at=at)
    emit(told, actor=actor)
    return len(told)


def _higher(turn: Turn, actor: Actor, at: datetime) -> list[Turn]:
    report, policy = turn.report, rules_of(turn.report)
    category = category_of(policy, report.category)
    ladder = ladder_of(report.area, category)
    top = len(ladder) - 1
    found = climbs(
        turn.step, turn.due_at, top=top, category=category, policy=policy, zone=clock.zone(), at=at
    )
    return [
        Turn(
            report=report, area=ladder[c.step], reason="escalated", step=c.step, top=c.step == top,
            clock_from=turn.clock_from, begins_at=c.at, due_at=c.due_at, by=actor,
            ended_at=None if c is found[-1] else c.due_at,
        )
        for c in found
    ]  # fmt: skip


def _told(report: Report, turn: Turn) -> Event:
    return ReportEscalated(
        report_id=report.pk, step=turn.step, happened_at=turn.begins_at, ref=f"feedback.report:{report.pk}",
        caused_by=report.filing_event_id,
    )  # fmt: skip
