"""What the situation counts: a row for each area and day, and what was found when it was counted again."""

from datetime import date, timedelta

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor, Area

LANGUAGES = ("vi", "en")


class DayCount(models.Model):
    """What happened in `area` on the local day; a column for each measure (`situation.rules.measures.FLOWS`).

    Kept at the unit where people live or things happen, never above: sums are made when somebody reads, so that
    workers do not wait for one row of the country. Many times fewer rows than one for each measure.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    cases = models.IntegerField(default=0)
    tests = models.IntegerField(default=0)
    positives = models.IntegerField(default=0)
    negatives = models.IntegerField(default=0)
    result_minutes = models.BigIntegerField(default=0)
    results_in_time = models.IntegerField(default=0)
    contacts = models.IntegerField(default=0)
    contacts_near = models.IntegerField(default=0)
    contacts_reached = models.IntegerField(default=0)
    contacts_in_time = models.IntegerField(default=0)
    orders = models.IntegerField(default=0)
    releases = models.IntegerField(default=0)
    doses = models.IntegerField(default=0)
    first_doses = models.IntegerField(default=0)
    last_doses = models.IntegerField(default=0)
    more_doses = models.IntegerField(default=0)
    wasted_doses = models.IntegerField(default=0)
    reports = models.IntegerField(default=0)
    reports_answered = models.IntegerField(default=0)
    reports_late = models.IntegerField(default=0)
    arrivals = models.IntegerField(default=0)
    arrivals_apart = models.IntegerField(default=0)

    class Meta:
        db_table = "centre_day_count"
        constraints = [models.UniqueConstraint(fields=["day", "area"], name="day_count_once_an_area")]


class Counted(models.Model):
    """An event that has been counted, and for which area: it is counted once, and stays where it was counted.

    No foreign key to the event: events are forgotten on their own, and this long before them.
    """

    event_id = models.UUIDField(primary_key=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    counted_at = models.DateTimeField()

    class Meta:
        indexes = [BrinIndex(fields=["counted_at"], name="counted_by_age")]


class Recount(models.Model):
    """The days from `from_day` until (not including) `to_day` were counted again from the event table."""

    from_day = models.DateField()
    to_day = models.DateField()
    made_at = models.DateTimeField()
    events = models.PositiveIntegerField()
    cells = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_day__gt=F("from_day")), name="recount_of_some_days"),
        ]
        indexes = [models.Index(fields=["-made_at"], name="recount_newest")]

    @property
    def last_day(self) -> date:
        return self.to_day - timedelta(days=1)


class Difference(models.Model):
    """A counter said `counted` where the events say `recounted`; it was set right at once."""

    recount = models.ForeignKey(Recount, on_delete=models.CASCADE, related_name="differences")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    measure = models.CharField(max_length=24)
    counted = models.BigIntegerField()
    recounted = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recount", "area", "day", "measure"], name="difference_told_once"
            ),
            models.CheckConstraint(condition=~Q(counted=F("recounted")), name="difference_is_one"),
        ]


class SituationReport(models.Model):
    """The situation of `area` as printed, as of `as_of`; `asked_by` is empty of the one of every morning."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    language = models.CharField(max_length=2, choices=[(c, c) for c in LANGUAGES])
    as_of = models.DateTimeField()
    asked_by = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    recount = models.ForeignKey(
        Recount, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    pdf = models.BinaryField()
    workbook = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "day", "language"],
                condition=Q(asked_by__isnull=True),
                name="report_one_each_morning",
            ),
            models.CheckConstraint(condition=Q(language__in=LANGUAGES), name="situation_report_language"),
        ]
        indexes = [models.Index(fields=["area", "-as_of"], name="situation_report_newest")]
