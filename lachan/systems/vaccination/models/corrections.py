"""What people say is wrong in their record, and what became of it: the history of what stood there."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Person, Place
from lachan.systems.vaccination.models.line import Dose
from lachan.systems.vaccination.models.lots import by

OF_A_PERSON = ("name", "birth_date", "national_id")
OF_A_DOSE = ("lot", "number", "moment", "site")
KINDS = (*OF_A_PERSON, *OF_A_DOSE)
SEALED = Q(kind="national_id")


class CorrectionRequest(models.Model):
    """`before` stands on record as this is asked, `wanted` should; as people read both. `site`: of the dose, or the
    last one. Of an ID number only the end can be read: the whole is sealed, also the one that it replaced."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS])
    dose = models.ForeignKey(Dose, on_delete=models.PROTECT, null=True, related_name="corrections")
    before = models.CharField(max_length=200, blank=True)
    wanted = models.CharField(max_length=200)
    sealed_before = models.BinaryField(max_length=200, null=True)
    sealed_wanted = models.BinaryField(max_length=200, null=True)
    words = models.CharField(max_length=500)
    site = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    asked_by = by()
    decided_at = models.DateTimeField(null=True)
    decided_by = by(null=True)
    accepted = models.BooleanField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    event_id = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="correction_of_known_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=OF_A_DOSE, dose__isnull=False) | Q(~Q(kind__in=OF_A_DOSE), dose__isnull=True),
                name="correction_names_its_dose",
            ),
            models.CheckConstraint(
                condition=Q(SEALED, sealed_wanted__isnull=False)
                | Q(~SEALED, sealed_wanted__isnull=True, sealed_before__isnull=True),
                name="correction_number_is_sealed",
            ),
            models.CheckConstraint(
                condition=Q(wanted__regex=r"\S", words__regex=r"\S"), name="correction_says_what_and_why"
            ),
            models.CheckConstraint(
                condition=SEALED | ~Q(wanted=F("before")), name="correction_changes_something"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, accepted__isnull=True, answer="")
                | Q(
                    decided_at__isnull=False, decided_at__gte=F("asked_at"), decided_by__isnull=False,
                    accepted__isnull=False, answer__regex=r"\S",
                ),
                name="correction_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="correction_decided_by_another",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "dose"], condition=Q(decided_at__isnull=True), nulls_distinct=False,
                name="correction_one_open",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["-asked_at"], name="correction_newest")]
