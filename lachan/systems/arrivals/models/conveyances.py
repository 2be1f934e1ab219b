"""What people came in, where they sat, and the lists that said so."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Actor, Person, Place
from lachan.systems.arrivals.models.gates import Gate
from lachan.systems.arrivals.models.travel import Document
from lachan.systems.arrivals.rules.seats import Layout, read_layout


class ConveyanceKind(models.TextChoices):
    PLANE = "plane", _("aeroplane")
    SHIP = "ship", _("ship")
    TRAIN = "train", _("train")
    COACH = "coach", _("coach")
    CAR = "car", _("car")


class Conveyance(models.Model):
    """One journey of a vessel to a gate: flight VN310 of that day. `place` is where those aboard were together.

    `number` is upper case without spaces and hyphens; `arrives_on` the local day of the scheduled arrival; `layout` as
    `rules.seats` reads it, "" when not known. Until `landed_at` nobody was aboard as far as tracing knows.
    """

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="conveyance")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="conveyances")
    kind = models.CharField(max_length=5, choices=ConveyanceKind)
    number = models.CharField(max_length=20)
    from_country = models.CharField(max_length=3)
    from_place = models.CharField(max_length=120, blank=True)
    departs_at = models.DateTimeField()
    arrives_at = models.DateTimeField()
    arrives_on = models.DateField()
    layout = models.CharField(max_length=200, blank=True)
    departed_at = models.DateTimeField(null=True)
    landed_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gate", "number", "arrives_on"], name="conveyance_once_a_day"),
            models.CheckConstraint(
                condition=Q(kind__in=ConveyanceKind.values, number__regex=r"^[A-Z0-9.-]{2,20}$"),
                name="conveyance_kind_and_number",
            ),
            models.CheckConstraint(
                condition=Q(arrives_at__gt=F("departs_at")), name="conveyance_arrives_after_departing"
            ),
            models.CheckConstraint(
                condition=Q(departed_at__isnull=True, landed_at__isnull=True)
                | Q(departed_at__isnull=False, landed_at__gt=F("departed_at")),
                name="conveyance_lands_after_departing",
            ),
        ]
        indexes = [models.Index(fields=["gate", "-arrives_at", "-id"], name="conveyance_by_gate")]

    def __str__(self) -> str:
        return self.number

    @property
    def seats(self) -> Layout:
        return read_layout(self.layout)


class Manifest(models.Model):
    """A list of passengers that was sent. The same file again (`digest`, SHA-256) is the same list.

    `refusals`: row, column, code and sentence of the rows that were refused (the first 500), nothing of their content.
    """

    conveyance = models.ForeignKey(
        Conveyance, on_delete=models.PROTECT, related_name="manifests", db_index=False
    )
    digest = models.BinaryField(max_length=32)
    read = models.PositiveIntegerField()
    taken = models.PositiveIntegerField()
    already = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    refusals = models.JSONField(default=list)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conveyance", "digest"], name="manifest_once_a_conveyance"),
            models.CheckConstraint(
                condition=Q(read=F("taken") + F("refused"), already__lte=F("taken")),
                name="manifest_rows_add_up",
            ),
        ]


class Passenger(models.Model):
    """A row of a manifest: `person` aboard. `row_from` to `row_to` are the rows, from the front, where they sat, or
    which they served as crew; empty where nobody knows."""

    conveyance = models.ForeignKey(
        Conveyance, on_delete=models.PROTECT, related_name="passengers", db_index=False
    )
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, related_name="passengers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    document_kind = models.CharField(max_length=20, choices=Document)
    document_index = models.BinaryField(max_length=16)
    nationality = models.CharField(max_length=3, blank=True)
    seat = models.CharField(max_length=6, blank=True)
    row_from = models.PositiveSmallIntegerField(null=True)
    row_to = models.PositiveSmallIntegerField(null=True)
    crew = models.BooleanField(default=False)
    listed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conveyance", "document_kind", "document_index"], name="passenger_document_once_aboard"
            ),
            models.UniqueConstraint(fields=["conveyance", "person"], name="passenger_once_aboard"),
            models.UniqueConstraint(
                fields=["conveyance", "seat"], condition=~Q(seat=""), name="passenger_alone_in_a_seat"
            ),
            models.CheckConstraint(
                condition=Q(row_from__isnull=True, row_to__isnull=True)
                | Q(row_from__isnull=False, row_to__gte=F("row_from")),
                name="passenger_rows_forward",
            ),
            models.CheckConstraint(
                condition=Q(crew=True) | Q(row_from__isnull=True) | Q(row_to=F("row_from")),
                name="passenger_sits_in_one_row",
            ),
            models.CheckConstraint(
                condition=Q(document_kind__in=Document.values), name="passenger_document_known"
            ),
        ]  # fmt: skip
