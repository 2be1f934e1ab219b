"""Signers of other countries, as their lists name them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lachan.issuer.models.records import KIND_LABELS, actor_key, event_key

FORMS = [("eu", "eu"), ("lachan", "lachan"), ("did", "did")]


class ForeignList(models.Model):
    """A country's list as somebody loaded it: in force until another takes its place or it is removed.

    `as_of`: how new it is, by what it says and when it was fetched; `digest`: SHA-256 of the file. `revoked`: the
    country's list of what it took back, in the form of `lachan.codecs.revoked`, where it came along.
    """

    country = models.CharField(max_length=2)
    source = models.CharField(max_length=200)
    form = models.CharField(max_length=6, choices=FORMS)
    digest = models.BinaryField(max_length=32)
    as_of = models.DateTimeField()
    revoked = models.BinaryField(null=True)
    event = event_key()
    loaded_by = actor_key()
    loaded_at = models.DateTimeField()
    removed_by = actor_key(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country"], condition=Q(removed_at__isnull=True), name="foreign_list_one_a_country"
            ),
            models.CheckConstraint(
                condition=Q(country__regex="^[A-Z]{2}$"), name="foreign_list_of_a_country"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="foreign_list_says_where_from"),
            models.CheckConstraint(
                condition=Q(as_of__lte=F("loaded_at")), name="foreign_list_not_of_the_future"
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__gte=F("loaded_at"), removed_by__isnull=False),
                name="foreign_list_removed_by_somebody",
            ),
        ]


class ForeignSigner(models.Model):
    """One signer on a list: key number, certificate (DER), for what and from when until when it may sign."""

    list = models.ForeignKey(ForeignList, on_delete=models.PROTECT, related_name="signers")
    kid = models.BinaryField(max_length=8)
    certificate = models.BinaryField()
    uses = ArrayField(models.CharField(max_length=1, choices=KIND_LABELS))
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "kid", "certificate"], name="foreign_signer_once_a_list"),
            models.CheckConstraint(
                condition=Q(uses__contained_by=["v", "t", "r"], uses__len__gte=1),
                name="foreign_signer_signs_something",
            ),
            models.CheckConstraint(
                condition=Q(not_after__gte=F("not_before")), name="foreign_signer_period_forward"
            ),
        ]
