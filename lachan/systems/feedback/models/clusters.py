"""Many reports of one kind from one area within hours."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from lachan.core.models import Area


class Cluster(models.Model):
    """Seen when `reports` about `category` had come from `area`; within `period` it is not told again."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.CharField(max_length=24)
    reports = models.PositiveIntegerField()
    period = DateTimeRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="cluster_once_a_period",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    ("category", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(reports__gte=2), name="cluster_of_several"),
        ]
