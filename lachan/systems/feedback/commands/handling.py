"""What offices do with a report: take it on, acknowledge, hand on, answer, refuse."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.eventlog import emit
from lachan.core.events import (
    Event,
    ReportAcknowledged,
    ReportAnswered,
    ReportHandedOn,
    ReportRefused,
    ReportTaken,
)
from lachan.core.models import Actor, Area
from lachan.policy.feedback import Category
from lachan.systems.feedback.commands.telling import tell_reporter
from lachan.systems.feedback.commands.turns import (
    CannotHandle,
    allowed,
    answer_due,
    current,
    end_turn,
    free_for,
    give_turn,
    held,
    note_step,
    running,
)
from lachan.systems.feedback.models import Report, Step, Turn
from lachan.systems.feedback.queries.policy import category_of, ladder_of, rules_of


@transaction.atomic
def claim(*, report: Report, actor: Actor, at: datetime) -> Report:
    """Take it on for a while: nobody else works on it, and who takes it may read it. Raises CannotHandle."""
    until = at + timedelta(minutes=rules_of(report).claim_minutes)
    if not _claim_free(report, actor, at, until):
        raise CannotHandle("report-taken", _("Somebody else is at work on this report."))
    emit([ReportTaken(report_id=report.pk, **_told(report, at))], actor=actor)
    return Report.objects.select_related("area").get(pk=report.pk)


def _claim_free(report: Report, actor: Actor, at: datetime, until: datetime) -> bool:
    """One guarded statement: of two at once, one changes a row."""
    free = Report.objects.filter(free_for(actor, at), pk=report.pk)
    return free.update(claimed_by=actor, claimed_until=until) == 1


def let_go(*, report: Report, actor: Actor) -> None:
    """Put it back before the time is over."""
    Report.objects.filter(pk=report.pk, claimed_by=actor).update(claimed_by=None, claimed_until=None)


@transaction.atomic
def acknowledge(*, report: Report, area: Area, actor: Actor, at: datetime) -> None:
    """Seen, and ours: from now on the answer is due. Raises CannotHandle."""
    row = held(report, actor=actor, at=at)
    allowed(row, "acknowledged")
    turn, category = running(row), current(row)
    note_step(row, "acknowledged", area=area, actor=actor, at=at)
    _turn_on(row, turn, category, turn.area, turn.step, "acknowledged", "", actor, at)
    tell_reporter(row, "acknowledged", at=at)
    emit([ReportAcknowledged(report_id=row.pk, **_told(row, at))], actor=actor)


@transaction.atomic
def hand_on(
    *,
    report: Report,
    reason: str,
    area: Area,
    actor: Actor,
    at: datetime,
    category: str = "",
    to: Area | None = None,
) -> None:
    """To whom it belongs: another category or place; with neither changed, to the unit above. The time limits run on.
    Raises CannotHandle, NoSuchCategory."""
    row = held(report, actor=actor, at=at)
    allowed(row, "handed-on")
    turn, found = running(row), category_of(rules_of(row), category or row.category)
    moved = found.code != row.category or (to is not None and to.pk != row.area_id)
    if moved:
        row.category, row.area = found.code, to or row.area
        row.save(update_fields=["category", "area"])
    ladder, step = ladder_of(row.area, found), 0 if moved else turn.step + 1
    if step >= len(ladder):
        raise CannotHandle("report-nowhere", _("There is no unit above. Choose another category or place."))
    note_step(row, "handed-on", text=reason, area=area, actor=actor, at=at)
    _turn_on(row, turn, found, ladder[step], step, "handed-on", reason, actor, at)
    Report.objects.filter(pk=row.pk).update(claimed_by=None, claimed_until=None)
    tell_reporter(row, "handed-on", at=at)
    emit([ReportHandedOn(report_id=row.pk, category=found.code, **_told(row, at))], actor=actor)


def _turn_on(
    row: Report, turn: Turn, category: Category, area: Area, step: int, reason: str, note: str, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    Turn.objects.filter(pk=turn.pk).update(ended_at=at)
    give_turn(
        row, area=area, step=step, category=category, reason=reason, note=note[:400], clock_from=turn.clock_from,
        begins_at=at, due_at=answer_due(row, category, turn.clock_from, at=at), by=actor,
    )  # fmt: skip


@transaction.atomic
def answer(*, report: Report, text: str, area: Area, actor: Actor, at: datetime) -> Step:
    """Tell the reporter what was done. Raises CannotHandle."""
    return _end(report, "answered", text, area, actor, at)


@transaction.atomic
def refuse(*, report: Report, text: str, area: Area, actor: Actor, at: datetime) -> Step:
    """Not for us to answer, and why; the reporter reads who said so. Raises CannotHandle."""
    return _end(report, "not-ours", text, area, actor, at)


def _end(report: Report, kind: str, text: str, area: Area, actor: Actor, at: datetime) -> Step:
    row = held(report, actor=actor, at=at)
    ending = "answered" if kind == "answered" else "not-ours"
    allowed(row, ending)  # type: ignore[arg-type]
    if not text.strip():
        raise CannotHandle("answer-empty", _("Write the answer to the reporter."))
    step = note_step(row, ending, text=text.strip(), area=area, actor=actor, at=at)  # type: ignore[arg-type]
    end_turn(row, at=at)
    tell_reporter(row, ending, at=at)
    event: type[Event] = ReportAnswered if ending == "answered" else ReportRefused
    emit([event(report_id=row.pk, **_told(row, at))], actor=actor)  # type: ignore[call-arg]
    return step


def _told(report: Report, at: datetime) -> dict[str, Any]:
    return {"happened_at": at, "ref": f"feedback.report:{report.pk}", "caused_by": report.filing_event_id}
