"""Lots, and what stops them. Whether a lot may be used is computed from its expiry and its holds."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor


def by(**more: object) -> "models.ForeignKey[Actor | None, Actor | None]":
    """Who did it, in every table of vaccination; nobody asks for the rows of one person's work."""
    return models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False, **more)  # type: ignore[arg-type]


class Lot(models.Model):
    """`product` is a code of the policy; `expires_on` is the last day of use; `gtin` 14 digits, "" if not known."""

    product = models.CharField(max_length=40)
    number = models.CharField(max_length=20)
    expires_on = models.DateField()
    gtin = models.CharField(max_length=14, blank=True)
    registered_at = models.DateTimeField()
    registered_by = by()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="lot_once_a_product"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[!-~]{1,20}$"), name="lot_has_a_printed_number"
            ),
            models.CheckConstraint(
                condition=Q(gtin="") | Q(gtin__regex=r"^[0-9]{14}$"), name="lot_gtin_of_14_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LotHold(models.Model):
    """A lot is stopped from `held_at` until released. A second person may turn the hold into a recall, for good."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=500)
    held_at = models.DateTimeField()
    held_by = by()
    released_at = models.DateTimeField(null=True)
    released_by = by(null=True)
    release_reason = models.CharField(max_length=500, blank=True)
    recalled_at = models.DateTimeField(null=True)
    recalled_by = by(null=True)
    recall_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lot"], condition=Q(released_at__isnull=True), name="hold_one_a_lot"
            ),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="hold_with_a_reason"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True, release_reason="")
                | Q(
                    released_at__isnull=False, released_at__gte=F("held_at"), released_by__isnull=False,
                    release_reason__regex=r"\S",
                ),
                name="hold_released_whole",
            ),
            models.CheckConstraint(
                condition=Q(recalled_at__isnull=True, recalled_by__isnull=True, recall_reason="")
                | Q(
                    recalled_at__isnull=False, recalled_at__gte=F("held_at"), recalled_by__isnull=False,
                    recall_reason__regex=r"\S",
                ),
                name="hold_recalled_whole",
            ),
            models.CheckConstraint(
                condition=Q(recalled_by__isnull=True) | ~Q(recalled_by=F("held_by")),
                name="hold_recalled_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(recalled_at__isnull=True) | Q(released_at__isnull=True),
                name="hold_recalled_is_not_released",
            ),
        ]  # fmt: skip
