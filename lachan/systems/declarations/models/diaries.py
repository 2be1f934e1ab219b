"""The diary of an order: who is asked to report each day, until when."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor, Person


class Diary(models.Model):
    """One an order (its number, as its events tell it). `code` stands in the link, and opens the day's page only."""

    order_number = models.BigIntegerField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=17, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="diary_period_forward"),
        ]
        indexes = [models.Index(fields=["ends_on"], name="diary_open", condition=Q(closed_at__isnull=True))]

    def __str__(self) -> str:
        return self.code


class Reminder(models.Model):
    """At most one a day."""

    diary = models.ForeignKey(Diary, on_delete=models.CASCADE, related_name="reminders")
    day = models.DateField()
    reminded_at = models.DateTimeField()
    reminded_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["diary", "day"], name="diary_reminded_once_a_day")]
