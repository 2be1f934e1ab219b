"""Country authorities, document signers and their private keys.

Written by the issuer alone; the web reads what is public and reports compromises.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lachan.issuer.models.records import KIND_LABELS, actor_key, event_key
from lachan.issuer.rules import NOTICE

ALGORITHMS = [("ES256", "ES256"), ("PS256", "PS256")]
PURPOSES = [("certificates", "certificates"), ("lists", "lists")]


class Authority(models.Model):
    """A country certificate (CSCA), DER. Its private key is never here: it lies in an encrypted file, offline."""

    certificate = models.BinaryField()
    name = models.CharField(max_length=200)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(not_after__gt=F("not_before")), name="authority_period_forward"
            )
        ]


class SignerKey(models.Model):
    """A document signer: certificate (DER), key id, and the dates from which its stage is computed.

    `uses` restricts the kinds that it may sign (empty: all). Keys of purpose "lists" sign the trust and revocation
    lists, never a certificate.
    """

    kid = models.BinaryField(max_length=8, unique=True)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="keys")
    certificate = models.BinaryField()
    algorithm = models.CharField(max_length=5, choices=ALGORITHMS)
    purpose = models.CharField(max_length=12, choices=PURPOSES, default="certificates")
    uses = ArrayField(models.CharField(max_length=1, choices=KIND_LABELS), default=list)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    use_from = models.DateTimeField(null=True)
    use_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(not_after__gt=F("not_before")), name="key_period_forward"),
            models.CheckConstraint(condition=Q(algorithm__in=["ES256", "PS256"]), name="key_algorithm_known"),
            models.CheckConstraint(
                condition=Q(purpose__in=["certificates", "lists"]), name="key_purpose_known"
            ),
            models.CheckConstraint(condition=Q(uses__contained_by=["v", "t", "r"]), name="key_uses_known"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, use_from__isnull=True, use_until__isnull=True)
                | Q(published_at__isnull=False, use_from__isnull=False, use_until__isnull=False),
                name="key_published_with_its_dates",
            ),
            models.CheckConstraint(
                condition=Q(use_from__isnull=True)
                | Q(purpose="lists")
                | Q(use_from__gte=F("published_at") + NOTICE),
                name="key_published_before_use",
            ),
            models.CheckConstraint(
                condition=Q(use_from__isnull=True)
                | Q(use_until__gte=F("use_from"), use_until__lte=F("not_after")),
                name="key_used_within_its_certificate",
            ),
        ]


class PrivateKey(models.Model):
    """The private key of a signer: sealed with the key file of the issuer's machine, or a label in a PKCS#11 token."""

    key = models.OneToOneField(
        SignerKey, on_delete=models.PROTECT, primary_key=True, related_name="private_key"
    )
    sealed = models.BinaryField(null=True)
    token_label = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sealed__isnull=True, token_label__gt="")
                | Q(sealed__isnull=False, token_label=""),
                name="private_key_sealed_or_in_a_token",
            )
        ]


class Compromise(models.Model):
    """Somebody else may have this key: it leaves the trust list, and all it signed is void."""

    key = models.OneToOneField(SignerKey, on_delete=models.PROTECT, related_name="compromise")
    reason = models.CharField(max_length=200)
    event = event_key()
    declared_by = actor_key()
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="compromise_for_a_reason")]
