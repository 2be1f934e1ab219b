"""Contacts as they stand, and the calls made to them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Actor, Person


class EndReason(models.TextChoices):
    CASE_WITHDRAWN = "case-withdrawn", _("the case was withdrawn")
    SOURCE_CLEARED = "source-cleared", _("the contact in between tested negative")
    BECAME_CASE = "became-case", _("became a case")
    MERGED = "merged", _("the record was merged with another")
    FOLLOW_UP_ENDED = "follow-up-ended", _("the days of follow-up are over")
    NO_EXPOSURE = "no-exposure", _("no exposure that counts is left")


class Contact(models.Model):
    """One row for each time that a person is a contact; one of them live. The result of `rules.levels`, written by
    `commands.graph` alone; the history of a row stands in its events.

    `level` 1 is F1. `exposed_at`: end of the last exposure that counts, by `source`. `found_event`: its ContactFound.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    level = models.PositiveSmallIntegerField()
    source = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    first_exposed_at = models.DateTimeField()
    exposed_at = models.DateTimeField()
    found_at = models.DateTimeField()
    found_event = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, choices=EndReason, blank=True)
    tracer = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="contact_one_live_a_person"
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=9), name="contact_level_in_range"),
            models.CheckConstraint(condition=~Q(source=F("person")), name="contact_of_somebody_else"),
            models.CheckConstraint(
                condition=Q(exposed_at__gt=F("first_exposed_at")), name="contact_exposure_forward"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="")
                | Q(ended_at__isnull=False) & ~Q(end_reason=""),
                name="contact_ended_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(tracer__isnull=True, taken_at__isnull=True)
                | Q(tracer__isnull=False, taken_at__isnull=False),
                name="contact_taken_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["level", "found_at", "id"], condition=Q(ended_at__isnull=True), name="contact_live"
            )
        ]


class CallOutcome(models.TextChoices):
    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    REFUSED = "refused", _("Would not talk")


class FollowUpCall(models.Model):
    """A call (or visit) to a contact, as it went."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="calls")
    called_at = models.DateTimeField()
    called_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=CallOutcome)
    symptoms = ArrayField(models.CharField(max_length=40), default=list)
    next_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(next_at__isnull=True) | Q(next_at__gt=F("called_at")), name="call_next_is_later"
            ),
            models.CheckConstraint(
                condition=Q(symptoms__len=0) | Q(outcome="reached"), name="call_symptoms_when_reached"
            ),
        ]
