"""What the reporter does afterwards, with the code of the report: reopen, rate, close."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import ReportClosed, ReportRated, ReportReopened
from lachan.core.models import Actor
from lachan.systems.feedback.commands.turns import current, give_turn, locked, note_step
from lachan.systems.feedback.models import Rating, Report, Step
from lachan.systems.feedback.queries.policy import rules_of, rules_on
from lachan.systems.feedback.queries.states import state_of
from lachan.systems.feedback.rules.clocks import due_at
from lachan.systems.feedback.rules.state import may_be_reopened, may_follow

SILENT_AT_ONCE = 500


class CannotReply(Refusal):
    """reopen-late, reopen-empty, rate-nothing, rate-twice, rate-stars, close-nothing."""


@transaction.atomic
def reopen(*, report: Report, text: str, actor: Actor, at: datetime) -> None:
    """Not settled, says the reporter: it is the turn of who answered, and the clocks start anew. Raises CannotReply."""
    row = locked(report)
    last, days = row.steps.order_by("-at", "-pk").first(), rules_of(row).reopen_days
    if last is None or not may_be_reopened(state_of(row), last.at, days=days, at=at):
        raise CannotReply("reopen-late", _("This report cannot be reopened any more. File a new one."))
    if not text.strip():
        raise CannotReply("reopen-empty", _("Write what is not settled."))
    note_step(row, "reopened", text=text.strip(), area=None, actor=actor, at=at)
    before, category = row.turns.select_related("area").order_by("-begins_at", "-pk")[0], current(row)
    due = due_at(at, category.acknowledge, rules_of(row), clock.zone())
    give_turn(
        row, area=before.area, step=before.step, category=category, reason="reopened", clock_from=at, begins_at=at,
        due_at=due, by=actor,
    )  # fmt: skip
    emit([ReportReopened(report_id=row.pk, **_told(row, at))], actor=actor)


@transaction.atomic
def rate(*, report: Report, stars: int, actor: Actor, at: datetime) -> Rating:
    """One to five for the last answer, once. Raises CannotReply."""
    row = locked(report)
    last = Step.objects.filter(report=row, kind="answered").order_by("-at", "-pk").first()
    if last is None or state_of(row) not in {"answered", "closed"}:
        raise CannotReply("rate-nothing", _("There is no answer to rate yet."))
    if not 1 <= stars <= 5:
        raise CannotReply("rate-stars", _("Choose one to five stars."))
    rating, made = Rating.objects.get_or_create(answer=last, defaults={"stars": stars, "rated_at": at})
    if not made:
        raise CannotReply("rate-twice", _("You have rated this answer already."))
    emit([ReportRated(report_id=row.pk, stars=stars, **_told(row, at))], actor=actor)
    return rating


@transaction.atomic
def close(*, report: Report, actor: Actor, at: datetime) -> None:
    """Settled, says the reporter. Raises CannotReply."""
    row = locked(report)
    if not may_follow(state_of(row), "closed"):
        raise CannotReply("close-nothing", _("Only what was answered can be closed."))
    note_step(row, "closed", area=None, actor=actor, at=at)
    emit([ReportClosed(report_id=row.pk, **_told(row, at))], actor=actor)


def close_silent(*, actor: Actor, at: datetime) -> int:
    """Close answers to which nobody has replied for as long as they could be reopened; how many."""
    silent = _silent(at - timedelta(days=rules_on(clock.local_date(at)).reopen_days))
    for report in silent:
        close(report=report, actor=actor, at=at)
    return len(silent)


def _silent(before: datetime) -> list[Report]:
    """Reports whose last step is an answer of before then."""
    later = Step.objects.filter(report=OuterRef("report"), pk__gt=OuterRef("pk"))
    old = Step.objects.filter(~Exists(later), kind="answered", at__lte=before).order_by("at", "pk")
    return [step.report for step in old.select_related("report")[:SILENT_AT_ONCE]]


def _told(report: Report, at: datetime) -> dict[str, Any]:
    return {"happened_at": at, "ref": f"feedback.report:{report.pk}", "caused_by": report.filing_event_id}
