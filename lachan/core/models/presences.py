"""Who was where, when: the hot table of the product."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from lachan.core.models.persons import Person
from lachan.core.models.places import Place


class PresenceSource(models.TextChoices):
    SCAN = "scan"
    INTERVIEW = "interview"
    SEAT = "seat"
    SESSION = "session"
    IMPORT = "import"


class Presence(models.Model):
    """`person_id` was at `place_id` in [starts_at, ends_at).

    Partitioned by the day of `starts_at`, written in bulk and dropped by retention; therefore without
    foreign keys (a check per row would double the cost of the write, and a dropped day must not be searched).
    `starts_at` is the device's clock as corrected, `recorded_at` the server's.

    Where seats are known, `row_from` to `row_to` (both included) are the rows counted from the front: one row for who
    sits there, several for who works in them (decision 0013). A coach begins a hundred rows after the last.
    """

    pk = models.CompositePrimaryKey("starts_at", "id")
    id = models.UUIDField()
    person_id = models.BigIntegerField()
    place_id = models.BigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    masked = models.BooleanField(null=True)
    row_from = models.SmallIntegerField(null=True)
    row_to = models.SmallIntegerField(null=True)
    source = models.CharField(max_length=10, choices=PresenceSource)
    source_ref = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="presence_period_forward"),
            # Tracing looks back no further (lachan.core.copresence); what lasts longer is a residence.
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + timedelta(hours=24)), name="presence_at_most_a_day"
            ),
            models.CheckConstraint(
                condition=Q(row_from__isnull=True, row_to__isnull=True)
                | Q(row_from__gte=0, row_to__gte=F("row_from")),
                name="presence_rows_forward",
            ),
        ]


class Residence(models.Model):
    """A standing presence: a household, a room, a class. `period` may be open at its end.

    One person lives in one household at a time; the exclusion constraint refuses a second.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="residences")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="residents")
    kind = models.CharField(
        max_length=12, choices=[(k, k) for k in ("household", "workplace", "school", "room")]
    )
    period = DateTimeRangeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="residence_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(period__isempty=False), name="residence_period_not_empty"),
        ]
        indexes = [models.Index(fields=["place"], name="residence_by_place")]
