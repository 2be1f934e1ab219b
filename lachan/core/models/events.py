"""The append-only table that is outbox, timeline and audit trail at once, and its deliveries."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models.actors import Actor
from lachan.core.models.persons import Person
from lachan.core.models.places import Place


class EventRow(models.Model):
    """One thing that happened. A trigger refuses UPDATE and DELETE (decision 0003)."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="events", db_index=False
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, db_index=False)
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, db_index=False)
    caused_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="effects")
    ref = models.CharField(max_length=60, blank=True)
    facts = models.JSONField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "core_event"
        constraints = [
            models.CheckConstraint(
                condition=Q(caused_by__isnull=True) | ~Q(caused_by=F("id")), name="event_not_its_own_cause"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "happened_at"], name="event_of_person"),
            models.Index(fields=["ref"], condition=~Q(ref=""), name="event_by_ref"),
            models.Index(fields=["kind", "recorded_at"], name="event_by_kind"),
            models.Index(
                fields=["place", "happened_at"], condition=Q(place__isnull=False), name="event_at_place"
            ),
        ]


class Lane(models.Model):
    """A share of the persons, for one subscriber; whoever holds its row lock works on it alone.

    That is what keeps the events of one person in order while several workers share the load.
    """

    subscriber = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "number"], name="lane_once")]


class Delivery(models.Model):
    """An event that a handler has not yet handled. Handled ones are deleted with the handler's own effects."""

    event = models.ForeignKey(EventRow, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=40)
    handler = models.CharField(max_length=60)
    lane = models.PositiveSmallIntegerField()
    person_id = models.BigIntegerField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="delivery_once_a_handler"),
            models.CheckConstraint(
                condition=Q(parked_at__isnull=True) | Q(tries__gte=1), name="delivery_parked_after_a_try"
            ),
        ]
        indexes = [
            models.Index(
                fields=["subscriber", "lane", "id"],
                condition=Q(parked_at__isnull=True),
                name="delivery_waiting",
            ),
            models.Index(
                fields=["subscriber", "person_id"],
                condition=Q(parked_at__isnull=True, not_before__isnull=False),
                name="delivery_retrying",
            ),
        ]
