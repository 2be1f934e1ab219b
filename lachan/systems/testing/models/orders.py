"""Tests that somebody or some rule asked for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Area, Person


class AssayKind(models.TextChoices):
    PCR = "pcr", _("RT-PCR")
    ANTIGEN = "antigen", _("Rapid antigen test")


class OrderReason(models.TextChoices):
    CONTACT_DAY = "contact-day", _("Test day of the quarantine order")
    CONFIRM_POOL = "confirm-pool", _("Positive pool: each member is tested")
    CONFIRM_ANTIGEN = "confirm-antigen", _("Positive antigen test: to be confirmed by PCR")
    SYMPTOMS = "symptoms", _("Symptoms were declared")
    REPEAT = "repeat", _("The sample or the test could not be used")
    INDICATED = "indicated", _("Indicated by health staff")
    SCREENING = "screening", _("Screening")


class TestOrder(models.Model):
    """One test of one person, due on a local day. It is fulfilled when a TubeMember points at it.

    `event_id` is the TestOrdered that told of it, `cause_event` what led to it; `area` the person's home when it was
    ordered: whose desk it lies on. `quarantine_order` is the number of the order of isolation that asks for it.
    """

    __test__ = False

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="test_orders")
    assay = models.CharField(max_length=8, choices=AssayKind)
    reason = models.CharField(max_length=16, choices=OrderReason)
    due_on = models.DateField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, db_index=False)
    quarantine_order = models.BigIntegerField(null=True)
    cause_event = models.UUIDField(null=True)
    event_id = models.UUIDField()
    ordered_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="testorder_cancelled_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(assay__in=AssayKind.values), name="testorder_assay_known"),
            models.CheckConstraint(condition=Q(reason__in=OrderReason.values), name="testorder_reason_known"),
            models.UniqueConstraint(
                fields=["cause_event", "person", "assay", "due_on"], name="testorder_once_a_cause"
            ),
            models.UniqueConstraint(
                fields=["quarantine_order", "due_on", "reason"],
                condition=Q(cancelled_at__isnull=True),
                name="testorder_one_open_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["area", "due_on", "id"], condition=Q(cancelled_at__isnull=True), name="testorder_due"
            ),
        ]
