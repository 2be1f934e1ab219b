"""Calls back to who reported something urgent about health."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor, EventRow, Person
from lachan.systems.feedback.models.reports import Report

OUTCOMES = ("no-answer", "confirmed", "not-confirmed", "advised")
ENDING = ("confirmed", "not-confirmed", "advised")


class CallBack(models.Model):
    """Somebody is to call the reporter by `due_at`; over once a try came to an end."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="call_back")
    cause_event = models.ForeignKey(EventRow, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="call_back_due_after_asking"),
        ]


class CallTry(models.Model):
    """One call. `person`: whose symptoms it confirmed, if any."""

    call_back = models.ForeignKey(CallBack, on_delete=models.CASCADE, related_name="tries")
    outcome = models.CharField(max_length=14, choices=[(o, o) for o in OUTCOMES])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField()
    called_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call_back"], condition=Q(outcome__in=ENDING), name="call_ended_once"
            ),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="call_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome="confirmed", person__isnull=False)
                | (~Q(outcome="confirmed") & Q(person__isnull=True)),
                name="call_confirms_somebody",
            ),
        ]
