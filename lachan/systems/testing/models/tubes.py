"""Tubes, whose they are, and their way to the bench."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Actor, Area, Person, Place
from lachan.systems.testing.models.orders import AssayKind, TestOrder


class Tube(models.Model):
    """A tube with swabs of `size` people (more than one: pooled at collection). `barcode` was printed on it."""

    barcode = models.CharField(max_length=32, unique=True)
    assay = models.CharField(max_length=8, choices=AssayKind)
    size = models.PositiveSmallIntegerField()
    collected_at = models.DateTimeField()
    collected_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=1, size__lte=100), name="tube_size_sensible"),
            models.CheckConstraint(condition=Q(assay__in=AssayKind.values), name="tube_assay_known"),
            models.CheckConstraint(condition=~Q(barcode=""), name="tube_has_a_barcode"),
        ]
        indexes = [
            models.Index(fields=["place", "collected_at"], name="tube_at_place"),
            models.Index(fields=["area", "collected_at"], name="tube_in_area"),
        ]

    def __str__(self) -> str:
        return self.barcode

    @property
    def pooled(self) -> bool:
        return self.size > 1


class TubeMember(models.Model):
    """A swab of `person` is in `tube`; `event_id` is the SampleCollected that told of it."""

    tube = models.ForeignKey(Tube, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="samples")
    order = models.OneToOneField(TestOrder, on_delete=models.PROTECT, null=True, related_name="sample")
    event_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tube", "person"], name="tube_member_once")]


class RejectionReason(models.TextChoices):
    LEAKING = "leaking", _("The tube leaks")
    NO_LABEL = "no-label", _("The label is missing or cannot be read")
    DUPLICATE = "duplicate", _("Two tubes bear this label")
    INSUFFICIENT = "insufficient", _("There is too little material")
    MISLABELLED = "mislabelled", _("The label belongs to somebody else")
    TOO_OLD = "too-old", _("It was under way too long or too warm")
    MISSING = "missing", _("It was on the list but not in the box")


class Rejection(models.Model):
    """The tube cannot be tested. There is no way back: its people are asked for another swab."""

    tube = models.OneToOneField(Tube, on_delete=models.PROTECT, related_name="rejection")
    reason = models.CharField(max_length=16, choices=RejectionReason)
    rejected_at = models.DateTimeField()
    rejected_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=RejectionReason.values), name="rejection_reason_known"
            )
        ]


class Batch(models.Model):
    """A box of tubes on its way to a laboratory."""

    from_place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    laboratory = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, received_by__isnull=True)
                | Q(received_at__isnull=False, received_by__isnull=False),
                name="batch_received_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | Q(received_at__gte=F("sent_at")),
                name="batch_received_after_sending",
            ),
        ]
        indexes = [
            models.Index(fields=["laboratory", "sent_at"], name="batch_to_laboratory"),
            models.Index(fields=["from_place", "sent_at"], name="batch_from_place"),
        ]


class BatchTube(models.Model):
    """A tube travels once."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="tubes")
    tube = models.OneToOneField(Tube, on_delete=models.PROTECT, related_name="journey")


class Pool(models.Model):
    """Aliquots of several tubes, mixed in the laboratory; the tubes themselves are stored."""

    barcode = models.CharField(max_length=32, unique=True)
    assay = models.CharField(max_length=8, choices=AssayKind, default=AssayKind.PCR)
    laboratory = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(assay="pcr"), name="pool_is_pcr"),
            models.CheckConstraint(condition=~Q(barcode=""), name="pool_has_a_barcode"),
        ]
        indexes = [models.Index(fields=["laboratory", "made_at"], name="pool_in_laboratory")]

    def __str__(self) -> str:
        return self.barcode


class PoolTube(models.Model):
    """A tube is pooled once; if the pool does not clear it, it is tested by itself."""

    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="tubes")
    tube = models.OneToOneField(Tube, on_delete=models.PROTECT, related_name="pooling")
