"""Anything with an address."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models.areas import Area


class PlaceKind(models.TextChoices):
    VENUE = "venue"
    WORKPLACE = "workplace"
    SCHOOL = "school"
    CONTROL_POST = "control_post"
    BORDER_GATE = "border_gate"
    CONVEYANCE = "conveyance"
    LABORATORY = "laboratory"
    HEALTH_STATION = "health_station"
    VACCINATION_SITE = "vaccination_site"
    STORE = "store"
    QUARANTINE_SITE = "quarantine_site"
    ROOM = "room"
    HOUSEHOLD = "household"


class Place(models.Model):
    """`code` is public (it stands in the place's QR) and opaque; `parent` is the building of a room."""

    code = models.CharField(max_length=17, unique=True)
    kind = models.CharField(max_length=20, choices=PlaceKind)
    name = models.CharField(max_length=200)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    address = models.CharField(max_length=300, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    closed_space = models.BooleanField(null=True)
    capacity = models.PositiveIntegerField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="place_has_a_name"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gt=F("opened_at")),
                name="place_period_forward",
            ),
        ]
        indexes = [models.Index(fields=["area", "kind", "name"], name="place_by_area")]

    def __str__(self) -> str:
        return self.name
