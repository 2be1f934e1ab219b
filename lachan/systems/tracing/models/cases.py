"""Cases and the evidence that makes them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Actor, Person


class Classification(models.TextChoices):
    SUSPECT = "suspect", _("Suspect case")
    PROBABLE = "probable", _("Probable case")
    CONFIRMED = "confirmed", _("Confirmed case (F0)")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Case(models.Model):
    """One illness of one person. `classification` and the dates are what `rules.assess` made of the findings,
    kept so that millions can be asked at once; they are written by `commands.assessing` alone.

    `person` is the record that fell ill, `root` the one that stands for it after merges. Where two records with a
    case each are merged, the younger is `joined_to` the older and its findings count there.

    `closed_at`: withdrawn, it was none. `ended_at`: recovered; whom it met in its window are contacts still, but the
    person is no longer a case, may be somebody's contact again, and a later positive is another case.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    root = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    classification = models.CharField(max_length=10, choices=Classification)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="joined")
    onset_on = models.DateField(null=True)
    first_positive_at = models.DateTimeField(null=True)
    isolated_at = models.DateTimeField(null=True)
    infectious_from = models.DateTimeField(null=True)
    infectious_until = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["root"],
                condition=Q(closed_at__isnull=True, joined_to__isnull=True, ended_at__isnull=True),
                name="case_one_live_a_person",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) & ~Q(classification="withdrawn")
                | Q(closed_at__isnull=False, classification="withdrawn"),
                name="case_closed_when_withdrawn",
            ),
            models.CheckConstraint(
                condition=~Q(classification="confirmed") | Q(infectious_from__isnull=False),
                name="case_confirmed_has_a_window",
            ),
            models.CheckConstraint(
                condition=Q(infectious_until__isnull=True) | Q(infectious_until__gte=F("infectious_from")),
                name="case_window_forward",
            ),
            models.CheckConstraint(
                condition=Q(joined_to__isnull=True) | ~Q(joined_to=F("id")), name="case_not_joined_to_itself"
            ),
        ]
        indexes = [models.Index(fields=["-opened_at", "-id"], name="case_by_age")]


class FindingKind(models.TextChoices):
    PCR = "pcr", _("Positive PCR")
    ANTIGEN = "antigen", _("Positive antigen test")
    SYMPTOMS = "symptoms", _("Symptoms")
    DIAGNOSIS = "diagnosis", _("Diagnosis by a clinician")
    EPI_LINK = "epi_link", _("Contact with a case or stay in an outbreak area")
    IMPORT = "import", _("Confirmed in an imported list")
    ISOLATED = "isolated", _("Isolated")
    NEGATIVE = "negative", _("Negative sample")
    VOIDED = "voided", _("Earlier finding no longer stands")


class CaseFinding(models.Model):
    """A piece of evidence, append-only (a trigger refuses UPDATE and DELETE). `at`: when it was so.

    `event_id` is the event that told of it; the same event adds nothing twice.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=10, choices=FindingKind)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    event_id = models.UUIDField(null=True)
    result_id = models.BigIntegerField(null=True)
    ct = models.FloatField(null=True)
    symptoms = ArrayField(models.CharField(max_length=40), default=list)
    onset_on = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)
    voids = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="voided_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event_id", "kind"], condition=Q(event_id__isnull=False), name="finding_once_an_event"
            ),
            models.UniqueConstraint(
                fields=["voids"], condition=Q(voids__isnull=False), name="finding_voided_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="voided", voids__isnull=False) | ~Q(kind="voided") & Q(voids__isnull=True),
                name="finding_voids_when_it_says_so",
            ),
        ]
        indexes = [
            models.Index(fields=["result_id"], condition=Q(result_id__isnull=False), name="finding_of_result")
        ]


class NegativeTest(models.Model):
    """That a person's sample was negative: it may clear a contact, or end a case's window. One result of a pool is
    that of each person in it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    root = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    result_id = models.BigIntegerField()
    collected_at = models.DateTimeField()
    event_id = models.UUIDField()
    voided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["result_id", "person"], name="negative_once_a_result_and_person")
        ]
        indexes = [
            models.Index(fields=["root", "collected_at"], name="negative_of_root"),
            models.Index(fields=["person"], name="negative_of_person"),
        ]
