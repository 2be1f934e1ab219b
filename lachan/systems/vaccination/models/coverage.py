"""How many people have had which dose, by the unit where they live and their age; and how many live there."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from lachan.core.models import Area
from lachan.systems.vaccination.rules.coverage import BANDS, STEPS, UNKNOWN

FROM_AGES = (*BANDS, UNKNOWN)


class Coverage(models.Model):
    """People of `area` who were in the age band that begins at `from_age` when they had `step`.

    Kept at the unit where people live, never above; sums are made when somebody reads. Moved by the handler of the
    doses' events alone.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_age = models.SmallIntegerField()
    step = models.CharField(max_length=10, choices=[(s, s) for s in STEPS])
    people = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "from_age", "step"], include=["people"], name="coverage_once_an_area"
            ),
            models.CheckConstraint(condition=Q(step__in=STEPS), name="coverage_step_known"),
            models.CheckConstraint(condition=Q(from_age__in=FROM_AGES), name="coverage_band_known"),
        ]


class CoveredDose(models.Model):
    """A dose that has been counted, and where: it counts once, and is taken back from where it was counted.

    No foreign key to the event: events are forgotten on their own.
    """

    event_id = models.UUIDField(primary_key=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_age = models.SmallIntegerField()
    steps = models.CharField(max_length=30)
    back = models.BooleanField(default=False)
    counted_at = models.DateTimeField()

    class Meta:
        indexes = [BrinIndex(fields=["counted_at"], name="covered_by_age")]


class Residents(models.Model):
    """How many registered people of an age band live in `area`, as counted on a day (nightly, the whole table anew)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_age = models.SmallIntegerField()
    people = models.PositiveIntegerField()
    counted_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "from_age"], include=["people"], name="residents_once_an_area"
            ),
            models.CheckConstraint(condition=Q(from_age__in=FROM_AGES), name="residents_band_known"),
        ]
