"""Holding a report while something is done with it, and giving the turn on."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.errors import Refusal
from lachan.core.models import Actor, Area
from lachan.policy.feedback import Category
from lachan.systems.feedback.models import Join, Report, Step, Turn
from lachan.systems.feedback.queries.policy import category_of, ladder_of, rules_of
from lachan.systems.feedback.queries.states import state_of
from lachan.systems.feedback.rules.clocks import due_at
from lachan.systems.feedback.rules.state import State, StepKind, may_follow


class CannotHandle(Refusal):
    """report-taken: somebody else is at it; report-state: it does not follow on what was done."""


def free_for(actor: Actor, at: datetime) -> Q:
    """Reports that nobody else has in hand."""
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=at) | Q(claimed_by=actor)


def held(report: Report, *, actor: Actor, at: datetime) -> Report:
    """The report, locked until the end of the transaction. Raises CannotHandle."""
    row = Report.objects.select_for_update(of=("self",)).select_related("area").get(pk=report.pk)
    if row.claimed_until and row.claimed_until > at and row.claimed_by_id != actor.pk:
        raise CannotHandle("report-taken", _("Somebody else is at work on this report."))
    return row


def locked(report: Report) -> Report:
    return Report.objects.select_for_update(of=("self",)).select_related("area").get(pk=report.pk)


def allowed(report: Report, kind: StepKind) -> State:
    """The state now, if this step may follow. Raises CannotHandle."""
    now = state_of(report)
    if not may_follow(now, kind):
        raise CannotHandle(
            "report-state", _("This cannot be done with the report any more. Load the page again.")
        )
    return now


def note_step(
    report: Report, kind: StepKind, *, text: str = "", area: Area | None, actor: Actor, at: datetime
) -> Step:
    return Step.objects.create(report=report, kind=kind, text=text, area=area, by=actor, at=at)


def running(report: Report) -> Turn:
    return Turn.objects.select_related("area").get(report=report, ended_at__isnull=True)


def end_turn(report: Report, *, at: datetime) -> None:
    """It is nobody's turn any more; nobody has it in hand either."""
    Turn.objects.filter(report=report, ended_at__isnull=True).update(ended_at=at)
    Report.objects.filter(pk=report.pk).update(claimed_by=None, claimed_until=None)


def give_turn(report: Report, *, area: Area, step: int, category: Category, **facts: Any) -> Turn:
    """The next turn; `facts` are the columns that the reason settles. One that runs must have ended."""
    top = step + 1 >= len(ladder_of(report.area, category))
    return Turn.objects.create(report=report, area=area, step=step, top=top, **facts)


def answer_due(report: Report, category: Category, since: datetime, *, at: datetime) -> datetime:
    """When the answer is due; who gets the report late still has one step's time."""
    policy, zone = rules_of(report), clock.zone()
    return max(due_at(since, category.answer, policy, zone), due_at(at, category.step, policy, zone))


def current(report: Report) -> Category:
    return category_of(rules_of(report), report.category)


def joined_to(report: Report) -> Report | None:
    found = Join.objects.filter(duplicate=report, undone_at__isnull=True).select_related("kept").first()
    return found.kept if found else None
