"""Tables of the tools: answers to be asked for again, messages that wait, counters, phones that showed a code."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lachan.core.ids import uuid7
from lachan.core.models import EventRow, Person, Posting


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


class Counter(models.Model):
    """How often something was done under one key since `starts_at`; counted anew from `ends_at` on.

    `key` is a blind index: the table tells neither numbers nor addresses.
    """

    name = models.CharField(max_length=40)
    key = models.BinaryField(max_length=16)
    count = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "key"], name="counter_once_a_key"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="counter_period_forward"),
        ]
        indexes = [models.Index(fields=["ends_at"], name="counter_by_age")]


class PhoneCode(models.Model):
    """A code sent to a phone, for one purpose and the browser that asked. Only its keyed hash is kept."""

    purpose = models.CharField(max_length=40)
    session_hash = models.BinaryField(max_length=16)
    code_hash = models.BinaryField(max_length=16)
    sealed_phone = models.BinaryField(max_length=200)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="phone_code_expires"),
            models.CheckConstraint(condition=Q(tries__lte=5), name="phone_code_five_tries"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(used_at__lt=F("expires_at"), tries__gte=1),
                name="phone_code_used_in_time",
            ),
        ]
        indexes = [
            models.Index(fields=["session_hash", "purpose", "-asked_at"], name="phone_code_of_session"),
            models.Index(fields=["asked_at"], name="phone_code_by_age"),
        ]


class PhoneSession(models.Model):
    """A browser whose holder showed a code sent to the phone. `person` is who of those with this phone they say
    they are. Whether it still holds is computed (`lachan.platform.citizens`)."""

    token_hash = models.BinaryField(max_length=32, unique=True)
    phone_index = models.BinaryField(max_length=16)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    device = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seen_at__gte=F("started_at")), name="phone_session_forward"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="phone_session_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["phone_index", "-started_at"], name="phone_session_of_phone"),
            models.Index(fields=["started_at"], name="phone_session_by_age"),
        ]


class Ending(models.TextChoices):
    """In what form a list is saved."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"


class Export(models.Model):
    """A list that a posting asked for as a file; its address is random, and opens for that posting alone.

    What became of it follows from the moments: begun, ready, failed. `attempt` counts the writers: only the last one's
    rows are taken. `mark` is the same for the same list asked for in the same form.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    posting = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="exports")
    source = models.CharField(max_length=60)
    ending = models.CharField(max_length=4, choices=Ending)
    filters = models.JSONField(default=dict)
    purpose = models.CharField(max_length=20)
    mark = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    attempt = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    expected = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["posting", "mark"],
                condition=Q(ready_at__isnull=True, failed_at__isnull=True),
                name="export_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(ending__in=Ending.values), name="export_ending_known"),
            models.CheckConstraint(
                condition=Q(ready_at__isnull=True) | Q(failed_at__isnull=True), name="export_ready_or_failed"
            ),
            models.CheckConstraint(
                condition=Q(ready_at__isnull=True) | Q(begun_at__isnull=False), name="export_ready_was_begun"
            ),
            models.CheckConstraint(
                condition=Q(failed_at__isnull=True) ^ ~Q(failure=""), name="export_failed_has_a_word"
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="export_by_age")]


class ExportPart(models.Model):
    """A piece of the file, and the people in it: whoever fetches the file has read of them."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    body = models.BinaryField()
    people = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_part_once")]
