"""Calls, wishes to be called back, and what one shift leaves to the next; each belongs to the centre of an area.

Numbers are sealed, and found by their index, as those of persons are (`lachan.core.sealed`).
"""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor, Area, Person

SUBJECTS = ("health", "reaction", "recall", "vaccination", "order", "test", "certificate", "other")
OUTCOMES = ("answered", "written", "call-back", "no-answer", "wrong-number")
ENDINGS = ("called", "gave-up", "not-wanted")


def _by(**more: object) -> "models.ForeignKey[Actor | None, Actor | None]":
    return models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", **more)  # type: ignore[arg-type]


class Wish(models.Model):
    """Somebody is to be called. Its place is `urgent` and `asked_at`, which nothing changes; one open wish a number.

    Who is to be called but has no number is a `person`: whoever calls finds the number first.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    phone = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=12, choices=[(s, s) for s in SUBJECTS])
    urgent = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    cause = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    asked_by = _by()
    claimed_at = models.DateTimeField(null=True)
    claimed_by = _by(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, blank=True, choices=[(e, e) for e in ENDINGS])

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(subject__in=SUBJECTS), name="wish_subject_known"),
            models.CheckConstraint(
                condition=Q(claimed_at__isnull=True, claimed_by__isnull=True)
                | Q(claimed_at__gte=F("asked_at"), claimed_by__isnull=False),
                name="wish_claimed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="")
                | Q(ended_at__gte=F("asked_at"), ending__in=ENDINGS),
                name="wish_ended_whole",
            ),
            models.UniqueConstraint(
                fields=["area", "phone_index"],
                condition=Q(ended_at__isnull=True),
                name="wish_one_open_a_number",
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=False, phone_index__isnull=False)
                | Q(phone__isnull=True, phone_index__isnull=True, person__isnull=False, cause__isnull=False),
                name="wish_of_a_number_or_a_person",
            ),
            models.UniqueConstraint(fields=["cause"], name="wish_one_a_cause"),
        ]
        indexes = [
            models.Index(
                fields=["area", "-urgent", "asked_at"],
                condition=Q(ended_at__isnull=True),
                name="wish_in_order",
            )
        ]


class Call(models.Model):
    """One conversation, or a try at one. `wrote`: what it led to, as the reference of an event."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    outbound = models.BooleanField()
    phone = models.BinaryField()
    phone_index = models.BinaryField()
    wish = models.ForeignKey(Wish, on_delete=models.PROTECT, null=True, related_name="calls")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=16, blank=True)
    subject = models.CharField(max_length=12, choices=[(s, s) for s in SUBJECTS])
    started_at = models.DateTimeField()
    taken_by = _by(db_index=False)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=14, blank=True, choices=[(o, o) for o in OUTCOMES])
    note = models.CharField(max_length=1_000, blank=True)
    wrote = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(subject__in=SUBJECTS), name="call_subject_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="")
                | Q(ended_at__gte=F("started_at"), outcome__in=OUTCOMES),
                name="centre_call_ended_whole",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | ~Q(purpose=""), name="call_opens_a_record_for_a_purpose"
            ),
            models.CheckConstraint(
                condition=Q(outbound=False) | Q(wish__isnull=False), name="call_out_of_a_wish"
            ),
            models.UniqueConstraint(
                fields=["taken_by"], condition=Q(ended_at__isnull=True), name="call_one_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "-started_at"], name="call_by_time"),
            models.Index(fields=["phone_index", "-started_at"], name="call_of_number"),
        ]


class ShiftNote(models.Model):
    """What a shift leaves to the next; taken over by somebody else."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=2_000)
    waiting = models.PositiveIntegerField()
    urgent = models.PositiveIntegerField()
    written_at = models.DateTimeField()
    written_by = _by(db_index=False)
    taken_at = models.DateTimeField(null=True)
    taken_by = _by(null=True, db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="shift_note_says_something"),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True)
                | Q(taken_at__gte=F("written_at"), taken_by__isnull=False),
                name="shift_note_taken_whole",
            ),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True) | ~Q(taken_by=F("written_by")),
                name="shift_note_taken_by_another",
            ),
        ]
        indexes = [models.Index(fields=["area", "-written_at"], name="shift_note_newest")]
