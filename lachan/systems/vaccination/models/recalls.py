"""Telling people of a recalled lot: each time somebody has it done, and each person who was told."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor, Person
from lachan.systems.vaccination.models.lots import LotHold

WAYS = ("text", "call")


class RecallRound(models.Model):
    """Everybody who has had the recalled lot is told, as far as no round before this one told them.

    `asked` is the event of the round, which the notices name as their cause.
    """

    hold = models.ForeignKey(LotHold, on_delete=models.PROTECT, related_name="rounds")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked = models.UUIDField(unique=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hold"], condition=Q(finished_at__isnull=True), name="recall_round_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("asked_at")),
                name="recall_round_ends_after_it_began",
            ),
        ]


class RecallNotice(models.Model):
    """A person is told of the recall: by a text, or by a call where no number is known. Once a person and recall."""

    hold = models.ForeignKey(LotHold, on_delete=models.PROTECT, related_name="notices", db_index=False)
    round = models.ForeignKey(RecallRound, on_delete=models.PROTECT, related_name="notices")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=4, choices=[(w, w) for w in WAYS])
    told_at = models.DateTimeField()
    event_id = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hold", "person"], name="recall_notice_once_a_person"),
            models.CheckConstraint(condition=Q(way__in=WAYS), name="recall_notice_by_a_known_way"),
        ]
