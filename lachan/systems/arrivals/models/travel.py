"""What travellers declare, which certificates they showed, and what the officer decided."""

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Actor, Area, IdentifierKind, Person
from lachan.core.sealed import unseal
from lachan.systems.arrivals.models.gates import Gate

PHONE, EMAIL = "arrival-phone", "arrival-email"


class Transport(models.TextChoices):
    PLANE = "plane", _("aeroplane")
    SHIP = "ship", _("ship")
    TRAIN = "train", _("train")
    COACH = "coach", _("coach or car")
    OTHER = "other", _("other")


class Document(models.TextChoices):
    PASSPORT = IdentifierKind.PASSPORT, _("passport or travel document")
    NATIONAL_ID = IdentifierKind.NATIONAL_ID, _("citizen ID")


class TestKind(models.TextChoices):
    __test__ = False  # so that pytest does not take the name for a test class

    PCR = "pcr", _("PCR or LAMP")
    ANTIGEN = "antigen", _("antigen")


class ArrivalDeclaration(models.Model):
    """Form 01 of Decree 89/2018/NĐ-CP, before the journey. A later one `amends` it: the last one counts, under each of
    their codes.

    `short_code`: five digits to read aloud, one traveller a gate and day. `document_index` finds the document (its
    number stands sealed with the person). Countries are ISO 3166-1 alpha-3; `countries` those of the last 14 days,
    the country of departure among them. What is claimed of doses, recovery and test nobody has seen yet.
    `vehicle` and `seat` are upper case without spaces. `key` is the sender's: the same sent twice is one.
    """

    code = models.CharField(max_length=17, unique=True)
    short_code = models.CharField(max_length=5)
    key = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    amends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="amended_by")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="declarations", db_index=False)
    document_kind = models.CharField(max_length=20, choices=Document)
    document_index = models.BinaryField(max_length=16)
    nationality = models.CharField(max_length=3)
    transport = models.CharField(max_length=5, choices=Transport)
    vehicle = models.CharField(max_length=20, blank=True)
    seat = models.CharField(max_length=6, blank=True)
    departed_on = models.DateField()
    arrives_on = models.DateField()
    from_country = models.CharField(max_length=3)
    from_place = models.CharField(max_length=120, blank=True)
    countries = ArrayField(models.CharField(max_length=3), size=20)
    destination_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    destination_address = models.CharField(max_length=300)
    sealed_phone = models.BinaryField(max_length=120)
    sealed_email = models.BinaryField(max_length=320, null=True)
    phone_shown = models.BooleanField(default=False)
    symptoms = ArrayField(models.CharField(max_length=40), default=list)
    exposures = ArrayField(models.CharField(max_length=40), default=list)
    doses = models.PositiveSmallIntegerField(null=True)
    vaccine = models.CharField(max_length=60, blank=True)
    last_dose_on = models.DateField(null=True)
    recovered_on = models.DateField(null=True)
    test_kind = models.CharField(max_length=7, choices=TestKind, blank=True)
    tested_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=8, default="vi")
    declared_by = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gate", "arrives_on", "short_code"], name="arrival_short_code_once_a_day"
            ),
            models.CheckConstraint(condition=~Q(amends=F("id")), name="arrival_amends_another"),
            models.CheckConstraint(
                condition=Q(transport__in=Transport.values) & Q(document_kind__in=Document.values),
                name="arrival_transport_known",
            ),
            models.CheckConstraint(
                condition=Q(departed_on__lte=F("arrives_on")), name="arrival_after_departure"
            ),
            models.CheckConstraint(
                condition=Q(countries__len__gte=1), name="arrival_names_its_countries"
            ),
            models.CheckConstraint(
                condition=Q(test_kind="", tested_at__isnull=True)
                | Q(test_kind__in=TestKind.values, tested_at__isnull=False),
                name="arrival_test_with_its_time",
            ),
            models.CheckConstraint(
                condition=Q(last_dose_on__isnull=True) | Q(doses__isnull=False, doses__gte=1),
                name="arrival_dose_day_with_doses",
            ),
            models.CheckConstraint(condition=~Q(destination_address=""), name="arrival_destination_told"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["gate", "arrives_on", "id"], name="arrival_expected"),
            models.Index(fields=["document_index"], name="arrival_by_document"),
            models.Index(fields=["vehicle", "arrives_on"], name="arrival_by_vehicle"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def phone(self) -> str:
        """In clear; the door that asks has logged why."""
        return unseal(PHONE, self.sealed_phone)

    @property
    def email(self) -> str:
        return unseal(EMAIL, self.sealed_email) if self.sealed_email else ""


class Proof(models.TextChoices):
    VACCINATION = "vaccination", _("vaccination")
    TEST = "test", _("test")
    RECOVERY = "recovery", _("recovery")


class CertificateSeen(models.Model):
    """A certificate that was scanned at the counter, and what the check said: the result, never the code itself.

    `mark` is a keyed hash of the code, so that one shown by two travellers is noticed. `valid`: its signer is trusted,
    nothing in it is wrong, and it names this traveller.
    """

    declaration = models.ForeignKey(ArrivalDeclaration, on_delete=models.CASCADE, related_name="certificates")
    form = models.CharField(max_length=20)
    proof = models.CharField(max_length=11, choices=Proof)
    mark = models.BinaryField(max_length=16)
    valid = models.BooleanField()
    reason = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    doses = models.PositiveSmallIntegerField(null=True)
    complete = models.BooleanField(default=False)
    happened_on = models.DateField(null=True)
    test_kind = models.CharField(max_length=7, choices=TestKind, blank=True)
    tested_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["declaration", "mark"], name="certificate_seen_once_a_traveller"),
            models.CheckConstraint(condition=Q(proof__in=Proof.values), name="certificate_seen_proof_known"),
            models.CheckConstraint(
                condition=Q(valid=True, reason="") | Q(valid=False) & ~Q(reason=""),
                name="certificate_seen_refused_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["mark"], name="certificate_seen_by_mark")]


class DutyKind(models.TextChoices):
    NONE = "none", _("no duty")
    TEST = "test", _("test")
    HOME = "home", _("stay at home")
    FACILITY = "facility", _("quarantine site")


class Clearance(models.Model):
    """The officer's decision about a traveller. One stands a declaration; a later one `replaces` it and both stay.

    The duty: for `test` within `test_within_hours` of the decision; for home and facility `days` from the day of
    arrival with tests on `test_dates`, then `after_days` of self-monitoring. `proposed` is what the rule said, and
    differs from `duty` only with an `override_reason`. `reasons` are the codes of the rule, `rule_id` its version.
    """

    declaration = models.ForeignKey(ArrivalDeclaration, on_delete=models.PROTECT, related_name="clearances")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="clearances", db_index=False)
    temperature = models.DecimalField(max_digits=3, decimal_places=1)
    document_seen = models.BooleanField(default=False)
    evidence = ArrayField(models.CharField(max_length=40), default=list)
    proposed = models.CharField(max_length=8, choices=DutyKind)
    duty = models.CharField(max_length=8, choices=DutyKind)
    test_within_hours = models.PositiveSmallIntegerField(null=True)
    days = models.PositiveSmallIntegerField(default=0)
    after_days = models.PositiveSmallIntegerField(default=0)
    test_dates = ArrayField(models.DateField(), size=40, default=list)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    rule_id = models.CharField(max_length=80)
    override_reason = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["declaration"], condition=Q(replaces__isnull=True), name="clearance_once_a_declaration"
            ),
            models.CheckConstraint(condition=~Q(replaces=F("id")), name="clearance_replaces_another"),
            models.CheckConstraint(
                condition=Q(temperature__range=(30, 45)), name="clearance_temperature_possible"
            ),
            models.CheckConstraint(
                condition=Q(duty__in=DutyKind.values, proposed__in=DutyKind.values),
                name="clearance_duty_known",
            ),
            models.CheckConstraint(
                condition=Q(duty__in=("home", "facility"), days__gte=1) | Q(duty__in=("none", "test"), days=0),
                name="clearance_days_apart_only",
            ),
            models.CheckConstraint(
                condition=Q(duty="test", test_within_hours__isnull=False, test_within_hours__gte=1)
                | ~Q(duty="test") & Q(test_within_hours__isnull=True),
                name="clearance_test_has_its_hours",
            ),
            models.CheckConstraint(
                condition=Q(duty=F("proposed")) | ~Q(override_reason=""), name="clearance_override_has_a_reason"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["gate", "-decided_at", "-id"], name="clearance_by_gate")]

    @property
    def free_on(self) -> date | None:
        """The day on which the person is free again (half-open); None without days apart."""
        return self.declaration.arrives_on + timedelta(days=self.days) if self.days else None
