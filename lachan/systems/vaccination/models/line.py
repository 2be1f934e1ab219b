"""The line at a site: a visit is received, screened, injected and observed; each step is a row of its own."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lachan.core.models import Person, Place
from lachan.systems.vaccination.models.ledger import Movement, Vial
from lachan.systems.vaccination.models.lots import Lot, by
from lachan.systems.vaccination.models.sessions import Session

OUTCOMES = ("eligible", "contraindicated", "defer", "hospital", "careful")
DOSE_KINDS = ("primary", "additional", "booster")
KNOWN_BY = ("code", "card", "list", "words")
ENDINGS = ("done", "sent_away", "left")


class Visit(models.Model):
    """A person has come to a session; `number` is called out. One open visit a person, wherever it is.

    `walk_in`: not invited to this session; one of its free places was taken.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="visits", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="vaccination_visits")
    number = models.PositiveIntegerField()
    known_by = models.CharField(max_length=8, choices=[(k, k) for k in KNOWN_BY])
    walk_in = models.BooleanField(db_default=False)
    arrived_at = models.DateTimeField()
    received_by = by()
    left_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, blank=True, choices=[(e, e) for e in ENDINGS])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="visit_number_once_a_session"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(left_at__isnull=True), name="visit_one_open_a_person"
            ),
            models.CheckConstraint(condition=Q(known_by__in=KNOWN_BY), name="visit_known_by"),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True, ending="")
                | Q(left_at__isnull=False, left_at__gte=F("arrived_at"), ending__in=ENDINGS),
                name="visit_ended_whole",
            ),
        ]


class ScreeningForm(models.Model):
    """What was answered and measured, and the conclusion by the form in force. A repeated one is a new row.

    `careful_here`: who asks for care is injected here, under watch, not in a hospital. `mix_consent`: to another
    vaccine than before. `weak_immunity`: known, so that an additional dose completes the course.
    """

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="forms")
    answers = models.JSONField()
    signs = models.JSONField()
    outcome = models.CharField(max_length=16, choices=[(o, o) for o in OUTCOMES])
    because = ArrayField(models.CharField(max_length=20), default=list)
    careful_here = models.BooleanField(default=False)
    consent = models.BooleanField()
    mix_consent = models.BooleanField(db_default=False)
    weak_immunity = models.BooleanField(db_default=False)
    defer_until = models.DateField(null=True)
    guardian = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    rules = models.CharField(max_length=60)
    screened_at = models.DateTimeField()
    screened_by = by()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="form_outcome_known"),
            models.CheckConstraint(
                condition=Q(careful_here=False) | Q(outcome="careful"), name="form_careful_when_asked_for"
            ),
            models.CheckConstraint(
                condition=Q(defer_until__isnull=True) | Q(outcome="defer"), name="form_deferred_until"
            ),
        ]


class Dose(models.Model):
    """One injection. `given_on` is the local day. Never changed: withdrawn with a reason, and replaced by another.

    A dose of this line names its visit, vial and movement; one that was given elsewhere has only the lot's number.
    `number` counts within `kind`; `primary_doses` are those of the course. No two that stand are the same dose.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="doses")
    product = models.CharField(max_length=40)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="doses")
    lot_number = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=10, choices=[(k, k) for k in DOSE_KINDS])
    number = models.PositiveSmallIntegerField()
    primary_doses = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()
    given_on = models.DateField()
    site = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="doses", db_index=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="doses")
    vial = models.ForeignKey(
        Vial, on_delete=models.PROTECT, null=True, related_name="given_doses", db_index=False
    )
    movement = models.OneToOneField(Movement, on_delete=models.PROTECT, null=True, related_name="dose")
    vaccinator = by(null=True)
    table = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=20, default="line")
    rules = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()
    recorded_by = by()
    event_id = models.UUIDField(unique=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = by(null=True)
    withdrawal = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DOSE_KINDS), name="dose_of_known_kind"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=20), name="dose_number_counts"),
            models.CheckConstraint(
                condition=Q(primary_doses__gte=1, primary_doses__lte=10), name="dose_of_a_course"
            ),
            models.CheckConstraint(
                condition=~Q(kind="primary") | Q(number__lte=F("primary_doses")), name="dose_within_its_course"
            ),
            models.CheckConstraint(
                condition=Q(visit__isnull=True, vial__isnull=True, movement__isnull=True)
                | Q(
                    visit__isnull=False, vial__isnull=False, movement__isnull=False, lot__isnull=False,
                    site__isnull=False, vaccinator__isnull=False,
                ),
                name="dose_of_the_line_names_its_vial",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawal__regex=r"\S"),
                name="dose_withdrawn_whole",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "number"], condition=Q(withdrawn_at__isnull=True),
                name="dose_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["person", "given_on"], condition=Q(withdrawn_at__isnull=True), name="dose_one_a_day"
            ),
            models.UniqueConstraint(
                fields=["visit"], condition=Q(withdrawn_at__isnull=True), name="dose_one_a_visit"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["lot", "-given_at"], name="dose_of_lot"),
            models.Index(fields=["site", "-given_at"], name="dose_of_site"),
            models.Index(
                fields=["lot_number", "product"], condition=Q(lot__isnull=True), name="dose_of_lot_on_paper"
            ),
        ]


class Observation(models.Model):
    """How the watch after an injection ended. A dose without one is still watched, until its minutes are over."""

    dose = models.OneToOneField(Dose, on_delete=models.PROTECT, related_name="observation")
    ended_at = models.DateTimeField()
    ended_by = by()
    well = models.BooleanField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(well=True) | Q(note__regex=r"\S"), name="observation_told_in_words"
            )
        ]
