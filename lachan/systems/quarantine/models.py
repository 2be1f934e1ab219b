"""Orders and their terms, rooms and stays, readings, releases. A status stands nowhere: it is computed."""

from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor, Area, EventRow, Person, Place
from lachan.systems.quarantine.rules import SYMPTOMS, Terms

SUBJECTS = ("F0", "F1", "F2", "arrival", "returnee")
KINDS = ("facility", "home", "monitoring")
CLOSED = ("released", "lifted", "superseded")


def event_key(**more: object) -> "models.ForeignKey[EventRow | None, EventRow | None]":
    return models.ForeignKey(EventRow, on_delete=models.PROTECT, related_name="+", **more)  # type: ignore[arg-type]


class Order(models.Model):
    """That a person stays apart, from `issued_at` until closed. What it asks for are its terms; `area` is where the
    person lived as it was issued, `site` where they are sent if to a facility. An officer's own order has no
    `cause_event`."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="quarantine_orders")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True)
    site = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    cause_event = event_key(null=True, db_index=False)
    issue_event = event_key(null=True, db_index=False)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True)
    closed_how = models.CharField(max_length=10, blank=True, choices=[(c, c) for c in CLOSED])
    closing_event = event_key(null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(closed_at__isnull=True), name="order_open_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_how="", closing_event__isnull=True)
                | Q(closed_at__isnull=False, closed_how__in=CLOSED, closing_event__isnull=False),
                name="order_closed_with_its_cause",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("issued_at")),
                name="order_closed_after_issue",
            ),
        ]
        indexes = [
            models.Index(fields=["area"], condition=Q(closed_at__isnull=True), name="order_open_by_area"),
            models.Index(fields=["site"], condition=Q(closed_at__isnull=True), name="order_open_by_site"),
        ]

    @property
    def led_by(self) -> UUID | None:
        """The cause of what is done under the order; an officer's own order starts with its issue."""
        return self.cause_event_id or self.issue_event_id


class OrderTerm(models.Model):
    """What an order asked for from `decided_at` until `superseded_at`; append-only, the current one is open.

    Dates are local days; the order ends when `ends_on` begins. `policy_id` is the version that decided.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="terms")
    subject = models.CharField(max_length=8, choices=[(s, s) for s in SUBJECTS])
    kind = models.CharField(max_length=10, choices=[(k, k) for k in KINDS])
    immune = models.BooleanField()
    home_allowed = models.BooleanField()
    exposed_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    at_most_on = models.DateField(null=True)
    test_dates = ArrayField(models.DateField(), size=40, default=list)
    negatives_needed = models.PositiveSmallIntegerField()
    policy_id = models.CharField(max_length=80)
    cause_event = event_key(null=True)
    decided_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(superseded_at__isnull=True), name="term_one_in_force"
            ),
            models.UniqueConstraint(fields=["order", "cause_event"], name="term_once_a_cause"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="term_ends_after_start"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("exposed_on")), name="term_ends_after_exposure"),
            models.CheckConstraint(
                condition=Q(at_most_on__isnull=True) | Q(at_most_on__gte=F("ends_on")),
                name="term_at_most_not_before_end",
            ),
            models.CheckConstraint(
                condition=Q(negatives_needed=0) | Q(test_dates__len__gte=F("negatives_needed")),
                name="term_needs_no_more_than_tests",
            ),
            models.CheckConstraint(
                condition=Q(subject__in=SUBJECTS, kind__in=KINDS), name="term_of_known_subject_and_kind"
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_on", "order"], condition=Q(superseded_at__isnull=True), name="term_by_end"
            ),
        ]

    def as_terms(self) -> Terms:
        return Terms(
            subject=self.subject, exposed_on=self.exposed_on, ends_on=self.ends_on, at_most_on=self.at_most_on,
            test_dates=tuple(self.test_dates), negatives_needed=self.negatives_needed,
        )  # fmt: skip


class Bed(models.Model):
    """A bed in a room (a Place of kind room whose parent is the site)."""

    room = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="beds")
    label = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "label"], name="bed_label_once_a_room"),
            models.UniqueConstraint(fields=["id", "room"], name="bed_with_its_room"),
            models.CheckConstraint(condition=~Q(label=""), name="bed_has_a_label"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gt=F("opened_at")),
                name="bed_period_forward",
            ),
        ]


class Stay(models.Model):
    """An order's bed for a period, open until the bed is vacated.

    `company` labels with whom this guest may share (rules/rooms.py): two labels never overlap in one room.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="stays")
    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, related_name="stays")
    room = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    period = DateTimeRangeField()
    company = models.CharField(max_length=60)
    assigned_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="stay_bed_once",
                expressions=[("bed", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="stay_one_bed_at_a_time",
                expressions=[("order", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="stay_one_company_a_room",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                    ("company", RangeOperators.NOT_EQUAL),
                ],
            ),
            models.CheckConstraint(condition=Q(period__isempty=False), name="stay_period_not_empty"),
        ]


class Reading(models.Model):
    """One measurement of somebody under an order; the same order and time twice is once."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="readings")
    taken_at = models.DateTimeField()
    temperature = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    spo2 = models.PositiveSmallIntegerField(null=True)
    pulse = models.PositiveSmallIntegerField(null=True)
    breaths = models.PositiveSmallIntegerField(null=True)
    symptoms = ArrayField(models.CharField(max_length=20), size=20, default=list)
    recorded_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "taken_at"], name="reading_once_a_time"),
            models.CheckConstraint(
                condition=Q(temperature__isnull=True) | Q(temperature__range=(30, 45)),
                name="reading_temperature_possible",
            ),
            models.CheckConstraint(
                condition=Q(spo2__isnull=True) | Q(spo2__range=(40, 100)), name="reading_spo2_possible"
            ),
            models.CheckConstraint(
                condition=Q(pulse__isnull=True) | Q(pulse__range=(20, 250)), name="reading_pulse_possible"
            ),
            models.CheckConstraint(
                condition=Q(breaths__isnull=True) | Q(breaths__range=(4, 90)),
                name="reading_breaths_possible",
            ),
            models.CheckConstraint(
                condition=Q(symptoms__contained_by=list(SYMPTOMS)), name="reading_symptoms_known"
            ),
        ]


class ReleaseDecision(models.Model):
    """That an order ended with its holder free. `certificate` is printed on the completion certificate.

    An early one is a proposal with a reason until a second person has agreed (or not).
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="releases")
    certificate = models.CharField(max_length=17, unique=True)
    early = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    second_signer = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    second_signed_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second_signer__isnull=True) | ~Q(second_signer=F("decided_by")),
                name="release_two_different_signers",
            ),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True, second_signer__isnull=True, second_signed_at__isnull=True)
                | Q(agreed__isnull=False, second_signer__isnull=False, second_signed_at__isnull=False),
                name="release_signed_whole",
            ),
            models.CheckConstraint(
                condition=Q(early=False, agreed__isnull=True) | (Q(early=True) & Q(reason__regex=r"\S")),
                name="release_early_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(early=False) | Q(agreed=True), name="release_once_an_order"
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(early=True, agreed__isnull=True), name="release_one_proposal"
            ),
        ]
