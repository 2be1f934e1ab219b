"""Who was together with whom: evidence, kept when the presences behind it are long dropped."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Actor, Person, Place
from lachan.systems.tracing.models.cases import Case


class ExposureKind(models.TextChoices):
    CO_PRESENCE = "co-presence", _("At the same place at the same time")
    RESIDENCE = "residence", _("Live, work or learn together")
    INTERVIEW = "interview", _("Named in an interview")
    IMPORT = "import", _("From an imported list")


class Setting(models.TextChoices):
    """Where people met when an interview says so (co-presence has the kind of the place)."""

    HOUSEHOLD = "household", _("Household")
    WORKPLACE = "workplace", _("Workplace")
    SCHOOL = "school", _("School")
    FRIEND = "friend", _("Friends or relatives")
    CARE = "care", _("Medical or personal care")
    CONVEYANCE = "conveyance", _("Vehicle, boat or aircraft")
    OTHER = "other", _("Elsewhere")


class Exposure(models.Model):
    """`source` and `person` were together in [starts_at, ends_at): an edge of the graph, never deleted.

    `source` and `person` are the records as found; the roots follow merges and splits (`commands.merging`).
    A statement taken back stays, with `withdrawn_at`. `masked`: both were; null: not known.
    """

    source = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    source_root = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    person_root = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    masked = models.BooleanField(null=True)
    closed_space = models.BooleanField(null=True)
    kind = models.CharField(max_length=12, choices=ExposureKind)
    setting = models.CharField(max_length=20, blank=True)
    presence_ids = ArrayField(models.UUIDField(), default=list)
    ref = models.CharField(max_length=60, blank=True)
    event_id = models.UUIDField()
    found_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "person", "place", "starts_at", "kind"],
                name="exposure_found_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="exposure_period_forward"),
            models.CheckConstraint(
                condition=~Q(source=F("person")), name="exposure_between_different_persons"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
                name="exposure_withdrawn_with_a_reason",
            ),
        ]


class CrowdNotice(models.Model):
    """More people at once at `place` than are named one by one: the public is told, and asked to report itself."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    people = models.PositiveIntegerField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "place", "from_at"], name="notice_once"),
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="notice_period_forward"),
        ]
