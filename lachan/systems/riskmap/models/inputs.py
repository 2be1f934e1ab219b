"""What is known of an area in a week, and the level that follows from it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Actor, Area
from lachan.systems.riskmap.rules.weekly import COVERED, FIGURES


class Source(models.TextChoices):
    """Where a figure is from. What people entered or a list brought is not overwritten by what was counted."""

    RECORDS = "records", _("counted from the records")
    AREAS = "areas", _("list of administrative units")
    ENTERED = "entered", _("entered by the office")
    LIST = "list", _("imported list")


class Input(models.Model):
    """One figure of an area for the week that begins on `week_on`; of several the last counts. Append-only.

    `amount` (`of` so many): see `rules.weekly.Value`. `as_of`: the day of which the figure is.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    week_on = models.DateField()
    figure = models.CharField(max_length=24)
    amount = models.PositiveIntegerField()
    of = models.PositiveIntegerField(null=True)
    as_of = models.DateField()
    source = models.CharField(max_length=8, choices=Source)
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(figure__in=FIGURES), name="input_figure_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="input_source_known"),
            models.CheckConstraint(condition=Q(week_on__iso_week_day=1), name="input_week_begins_on_monday"),
            models.CheckConstraint(
                condition=Q(of__isnull=True) | Q(of__gte=1, amount__lte=F("of")), name="input_part_of_a_whole"
            ),
            models.CheckConstraint(
                condition=~Q(figure__in=COVERED) | Q(of__isnull=False), name="input_coverage_of_so_many"
            ),
        ]
        indexes = [models.Index(fields=["area", "figure", "-week_on", "-id"], name="input_of_area")]


class Proposal(models.Model):
    """The level that the rules find for an area and week, with every step; computed again it is a further revision.

    `level` None: not assessed, for want of `missing`. `by_figures`: what the week alone amounts to, before a fall that
    comes too soon is put off. `inputs`: the rows it rests on (a wider area under 2686 rests on its parts instead).
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    week_on = models.DateField()
    revision = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(null=True)
    by_figures = models.PositiveSmallIntegerField(null=True)
    transmission = models.PositiveSmallIntegerField(null=True)
    steps = models.JSONField(default=list)
    missing = ArrayField(models.CharField(max_length=24), default=list)
    inputs = ArrayField(models.BigIntegerField(), default=list)
    policy_id = models.CharField(max_length=80)
    verified = models.BooleanField()
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "week_on", "revision"], name="proposal_once_a_revision"),
            models.CheckConstraint(
                condition=Q(level__isnull=True, by_figures__isnull=True)
                | Q(level__isnull=False, by_figures__isnull=False, level__gte=1, level__lte=4)
                & Q(by_figures__gte=1, by_figures__lte=4),
                name="proposal_level_of_four",
            ),
            models.CheckConstraint(
                condition=Q(level__isnull=True, missing__len__gte=1) | Q(level__isnull=False, missing=[]),
                name="proposal_says_what_is_missing",
            ),
            models.CheckConstraint(
                condition=Q(week_on__iso_week_day=1), name="proposal_week_begins_on_monday"
            ),
        ]
        indexes = [models.Index(fields=["week_on", "area", "-revision"], name="proposal_of_week")]
