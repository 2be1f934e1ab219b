"""Levels that somebody answers for."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from lachan.core.models import Actor, Area
from lachan.systems.riskmap.models.inputs import Proposal

PERIOD = Func(F("from_on"), F("to_on"), function="daterange", output_field=DateRangeField())


class Signature(models.Model):
    """The level of an area from `from_on` until (not including) `to_on`, unless withdrawn.

    `proposed` is what the rules had found (None: not assessed, or nothing); another level has a `reason`.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    week_on = models.DateField()
    level = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    to_on = models.DateField()
    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    proposed = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=400, blank=True)
    policy_id = models.CharField(max_length=80)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    withdrawal_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="signature_one_an_area_a_day",
                expressions=[("area", RangeOperators.EQUAL), (PERIOD, RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="signature_level_of_four"),
            models.CheckConstraint(
                condition=Q(from_on__gt=F("week_on"), to_on__gt=F("from_on")), name="signature_period_forward"
            ),
            models.CheckConstraint(
                condition=Q(proposed__isnull=False, level=F("proposed")) | ~Q(reason=""),
                name="signature_other_level_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__gte=F("signed_at"), withdrawn_by__isnull=False) & ~Q(withdrawal_reason=""),
                name="signature_withdrawn_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["from_on", "area"], condition=Q(withdrawn_at__isnull=True), name="signature_standing"
            )
        ]

    @property
    def overridden(self) -> bool:
        return self.level != self.proposed
