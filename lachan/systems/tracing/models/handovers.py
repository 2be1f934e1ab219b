"""A case or contacts given from one area to another."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor, Area
from lachan.systems.tracing.models.cases import Case
from lachan.systems.tracing.models.contacts import Contact


class HandOver(models.Model):
    """Sent, acknowledged, decided: in this order, each by somebody. `accepted` null: not yet decided."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="handovers")
    from_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    to_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, related_name="+")
    accepted = models.BooleanField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_area=F("to_area")), name="handover_between_different_areas"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_by__isnull=False, acknowledged_at__gte=F("sent_at")),
                name="handover_acknowledged_after_sent",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, accepted__isnull=True)
                | Q(decided_by__isnull=False, accepted__isnull=False, decided_at__gte=F("acknowledged_at")),
                name="handover_decided_after_acknowledged",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True) | Q(accepted=True) | ~Q(decision_reason=""),
                name="handover_declined_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(acknowledged_at__isnull=False),
                name="handover_acknowledged_before_decided",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(case__isnull=False, decided_at__isnull=True),
                name="handover_of_a_case_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["to_area"], condition=Q(decided_at__isnull=True), name="handover_waiting")
        ]


class HandOverContact(models.Model):
    """A contact that goes along."""

    handover = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="contacts")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="handovers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handover", "contact"], name="handover_contact_once")]
