"""Outlines of units that somebody brought along."""

from django.db import models
from django.db.models import Q

from lachan.core.models import Actor, Area


class Boundary(models.Model):
    """Rings of longitude and latitude in degrees, thinned for the map. `source` says whose they are and the licence."""

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="boundary")
    rings = models.JSONField()
    source = models.CharField(max_length=200)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="boundary_has_a_source")]
