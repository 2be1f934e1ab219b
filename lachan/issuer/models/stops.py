"""The stop button."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor
from lachan.issuer.models.records import actor_key


class Stop(models.Model):
    """Nothing is signed from `stopped_at` until `resumed_at`; who stopped does not resume."""

    reason = models.CharField(max_length=200)
    stopped_by = actor_key()
    stopped_at = models.DateTimeField()
    resumed_by = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="stop_for_a_reason"),
            models.UniqueConstraint(
                fields=["resumed_at"],
                condition=Q(resumed_at__isnull=True),
                nulls_distinct=False,
                name="stop_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(resumed_at__isnull=True, resumed_by__isnull=True)
                | Q(resumed_at__isnull=False, resumed_at__gte=F("stopped_at"), resumed_by__isnull=False),
                name="stop_resumed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(resumed_by__isnull=True) | ~Q(resumed_by=F("stopped_by")),
                name="stop_resumed_by_another",
            ),
        ]
