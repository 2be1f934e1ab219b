"""Tables of the tools: answers that may be asked for again, messages that wait to be sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lachan.core.ids import uuid7
from lachan.core.models import EventRow, Person


class StoredAnswer(models.Model):
    """What a caller was answered under an idempotency key.

    `status` is empty only while the transaction that makes the answer is open: nobody else ever sees it so.
    """

    caller = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    body_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(default=b"")
    content_type = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="answer_once_a_key"),
            models.CheckConstraint(condition=~Q(key="") & ~Q(caller=""), name="answer_has_caller_and_key"),
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(status__gte=100, status__lte=599),
                name="answer_status_is_http",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="answer_by_age")]


class Outcome(models.TextChoices):
    """What became of a message; WAITING until a gateway was asked."""

    WAITING = ""
    SENT = "sent"
    NO_GATEWAY = "no-gateway"
    NO_PHONE = "no-phone"
    REFUSED = "refused"


class Message(models.Model):
    """A text to a person because of an event. `facts` fill the template and hold no names."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="messages")
    cause = models.ForeignKey(EventRow, on_delete=models.PROTECT, related_name="messages")
    template = models.CharField(max_length=60)
    language = models.CharField(max_length=8)
    facts = models.JSONField(default=dict)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default=Outcome.WAITING)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause", "template", "person"], name="message_once_a_cause"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) ^ Q(outcome=Outcome.SENT), name="message_sent_has_a_time"
            ),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="message_outcome_known"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(outcome=""), name="message_waiting"),
            models.Index(fields=["person", "-queued_at"], name="message_of_person"),
        ]
