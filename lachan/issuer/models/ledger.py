"""Log, sign, store: an intent is on record before anything is signed."""

from django.db import models
from django.db.models import F, Func, Q

from lachan.core.models import Person
from lachan.issuer.models.keys import SignerKey
from lachan.issuer.models.records import KIND_LABELS, Record, actor_key, event_key
from lachan.issuer.rules import LONGEST


class Sha256(Func):
    function = "sha256"
    output_field = models.BinaryField()


class Intent(models.Model):
    """That a certificate is to be signed: its id (UVCI), its exact payload (JSON) with digest, and its validity.

    `replaces` is the certificate whose place it takes (a correction, a renewal, a compromised key). The certificates on
    one record are one chain: `first_of_record` begins it, and each other replaces one on the same record.
    Whether it is waiting, valid, expired or revoked is computed (`queries.standing`).
    """

    uvci = models.CharField(max_length=80, unique=True)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="intents")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=1, choices=KIND_LABELS)
    payload = models.BinaryField()
    digest = models.BinaryField(max_length=32)
    issuer = models.CharField(max_length=2)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    first_of_record = models.BooleanField(default=True)
    event = event_key()
    requested_by = actor_key()
    requested_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(first_of_record=True), name="intent_first_once_a_record"
            ),
            models.CheckConstraint(
                condition=Q(first_of_record=True) | Q(replaces__isnull=False),
                name="intent_first_or_replaces_one",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="intent_validity_forward"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("issued_at") + LONGEST), name="intent_valid_for_a_year_at_most"
            ),
            models.CheckConstraint(
                condition=Q(digest=Sha256("payload")), name="intent_digest_of_its_payload"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")), name="intent_not_its_own_successor"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="intent_by_expiry")]

    def __str__(self) -> str:
        return self.uvci


class Waiting(models.Model):
    """An intent that nobody has signed yet: the issuer's queue. Deleted with the row that answers it."""

    intent = models.OneToOneField(Intent, on_delete=models.CASCADE, primary_key=True, related_name="waiting")


class Signature(models.Model):
    """The certificate as signed (`HC1:…`). Written by the issuer alone; statement triggers refuse what rules refuse."""

    intent = models.OneToOneField(
        Intent, on_delete=models.PROTECT, primary_key=True, related_name="signature"
    )
    key = models.ForeignKey(SignerKey, on_delete=models.PROTECT, related_name="signatures")
    text = models.TextField()
    signature = models.BinaryField(max_length=512)
    event = event_key()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(text__startswith="HC1:"), name="signature_is_an_hc1_text")
        ]


class Unsigned(models.Model):
    """Why the issuer did not sign an intent: it was revoked, its record withdrawn, its payload not the record's."""

    intent = models.OneToOneField(Intent, on_delete=models.PROTECT, primary_key=True, related_name="unsigned")
    code = models.CharField(max_length=40)
    event = event_key()
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(code=""), name="unsigned_for_a_reason")]
