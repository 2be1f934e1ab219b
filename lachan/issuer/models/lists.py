"""Lists for verifiers, as published."""

from django.db import models
from django.db.models import F, Q

from lachan.issuer.models.keys import SignerKey


class ListKind(models.TextChoices):
    REVOKED = "revoked"
    TRUST = "trust"
    DID = "did"


class Publication(models.Model):
    """One edition of a list, signed by `key`; the newest of each kind counts until `next_at`."""

    kind = models.CharField(max_length=8, choices=ListKind)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    entries = models.PositiveIntegerField()
    content = models.BinaryField()
    key = models.ForeignKey(SignerKey, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(next_at__gt=F("made_at")), name="publication_period_forward"),
            models.CheckConstraint(condition=Q(kind__in=ListKind.values), name="publication_of_a_known_kind"),
            models.UniqueConstraint(fields=["kind", "made_at"], name="publication_once"),
        ]
