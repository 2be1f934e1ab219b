"""What officers ask for that takes a second person, or time."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Area, Place
from lachan.issuer.models.keys import SignerKey
from lachan.issuer.models.records import actor_key
from lachan.issuer.models.revocations import Reason, Scope

SCOPES = (Scope.LOT, Scope.PLACE, Scope.KEY)


class RecallRequest(models.Model):
    """One officer asks to take many certificates back; a second one decides. `certificates`: how many when asked.

    `area`: a lot is taken back on its ground alone; NULL is everywhere.
    """

    scope = models.CharField(max_length=6, choices=Scope)
    reason = models.CharField(max_length=20, choices=Reason)
    evidence = models.CharField(max_length=200)
    lot = models.CharField(max_length=20, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    key = models.ForeignKey(SignerKey, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    certificates = models.PositiveIntegerField()
    asked_by = actor_key()
    asked_at = models.DateTimeField()
    decided_by = actor_key(null=True)
    decided_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, agreed__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, agreed__isnull=False),
                name="recall_request_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="recall_request_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(scope="lot", lot__gt="", place__isnull=True, key__isnull=True)
                | Q(scope="place", lot="", place__isnull=False, ends_on__gt=F("starts_on"), key__isnull=True)
                | Q(scope="key", lot="", place__isnull=True, key__isnull=False),
                name="recall_request_names_what_it_recalls",
            ),
            models.CheckConstraint(condition=~Q(evidence=""), name="recall_request_says_why"),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(decided_at__isnull=True), name="recall_request_open"
            )
        ]


class BatchOrder(models.Model):
    """Certificates for many records at once (of a lot, or of a place on days), or anew for what a compromised key
    signed. A worker carries it out in steps that are kept; `done` counts what was asked for."""

    lot = models.CharField(max_length=20, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    key = models.ForeignKey(SignerKey, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    ordered_by = actor_key()
    ordered_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lot__gt="", place__isnull=True, key__isnull=True)
                | Q(lot="", place__isnull=False, ends_on__gt=F("starts_on"), key__isnull=True)
                | Q(lot="", place__isnull=True, key__isnull=False),
                name="batch_order_names_what_it_is_for",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("ordered_at")),
                name="batch_order_finished_after_it_began",
            ),
        ]
