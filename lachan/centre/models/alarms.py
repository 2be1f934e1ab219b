"""Alarms: a cause that was found, whose task it is, what was done about it."""

from django.db import models
from django.db.models import F, Q

from lachan.centre.alarms.rules.causes import KINDS
from lachan.centre.alarms.rules.states import STEPS, WITH_WORDS
from lachan.core.models import Actor, Area, EventRow


class Alarm(models.Model):
    """A cause, from the moment it was found until the alarm is closed; one open alarm a cause.

    `subject`: the number of the site, store or reaction that it is about, 0 for the area itself. `count`, `oldest_at`
    and `urgency` are those of the last look (`seen_at`); `gone_at`: since when the cause is no more.
    """

    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in KINDS])
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    subject = models.BigIntegerField(default=0)
    count = models.PositiveIntegerField()
    oldest_at = models.DateTimeField(null=True)
    urgency = models.PositiveSmallIntegerField()
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    raising_event = models.ForeignKey(EventRow, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "area", "subject"],
                condition=Q(closed_at__isnull=True),
                name="alarm_one_open_a_cause",
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="alarm_kind_known"),
            models.CheckConstraint(condition=Q(urgency__lte=100), name="alarm_urgency_of_hundred"),
            models.CheckConstraint(condition=Q(count__gte=1, subject__gte=0), name="alarm_about_something"),
            models.CheckConstraint(
                condition=Q(seen_at__gte=F("raised_at"))
                & (Q(closed_at__isnull=True) | Q(closed_at__gte=F("raised_at")))
                & (Q(gone_at__isnull=True) | Q(gone_at__gte=F("raised_at"))),
                name="alarm_times_forward",
            ),
        ]
        indexes = [
            models.Index(fields=["-urgency", "raised_at"], condition=Q(closed_at__isnull=True), name="alarm_by_pain"),
            models.Index(fields=["-closed_at"], condition=Q(closed_at__isnull=False), name="alarm_closed_newest"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class AlarmTask(models.Model):
    """From `given_at` until `ended_at` the offices of `area` are to act. Nobody acknowledged by `acknowledge_by`: it
    goes one unit up (`rung` 0 is where it was given to)."""

    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="tasks")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=1_000)
    rung = models.PositiveSmallIntegerField(default=0)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alarm"], condition=Q(ended_at__isnull=True), name="task_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="task_has_words"),
            models.CheckConstraint(
                condition=Q(acknowledge_by__gt=F("given_at"), due_at__gt=F("given_at"))
                & (Q(acknowledged_at__isnull=True) | Q(acknowledged_at__gte=F("given_at")))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("given_at"))),
                name="task_times_forward",
            ),
        ]
        indexes = [
            models.Index(fields=["area"], condition=Q(ended_at__isnull=True), name="task_by_area"),
            models.Index(
                fields=["acknowledge_by"],
                condition=Q(ended_at__isnull=True, acknowledged_at__isnull=True),
                name="task_to_acknowledge",
            ),
        ]


class AlarmStep(models.Model):
    """Something that was done with an alarm, by `by` for `area` (None: by the centre or by the clock). Append-only."""

    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in STEPS])
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=1_000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=STEPS), name="alarm_step_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=WITH_WORDS) | ~Q(text=""), name="alarm_step_with_its_words"
            ),
            models.UniqueConstraint(
                fields=["alarm"], condition=Q(kind__in=("closed", "gone")), name="alarm_ends_once"
            ),
            models.UniqueConstraint(
                fields=["alarm"], condition=Q(kind="verified"), name="alarm_verified_once"
            ),
        ]
