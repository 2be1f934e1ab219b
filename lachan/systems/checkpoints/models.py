"""Gates, their devices, and every scan: a fact that is never refused, only marked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lachan.core.ids import uuid7
from lachan.core.models import Actor, Area, EventRow, Person, Place
from lachan.systems.checkpoints.rules.marks import MARKS, UNKNOWN_CODE
from lachan.systems.checkpoints.rules.proving import DOUBTFUL


class Directions(models.TextChoices):
    BOTH = "both", _("Entry and exit")
    IN_ONLY = "in_only", _("Entry only")


class Direction(models.TextChoices):
    IN = "in", _("In")
    OUT = "out", _("Out")


class Payload(models.TextChoices):
    """What was read at the gate."""

    PERSON_CODE = "person_code", _("person's code")
    CITIZEN_CARD = "citizen_card", _("citizen ID card")
    INSURANCE_CARD = "insurance_card", _("health insurance card")
    NATIONAL_QR = "national_qr", _("national personal QR code")
    VENUE_CODE = "venue_code", _("code of a place")
    CERTIFICATE = "certificate", _("health certificate")
    BY_HAND = "by_hand", _("entered by hand")
    SELF = "self", _("checked in by the visitor")
    UNKNOWN = "unknown", _("unknown code")


class Checkpoint(models.Model):
    """How a place is scanned at. Places without a row work too, by the policy's default."""

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="checkpoint")
    owner_phone_sealed = models.BinaryField(max_length=200, null=True)
    default_stay_minutes = models.PositiveIntegerField(null=True)
    directions = models.CharField(max_length=8, choices=Directions, default=Directions.BOTH)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    poster_printed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(default_stay_minutes__isnull=True)
                | Q(default_stay_minutes__gte=1, default_stay_minutes__lte=960),
                name="checkpoint_stay_within_a_day",
            ),
            models.CheckConstraint(
                condition=Q(directions__in=Directions.values), name="checkpoint_directions_known"
            ),
        ]


class Device(models.Model):
    """A scanner at one place. Revoked, it may still deliver what it holds: those scans are marked."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="devices")
    actor = models.OneToOneField(Actor, on_delete=models.PROTECT, related_name="device")
    name = models.CharField(max_length=120)
    clock_offset_seconds = models.IntegerField(default=0)
    registered_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="device_has_a_name"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("registered_at")),
                name="device_revoked_after_registered",
            ),
        ]


class Scan(models.Model):
    """One reading at a gate: who (if known), which way, when by our clock and by the device's, what was answered.

    What nobody could read is kept sealed, with a keyed hash to find the same text again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, db_index=False)
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, db_index=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="scans")
    client_id = models.CharField(max_length=64)
    direction = models.CharField(max_length=3, choices=Direction)
    payload = models.CharField(max_length=16, choices=Payload)
    payload_hash = models.BinaryField(max_length=16, null=True)
    sealed = models.BinaryField(null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False)
    matched_at = models.DateTimeField(null=True)
    happened_at = models.DateTimeField()
    device_time = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    marks = ArrayField(models.CharField(max_length=24), default=list)
    verdict = models.CharField(max_length=5, choices=[(v, v) for v in ("pass", "check", "stop")])
    reason = models.CharField(max_length=40)
    policy_id = models.CharField(max_length=80)
    presence_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "client_id"], name="scan_once_a_client_id"),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="scan_direction_known"),
            models.CheckConstraint(
                condition=Q(verdict__in=["pass", "check", "stop"]), name="scan_verdict_known"
            ),
            models.CheckConstraint(condition=Q(marks__contained_by=list(MARKS)), name="scan_marks_known"),
            models.CheckConstraint(
                condition=Q(person__isnull=False)
                | Q(sealed__isnull=False, payload_hash__isnull=False, marks__contains=[UNKNOWN_CODE]),
                name="scan_unknown_code_is_kept",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(matched_at__isnull=True, presence_id__isnull=True),
                name="scan_matched_to_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "-happened_at"], name="scan_at_place"),
            models.Index(fields=["person", "place", "happened_at"], name="scan_of_person"),
            models.Index(fields=["payload_hash"], condition=Q(person__isnull=True), name="scan_unmatched"),
            models.Index(
                fields=["happened_at"], condition=Q(marks__overlap=list(DOUBTFUL)), name="scan_in_doubt"
            ),
        ]


class LiveCodeUse(models.Model):
    """A post has taken this code of a telephone; whoever shows it there again shows a picture of it.

    `nonce` is a keyed hash: the rows name nobody.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    nonce = models.BinaryField(max_length=16)
    scan = models.OneToOneField(Scan, on_delete=models.CASCADE, related_name="live_code")
    used_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "nonce"], name="live_code_once_a_post"),
        ]


class Breach(models.Model):
    """A person under an order was scanned elsewhere: told once for an order, a place and a day."""

    scan = models.OneToOneField(Scan, on_delete=models.PROTECT, related_name="breach")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    order_id = models.BigIntegerField()
    on_date = models.DateField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_id", "place", "on_date"], name="breach_once_an_order_a_place_a_day"
            ),
        ]
        indexes = [models.Index(fields=["place", "-recorded_at"], name="breach_at_place")]


class AreaLevel(models.Model):
    """What riskmap's events told of an area: its signed level from `from_on` until `to_on`, known from `signed_at` on
    and until `withdrawn_at`.

    Units of another time on the same ground have rows of their own, so that a gate asks by where somebody lives or was.
    """

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+", db_index=False)
    event = models.ForeignKey(EventRow, on_delete=models.PROTECT, related_name="+", db_index=False)
    signature_id = models.BigIntegerField(db_index=True)
    unit_level = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    to_on = models.DateField()
    signed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "area"], name="area_level_once_an_event"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="area_level_of_four"),
            models.CheckConstraint(condition=Q(to_on__gt=F("from_on")), name="area_level_period_forward"),
        ]
        indexes = [models.Index(fields=["area", "from_on"], name="area_level_of_area")]
