"""What people declare, and who called them back."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Actor, Area, Person
from lachan.core.sealed import unseal
from lachan.systems.declarations.models.diaries import Diary

CALL_PHONE = "declaration-phone"
GRAVEST = 4


class Channel(models.TextChoices):
    WEB = "web", _("on the web")
    PAPER = "paper", _("on paper")
    KIOSK = "kiosk", _("at a kiosk")
    DIARY = "diary", _("in the diary")


class Provenance(models.TextChoices):
    ONESELF = "self", _("by the person")
    OTHER = "other", _("by somebody else")
    ASSISTED = "assisted", _("by a health worker for the person")


class Declaration(models.Model):
    """Answers with the version of their form, and what followed (`outcome`: the rank 0 to 4, `rule`: which fired).

    `key` is the sender's: the same sent twice is one. `corrects` is what this one replaces. `sealed_phone` is whom to
    call back, which opens nobody's record. `symptoms` are codes as every system knows them.
    """

    code = models.CharField(max_length=17, unique=True)
    key = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    form = models.CharField(max_length=20)
    form_version = models.CharField(max_length=20)
    answers = models.JSONField()
    symptoms = ArrayField(models.CharField(max_length=40), default=list)
    contact = models.BooleanField(default=False)
    outcome = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=8, choices=Channel)
    provenance = models.CharField(max_length=8, choices=Provenance)
    declared_by = models.CharField(max_length=200, blank=True)
    sealed_phone = models.BinaryField(max_length=120, null=True)
    phone_shown = models.BooleanField(default=False)
    diary = models.ForeignKey(Diary, on_delete=models.SET_NULL, null=True, related_name="reports")
    corrects = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="corrected_by")
    made_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__lte=GRAVEST) & (Q(outcome=0, rule="") | Q(outcome__gt=0) & ~Q(rule="")),
                name="declaration_outcome_by_a_rule",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values) & Q(provenance__in=Provenance.values),
                name="declaration_channel_known",
            ),
            models.CheckConstraint(
                condition=Q(phone_shown=False) | Q(sealed_phone__isnull=False),
                name="declaration_phone_shown_is_there",
            ),
            models.CheckConstraint(
                condition=Q(claimed_at__isnull=True) | Q(provenance="assisted"),
                name="declaration_claimed_was_assisted",
            ),
            models.CheckConstraint(
                condition=~Q(corrects=F("id")), name="declaration_corrects_another"
            ),
            models.CheckConstraint(
                condition=Q(made_at__lte=F("recorded_at")), name="declaration_made_before_recorded"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="declaration_newest"),
            models.Index(fields=["area", "-made_at", "-id"], name="declaration_by_area"),
            GinIndex(fields=["symptoms"], name="declaration_by_symptom"),
            models.Index(
                fields=["made_at", "id"], name="declaration_to_call", condition=Q(outcome__gte=3)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def phone(self) -> str:
        """Whom to call, in clear; the door that asks has logged why."""
        return unseal(CALL_PHONE, self.sealed_phone) if self.sealed_phone else ""


class Reached(models.TextChoices):
    REACHED = "reached", _("reached")
    NO_ANSWER = "no_answer", _("no answer")
    WRONG_NUMBER = "wrong_number", _("wrong number")


class CallMade(models.Model):
    """Somebody called back; a declaration waits until one call reached the person or showed the number to be wrong."""

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="calls")
    outcome = models.CharField(max_length=12, choices=Reached)
    called_at = models.DateTimeField()
    called_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=Reached.values), name="declarer_call_outcome_known"
            )
        ]
