"""Where people enter the country."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Area, Place


class GateKind(models.TextChoices):
    AIR = "air", _("airport")
    SEA = "sea", _("sea port")
    LAND = "land", _("land border")


class Gate(models.Model):
    """A border gate as the policy lists it. `place` is where its officers are posted; a gate whose province is not
    among the areas loaded has none yet. `borders`: the country on the other side (ISO 3166-1 alpha-3), on land.
    `verified` is false while nobody compared it with the official list."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4, choices=GateKind)
    borders = models.CharField(max_length=3, blank=True)
    province_code = models.CharField(max_length=16)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.OneToOneField(Place, on_delete=models.PROTECT, null=True, related_name="gate")
    verified = models.BooleanField(default=False)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=GateKind.values) & ~Q(name=""), name="gate_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="land") & ~Q(borders="") | ~Q(kind="land") & Q(borders=""),
                name="gate_on_land_borders_a_country",
            ),
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(area__isnull=False), name="gate_place_in_an_area"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
