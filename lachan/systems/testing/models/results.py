"""Results: entered by one, verified by another, never overwritten."""

from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Actor, Place
from lachan.systems.testing.models.tubes import Pool, Tube

# Any Ct that is no number from 1 to 50; the database looks at each value itself.
BAD_CT = '$.* ? (@.type() != "number" || @ < 1 || @ > 50)'


class OutcomeKind(models.TextChoices):
    POSITIVE = "positive", _("Positive")
    NEGATIVE = "negative", _("Negative")
    INDETERMINATE = "indeterminate", _("Indeterminate")
    INVALID = "invalid", _("Invalid")


class Closing(models.TextChoices):
    REPLACED = "replaced", _("Replaced by an amendment")
    RETURNED = "returned", _("Sent back by the verifier")
    REPEATED = "repeated", _("The test was run again")


class Result(models.Model):
    """An outcome of a tube or of a laboratory pool, read at `place`.

    It holds from its verification until it is closed. `amends` is the result that it corrects, for `reason`.
    """

    tube = models.ForeignKey(Tube, on_delete=models.PROTECT, null=True, related_name="results")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, null=True, related_name="results")
    outcome = models.CharField(max_length=13, choices=OutcomeKind)
    ct = models.JSONField(default=dict)
    instrument = models.CharField(max_length=60, blank=True)
    kit_lot = models.CharField(max_length=40, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    amends = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="amendments")
    reason = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=8, choices=Closing, blank=True)
    closing_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tube__isnull=False, pool__isnull=True) | Q(tube__isnull=True, pool__isnull=False),
                name="result_of_a_tube_or_a_pool",
            ),
            models.CheckConstraint(condition=Q(outcome__in=OutcomeKind.values), name="result_outcome_known"),
            models.CheckConstraint(
                condition=~Q(
                    models.Func(
                        F("ct"),
                        Value(BAD_CT),
                        function="jsonb_path_exists",
                        output_field=models.BooleanField(),
                    )
                ),
                name="result_ct_in_range",
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="result_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("entered_by")),
                name="result_verified_by_another",
            ),
            models.CheckConstraint(
                condition=Q(amends__isnull=True) | ~Q(reason=""), name="result_amended_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_as="")
                | Q(closed_at__isnull=False, closed_as__in=Closing.values),
                name="result_closed_in_a_way",
            ),
            # Nothing that was verified is sent back; nothing unverified is replaced or run again.
            models.CheckConstraint(
                condition=Q(closed_as="")
                | Q(closed_as="returned", verified_at__isnull=True)
                | Q(closed_as__in=("replaced", "repeated"), verified_at__isnull=False),
                name="result_closed_as_it_stood",
            ),
            models.UniqueConstraint(
                fields=["tube"],
                condition=Q(closed_at__isnull=True) & (Q(amends__isnull=True) | Q(verified_at__isnull=False)),
                name="result_one_live_a_tube",
            ),
            models.UniqueConstraint(
                fields=["pool"],
                condition=Q(closed_at__isnull=True) & (Q(amends__isnull=True) | Q(verified_at__isnull=False)),
                name="result_one_live_a_pool",
            ),
            models.UniqueConstraint(
                fields=["amends"],
                condition=Q(closed_at__isnull=True, verified_at__isnull=True),
                name="result_one_amendment_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["place", "entered_at"],
                condition=Q(verified_at__isnull=True, closed_at__isnull=True),
                name="result_to_verify",
            ),
            models.Index(fields=["verified_at", "place"], name="result_by_day"),
            models.Index(fields=["kit_lot"], condition=~Q(kit_lot=""), name="result_of_kit_lot"),
        ]

    @property
    def subject(self) -> Tube | Pool:
        """What was tested."""
        subject = self.tube or self.pool
        assert subject is not None  # noqa: S101 (held by result_of_a_tube_or_a_pool)
        return subject

    @property
    def ref(self) -> str:
        return f"testing.result:{self.pk}"
