"""The dose, test or recovery on which a certificate stands."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from lachan.core.models import Actor, Area, EventRow, Person, Place
from lachan.issuer.rules import PAIRS, Kind

KIND_LABELS = [(kind.value, kind.value) for kind in Kind]


def event_key(**more: object) -> "models.ForeignKey[EventRow, EventRow]":
    return models.ForeignKey(EventRow, on_delete=models.PROTECT, related_name="+", db_index=False, **more)  # type: ignore[arg-type]


def actor_key(**more: object) -> "models.ForeignKey[Actor, Actor]":
    return models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False, **more)  # type: ignore[arg-type]


def _paired() -> Q:
    """Type of vaccine, product and manufacturer belong together; containment is never NULL, whatever is missing."""
    names = ("vaccine", "product", "manufacturer")
    return reduce(or_, (Q(facts__contains=dict(zip(names, pair, strict=True))) for pair in PAIRS))


class Record(models.Model):
    """One dose (v), test (t) or recovery (r) of a person; `source` and `reference` name the row it came from.

    `facts` has the shape of its kind (`lachan.issuer.rules.facts`). Never edited: a correction is a withdrawal and
    another record.
    """

    kind = models.CharField(max_length=1, choices=KIND_LABELS)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField()
    happened_on = models.DateField()
    lot = models.CharField(max_length=20, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=40)
    reference = models.CharField(max_length=80)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    event = event_key()
    recorded_by = actor_key()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "reference"], name="record_once_a_source"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="record_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(reference=""), name="record_says_where_it_comes_from"
            ),
            models.CheckConstraint(condition=~Q(kind="v") | _paired(), name="record_product_of_its_maker"),
        ]
        indexes = [
            models.Index(fields=["lot"], condition=~Q(lot=""), name="record_by_lot"),
            models.Index(
                fields=["place", "happened_on"], condition=Q(place__isnull=False), name="record_at_place"
            ),
        ]


class Withdrawal(models.Model):
    """The record does not hold (any longer): nothing more is certified on it, what was is revoked."""

    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=40)
    event = event_key()
    withdrawn_by = actor_key()
    withdrawn_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_for_a_reason")]
