"""Sessions of vaccination: a site, some hours, so many tables and places, one product. Their state is computed."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Place
from lachan.systems.vaccination.models.lots import Lot, by


class Session(models.Model):
    """`places` people can be asked, `taken` are; `lot` is the one planned, if one is. Half-open: starts_at to ends_at.

    `taken` is counted up and down by guarded updates, so that two clerks cannot give the last place twice.
    `ended_at`: the site has said that the day's vials are accounted for.
    """

    site = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="vaccination_sessions", db_index=False
    )
    product = models.CharField(max_length=40)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tables = models.PositiveSmallIntegerField()
    places = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(db_default=0)
    arrivals = models.PositiveIntegerField(db_default=0)
    planned_at = models.DateTimeField()
    planned_by = by()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = by(null=True)
    cancel_reason = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = by(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_period_forward"),
            models.CheckConstraint(condition=Q(tables__gte=1, tables__lte=200), name="session_has_tables"),
            models.CheckConstraint(
                condition=Q(places__gte=1, places__lte=100_000), name="session_has_places"
            ),
            models.CheckConstraint(condition=Q(taken__lte=F("places")), name="session_not_overbooked"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True, cancel_reason="")
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False, cancel_reason__regex=r"\S"),
                name="session_cancelled_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(
                    ended_at__isnull=False, ended_at__gte=F("starts_at"), ended_by__isnull=False,
                    cancelled_at__isnull=True,
                ),
                name="session_ended_whole",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["site", "starts_at"], name="session_of_site"),
            models.Index(fields=["starts_at"], name="session_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.starts_at:%Y-%m-%d %H:%M}"
