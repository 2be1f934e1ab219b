"""Certificates taken back, and the order that took them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Area, Place
from lachan.issuer.models.ledger import Intent
from lachan.issuer.models.records import actor_key, event_key


class Reason(models.TextChoices):
    CORRECTED = "corrected", _("Corrected: another certificate took its place")
    RECORD_WITHDRAWN = "record-withdrawn", _("The dose, test or recovery does not hold")
    LOT_RECALLED = "lot-recalled", _("The lot was recalled")
    FRAUD = "fraud", _("Issued on false grounds")
    KEY_COMPROMISED = "key-compromised", _("The signing key may be in other hands")
    BY_MISTAKE = "by-mistake", _("Issued by mistake")


class Scope(models.TextChoices):
    ONE = "one"
    RECORD = "record"
    LOT = "lot"
    PLACE = "place"
    KEY = "key"


class RevocationOrder(models.Model):
    """Who took back what, and why: one certificate, those of a lot, those of a place on days [starts_on, ends_on)."""

    scope = models.CharField(max_length=6, choices=Scope)
    reason = models.CharField(max_length=20, choices=Reason)
    evidence = models.CharField(max_length=200, blank=True)
    lot = models.CharField(max_length=20, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    certificates = models.PositiveIntegerField()
    event = event_key()
    ordered_by = actor_key()
    ordered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=Reason.values, scope__in=Scope.values), name="revocation_order_known"
            ),
            models.CheckConstraint(
                condition=Q(scope="lot", lot__gt="") | (~Q(scope="lot") & Q(lot="")),
                name="revocation_of_a_lot_names_it",
            ),
            models.CheckConstraint(
                condition=~Q(scope="place")
                | Q(place__isnull=False, starts_on__isnull=False, ends_on__gt=models.F("starts_on")),
                name="revocation_of_a_place_names_its_days",
            ),
        ]


class Revocation(models.Model):
    """A certificate does not count from `revoked_at` on; once, for good. It may be one that was never signed."""

    intent = models.OneToOneField(
        Intent, on_delete=models.PROTECT, primary_key=True, related_name="revocation"
    )
    order = models.ForeignKey(RevocationOrder, on_delete=models.PROTECT, related_name="revocations")
    event = event_key()
    revoked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["revoked_at"], name="revocation_by_time")]
