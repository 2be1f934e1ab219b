"""Daily numbers of places that send only numbers: what was sent, what of it is held, who decided on it.

A row is never changed. Of the rows of one area and day the last one that is not held counts: a correction is a later
row, and the earlier one stays to be read.
"""

from django.db import models
from django.db.models import F, Q

from lachan.centre.daily_counts.rules.plausible import HOLDS
from lachan.core.models import Actor, Area

RELEASED, REJECTED = "released", "rejected"


class CountUpload(models.Model):
    """A file of daily counts, taken once by its digest (SHA-256). Each row that was read is taken, held or refused;
    `already`: of those taken, the ones that said what was known."""

    digest = models.BinaryField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    received = models.PositiveIntegerField()
    taken = models.PositiveIntegerField()
    already = models.PositiveIntegerField()
    held = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received=F("taken") + F("held") + F("refused")), name="counts_taken_held_refused"
            ),
            models.CheckConstraint(condition=Q(already__lte=F("taken")), name="counts_already_of_taken"),
        ]
        indexes = [models.Index(fields=["-uploaded_at", "-id"], name="count_upload_newest")]

    def __str__(self) -> str:
        return self.name


class DailyCount(models.Model):
    """What one row (`number`, as a spreadsheet counts) says of one day in one area. `total`: all cases until the end of
    the day, where the list tells. `hold` says why it was held back, compared with `against`."""

    upload = models.ForeignKey(CountUpload, on_delete=models.PROTECT, related_name="counts")
    number = models.PositiveIntegerField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    cases = models.IntegerField()
    deaths = models.IntegerField(null=True)
    total = models.IntegerField(null=True)
    hold = models.CharField(max_length=16, choices=[(code, code) for code in HOLDS], blank=True)
    against = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="count_once_a_row"),
            models.CheckConstraint(condition=Q(hold__in=("", *HOLDS)), name="count_hold_known"),
            models.CheckConstraint(
                condition=Q(hold="negative") | Q(cases__gte=0, deaths__isnull=True) | Q(cases__gte=0, deaths__gte=0),
                name="count_negative_is_held",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["area", "day", "-id"], name="count_latest"),
            models.Index(fields=["-id"], condition=~Q(hold=""), name="count_held"),
        ]


class RefusedCount(models.Model):
    """A row that says nothing that could be kept, and why."""

    upload = models.ForeignKey(CountUpload, on_delete=models.CASCADE, related_name="refusals")
    number = models.PositiveIntegerField()
    column = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=24)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="refusal_once_a_row"),
            models.CheckConstraint(condition=~Q(code=""), name="refusal_has_code"),
        ]


class CountDecision(models.Model):
    """What a person decided on a held row, once, and why."""

    count = models.OneToOneField(DailyCount, on_delete=models.PROTECT, related_name="decision")
    verdict = models.CharField(max_length=8, choices=[(v, v) for v in (RELEASED, REJECTED)])
    reason = models.CharField(max_length=400)
    decided_at = models.DateTimeField()
    by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=(RELEASED, REJECTED)), name="count_decision_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="count_decision_has_reason"),
        ]
