"""What was reported, and which reports tell of the same."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor, Area, EventRow
from lachan.core.sealed import unseal

CHANNELS = ("web", "hotline", "program")
PHONE = "report-phone"
MOST_PHOTOS = 4


class Report(models.Model):
    """What somebody told, in their words; `text_key` is the same without marks, to find its like.

    `sealed_phone` is empty of who stays unknown; `verified`: a code sent to it was typed; `language` is that of the
    texts to it. `claimed_by` has taken it on
    until `claimed_until`. `category` is what it is about now: handing on may change it.
    """

    code = models.CharField(max_length=17, unique=True)
    category = models.CharField(max_length=24)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=200, blank=True)
    text = models.TextField(max_length=4000)
    text_key = models.TextField(max_length=8000)
    name = models.CharField(max_length=200, blank=True)
    sealed_phone = models.BinaryField(max_length=120, null=True)
    phone_index = models.BinaryField(max_length=16, null=True)
    verified = models.BooleanField(default=False)
    channel = models.CharField(max_length=8, choices=[(c, c) for c in CHANNELS])
    language = models.CharField(max_length=2, default="vi")
    policy_id = models.CharField(max_length=80)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    filing_event = models.ForeignKey(EventRow, on_delete=models.PROTECT, related_name="+", db_index=False)
    claimed_by = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(category=""), name="report_says_something"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="report_channel_known"),
            models.CheckConstraint(
                condition=Q(sealed_phone__isnull=True, phone_index__isnull=True, verified=False)
                | Q(sealed_phone__isnull=False, phone_index__isnull=False),
                name="report_phone_whole",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_until__isnull=True)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="report_claim_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "category", "-filed_at"], name="report_by_area"),
            models.Index(fields=["-filed_at", "-id"], name="report_newest"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def phone(self) -> str:
        """E.164, or empty."""
        return unseal(PHONE, self.sealed_phone) if self.sealed_phone else ""


class Photo(models.Model):
    """A picture of a report, encoded anew: nothing of the file is left but what is seen."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="photos", db_index=False)
    number = models.PositiveSmallIntegerField(default=1)
    body = models.BinaryField(max_length=2_000_000)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(width__gte=1, height__gte=1), name="photo_has_size"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_PHOTOS), name="photo_one_of_a_few"
            ),
            models.UniqueConstraint(fields=["report", "number"], name="photo_once_a_number"),
        ]


class Join(models.Model):
    """`duplicate` tells of the same as `kept`, until `undone_at`."""

    duplicate = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="joins")
    kept = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="duplicates")
    joined_at = models.DateTimeField()
    joined_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duplicate"], condition=Q(undone_at__isnull=True), name="join_one_a_duplicate"
            ),
            models.CheckConstraint(condition=~Q(duplicate=F("kept")), name="join_of_two"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__gte=F("joined_at"), undone_by__isnull=False),
                name="join_undone_whole",
            ),
        ]
