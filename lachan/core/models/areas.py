"""Administrative units, dated: a code means something only on a day."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q


class Area(models.Model):
    """A unit that existed from `valid_from` until (not including) `valid_to`.

    `path` is the chain of ids from the country down, `/1/57/913/`, so that "within" is a prefix.
    Level 0 is the country, 1 province, 2 district, 3 commune; a scheme may leave levels out.
    """

    code = models.CharField(max_length=16)
    level = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    search_key = models.CharField(max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    population = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "level", "valid_from"], name="area_code_once_a_period"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="area_period_forward",
            ),
        ]
        indexes = [
            models.Index(fields=["path"], opclasses=["text_pattern_ops"], name="area_path_prefix"),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="area_search"),
        ]

    def __str__(self) -> str:
        return self.name


class AreaSuccessor(models.Model):
    """`old` went into `new`; `share` (0..1] of it where it was divided and the share is known."""

    old = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="successors")
    new = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="predecessors")
    share = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="successor_once"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1),
                name="successor_share_is_a_share",
            ),
        ]
