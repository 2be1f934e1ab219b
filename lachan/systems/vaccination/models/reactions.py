"""Reactions after an injection: what was told, and each step that followed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lachan.core.models import Person, Place
from lachan.systems.vaccination.models.line import Dose
from lachan.systems.vaccination.models.lots import by
from lachan.systems.vaccination.rules.reactions import CAUSES, CRITERIA, STEP_KINDS, SYMPTOMS

TELLERS = ("person", "site", "hospital", "centre")


class Reaction(models.Model):
    """What somebody felt after `dose`. How bad it is follows from symptoms and criteria (`rules.reactions`)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reactions")
    dose = models.ForeignKey(Dose, on_delete=models.PROTECT, related_name="reactions")
    told_by = models.CharField(max_length=8, choices=[(t, t) for t in TELLERS])
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    symptoms = ArrayField(models.CharField(max_length=20), default=list)
    criteria = ArrayField(models.CharField(max_length=20), default=list)
    words = models.CharField(max_length=1_000, blank=True)
    began_at = models.DateTimeField()
    told_at = models.DateTimeField()
    recorded_by = by()
    event_id = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(told_by__in=TELLERS), name="reaction_told_by"),
            models.CheckConstraint(
                condition=Q(told_at__gte=F("began_at")), name="reaction_told_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(symptoms__contained_by=list(SYMPTOMS)), name="reaction_symptoms_known"
            ),
            models.CheckConstraint(
                condition=Q(criteria__contained_by=list(CRITERIA)), name="reaction_criteria_known"
            ),
            models.CheckConstraint(
                condition=~Q(symptoms=[]) | ~Q(criteria=[]) | Q(words__regex=r"\S"),
                name="reaction_of_something",
            ),
        ]
        indexes = [models.Index(fields=["-told_at"], name="reaction_newest")]


class ReactionStep(models.Model):
    """What was done about a reaction. `assessed` may come again, with other criteria; the rest comes once."""

    reaction = models.ForeignKey(Reaction, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in STEP_KINDS])
    criteria = ArrayField(models.CharField(max_length=20), default=list)
    cause = models.CharField(max_length=2, blank=True, choices=[(c, c) for c in CAUSES])
    note = models.CharField(max_length=2_000)
    done_at = models.DateTimeField()
    done_by = by()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=STEP_KINDS), name="reaction_step_known"),
            models.CheckConstraint(condition=Q(note__regex=r"\S"), name="reaction_step_in_words"),
            models.CheckConstraint(
                condition=Q(kind="concluded", cause__in=CAUSES) | (~Q(kind="concluded") & Q(cause="")),
                name="reaction_concluded_with_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(kind="assessed", criteria__contained_by=list(CRITERIA)) | Q(criteria=[]),
                name="reaction_criteria_when_assessed",
            ),
            models.UniqueConstraint(
                fields=["reaction", "kind"], condition=~Q(kind="assessed"), name="reaction_step_once"
            ),
        ]
