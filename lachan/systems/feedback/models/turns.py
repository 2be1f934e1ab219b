"""Whose turn a report is, what was done with it, and what the reporter thinks of the answer."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor, Area
from lachan.systems.feedback.models.reports import Report
from lachan.systems.feedback.rules.state import STEPS

REASONS = ("filed", "acknowledged", "handed-on", "escalated", "reopened", "separated")


class Turn(models.Model):
    """From `begins_at` until `ended_at` it is for the offices of `area` to do something by `due_at`.

    `step` is the rung of the ladder, 0 the first; `top` says that there is none above. What is answered, refused,
    closed or joined to another report is nobody's turn. `clock_from` is where the time limits run from.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="turns")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=[(r, r) for r in REASONS])
    note = models.CharField(max_length=400, blank=True)
    step = models.PositiveSmallIntegerField()
    top = models.BooleanField()
    clock_from = models.DateTimeField()
    begins_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(ended_at__isnull=True), name="turn_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("clock_from")), name="turn_due_after_clock"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("begins_at")),
                name="turn_ends_after_begin",
            ),
            models.CheckConstraint(condition=Q(reason__in=REASONS), name="turn_reason_known"),
        ]
        indexes = [
            models.Index(fields=["due_at", "report"], condition=Q(ended_at__isnull=True), name="turn_by_due"),
            models.Index(fields=["area"], condition=Q(ended_at__isnull=True), name="turn_by_area"),
        ]


class Step(models.Model):
    """Something that was done with a report, by `by` for `area` (None: by the reporter). Append-only."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in STEPS])
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(max_length=4000, blank=True)
    by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=STEPS), name="step_of_known_kind"),
            models.CheckConstraint(
                condition=~Q(kind__in=["answered", "not-ours", "handed-on", "reopened"]) | ~Q(text=""),
                name="step_with_its_words",
            ),
        ]
        indexes = [models.Index(fields=["kind", "at"], name="step_by_kind")]


class Rating(models.Model):
    """What the reporter thinks of an answer, once an answer."""

    answer = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="rating")
    stars = models.PositiveSmallIntegerField()
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="rating_of_five"),
        ]
