"""Calling back who reported something urgent, and what a call confirms."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import persons
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import CallBackMade, CallBackPlanned, Event, SymptomsDeclared, UrgentReportFiled
from lachan.core.models import Actor, Person
from lachan.platform.symptoms import SYMPTOM
from lachan.systems.feedback.models import CallBack, CallTry, Report
from lachan.systems.feedback.models.calls import ENDING
from lachan.systems.feedback.queries.policy import rules_of


class CannotCall(Refusal):
    """call-over, call-outcome, call-nobody, call-symptoms."""


@transaction.atomic
def plan_call_backs(*, urgent: Sequence[UrgentReportFiled], actor: Actor, at: datetime) -> list[CallBack]:
    """A call back for each of these reports that has none yet."""
    wanted = {e.report_id: e for e in urgent if e.call_back}
    known = set(CallBack.objects.filter(report__in=wanted).values_list("report", flat=True))
    rows = Report.objects.select_for_update().filter(pk__in=wanted.keys() - known).order_by("pk")
    planned = [
        CallBack(
            report=r, cause_event_id=wanted[r.pk].id, asked_at=at,
            due_at=at + timedelta(minutes=rules_of(r).call_back_minutes),
        )
        for r in rows
    ]  # fmt: skip
    made = CallBack.objects.bulk_create(planned, ignore_conflicts=True)
    emit(
        [
            CallBackPlanned(
                report_id=c.report_id, happened_at=at, ref=f"feedback.report:{c.report_id}", caused_by=c.cause_event_id
            )
            for c in made
        ],
        actor=actor,
    )  # fmt: skip
    return made


@transaction.atomic
def record_call(
    *,
    call: CallBack,
    outcome: str,
    actor: Actor,
    at: datetime,
    person: Person | None = None,
    symptoms: Sequence[str] = (),
) -> CallTry:
    """Write down a call. `confirmed`: `person` has these symptoms, which is told to all (a test follows).
    Raises CannotCall."""
    held = CallBack.objects.select_for_update().get(pk=call.pk)
    _refuse(held, outcome, person, symptoms)
    root = persons.roots_locked([person.pk])[person.pk] if person and outcome == "confirmed" else None
    row = CallTry.objects.create(
        call_back=held, outcome=outcome, person_id=root, called_at=at, called_by=actor
    )
    ref = f"feedback.report:{held.report_id}"
    made = CallBackMade(
        report_id=held.report_id, outcome=outcome, happened_at=at, ref=ref, caused_by=held.cause_event_id
    )
    told: list[Event] = [made]
    if root is not None:
        told.append(
            SymptomsDeclared(
                person_id=root, symptoms=tuple(symptoms), happened_at=at, ref=ref, caused_by=made.id
            )
        )
    emit(told, actor=actor)
    return row


def _refuse(call: CallBack, outcome: str, person: Person | None, symptoms: Sequence[str]) -> None:
    if call.tries.filter(outcome__in=ENDING).exists():
        raise CannotCall("call-over", _("Somebody has called already."))
    if outcome not in ("no-answer", *ENDING):
        raise CannotCall("call-outcome", _("Choose how the call ended."))
    if outcome == "confirmed" and person is None:
        raise CannotCall("call-nobody", _("Type the code of the person whom the call was about."))
    if outcome == "confirmed" and (not symptoms or any(s not in SYMPTOM for s in symptoms)):
        raise CannotCall("call-symptoms", _("Tick the symptoms that were told."))
