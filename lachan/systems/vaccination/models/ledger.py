"""The ledger of doses. Movements are append-only; a trigger books each into the balances, which nothing else writes.

The equation stands in the table itself: `stock_adds_up` for each store and lot, and what was sent and has not arrived
is in transit. Received + adjusted = sealed + opened + (sent - arrived) + given + wasted, summed over a lot.
"""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Place
from lachan.systems.vaccination.models.lots import Lot, by
from lachan.systems.vaccination.models.sessions import Session
from lachan.systems.vaccination.rules.stock import ADJUST_REASONS, PURPOSES, WASTE_REASONS

KINDS = (
    "received", "sent", "arrived", "opened", "extra", "given", "taken_back", "wasted", "found", "adjusted",
)  # fmt: skip
OF_A_VIAL = ("opened", "extra", "given", "taken_back", "found")
OF_A_TRANSFER = ("sent", "arrived")
REASONED = ("wasted", "adjusted")


class Stock(models.Model):
    """What a store (or vaccination site) has had and has of a lot, in doses. Written by the ledger's trigger alone.

    `sealed` stand in closed vials, `opened` are left in open ones. `adjusted` is signed: counts, extra doses, surplus.
    """

    store = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="stocks")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="stocks")
    received = models.BigIntegerField(db_default=0)
    arrived = models.BigIntegerField(db_default=0)
    adjusted = models.BigIntegerField(db_default=0)
    sealed = models.BigIntegerField(db_default=0)
    opened = models.BigIntegerField(db_default=0)
    sent = models.BigIntegerField(db_default=0)
    given = models.BigIntegerField(db_default=0)
    wasted = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "lot"], name="stock_once_a_store_and_lot"),
            models.CheckConstraint(condition=Q(sealed__gte=0), name="stock_sealed_not_below_zero"),
            models.CheckConstraint(condition=Q(opened__gte=0), name="stock_opened_not_below_zero"),
            models.CheckConstraint(
                condition=Q(received__gte=0, arrived__gte=0, sent__gte=0, given__gte=0, wasted__gte=0),
                name="stock_sums_not_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(
                    sealed=F("received") + F("arrived") + F("adjusted") - F("sent") - F("given") - F("wasted")
                    - F("opened")
                ),
                name="stock_adds_up",
            ),
        ]  # fmt: skip

    @property
    def on_hand(self) -> int:
        return self.sealed + self.opened


class Transfer(models.Model):
    """Doses of a lot on their way from `origin` to `destination`, until received; then `counted` of them arrived."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="transfers")
    origin = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="sent_doses")
    destination = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="awaited_doses")
    doses = models.PositiveIntegerField()
    purpose = models.CharField(max_length=8, choices=[(p, p) for p in PURPOSES])
    sent_at = models.DateTimeField()
    sent_by = by()
    counted = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)
    received_at = models.DateTimeField(null=True)
    received_by = by(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(doses__gte=1), name="transfer_of_something"),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="transfer_purpose_known"),
            models.CheckConstraint(condition=~Q(origin=F("destination")), name="transfer_between_two_stores"),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, received_by__isnull=True, counted__isnull=True)
                | Q(
                    received_at__isnull=False, received_at__gte=F("sent_at"), received_by__isnull=False,
                    counted__isnull=False,
                ),
                name="transfer_received_whole",
            ),
            models.CheckConstraint(
                condition=Q(counted__isnull=True) | Q(counted=F("doses")) | Q(note__regex=r"\S"),
                name="transfer_difference_explained",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["destination"], condition=Q(received_at__isnull=True), name="transfer_awaited"
            ),
            models.Index(fields=["origin"], condition=Q(received_at__isnull=True), name="transfer_under_way"),
        ]


class Vial(models.Model):
    """One opened vial: `doses` on its label, `extra` drawn beyond them (never more than `most` in all), `left` in it.

    `left` and `extra` are written by the ledger's trigger alone.
    """

    store = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="vials")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="vials")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="vials")
    doses = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    extra = models.SmallIntegerField(db_default=0)
    left = models.SmallIntegerField(db_default=0)
    opened_at = models.DateTimeField()
    use_by = models.DateTimeField()
    opened_by = by()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "store", "lot"], name="vial_with_its_store_and_lot"),
            models.CheckConstraint(condition=Q(doses__gte=1), name="vial_of_something"),
            models.CheckConstraint(condition=Q(left__gte=0), name="vial_left_not_below_zero"),
            models.CheckConstraint(
                condition=Q(extra__gte=0, most__gte=F("doses") + F("extra")), name="vial_gives_at_most"
            ),
            models.CheckConstraint(
                condition=Q(left__lte=F("doses") + F("extra")), name="vial_holds_no_more_than_drawn"
            ),
            models.CheckConstraint(condition=Q(use_by__gt=F("opened_at")), name="vial_lives_for_hours"),
        ]
        indexes = [models.Index(fields=["store", "opened_at"], name="vial_by_day")]


class Movement(models.Model):
    """One line of the ledger. `doses` is positive but for an adjustment, which is signed.

    `taken_back`: not given after all; `found`: written off of a vial, not lost after all. Both are left in it again.
    """

    kind = models.CharField(max_length=10, choices=[(k, k) for k in KINDS])
    store = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="dose_movements", db_index=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements")
    vial = models.ForeignKey(Vial, on_delete=models.PROTECT, null=True, related_name="movements")
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, null=True, related_name="movements")
    doses = models.IntegerField()
    reason = models.CharField(max_length=16, blank=True)
    note = models.CharField(max_length=500, blank=True)
    happened_at = models.DateTimeField()
    recorded_by = by()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="movement_of_known_kind"),
            models.CheckConstraint(
                condition=Q(doses__gte=1) | (Q(kind="adjusted") & ~Q(doses=0)), name="movement_of_something"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OF_A_VIAL, vial__isnull=False)
                | Q(kind="wasted")
                | (~Q(kind__in=(*OF_A_VIAL, "wasted")) & Q(vial__isnull=True)),
                name="movement_names_its_vial",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OF_A_TRANSFER, transfer__isnull=False)
                | (~Q(kind__in=OF_A_TRANSFER) & Q(transfer__isnull=True)),
                name="movement_names_its_transfer",
            ),
            models.CheckConstraint(
                condition=Q(kind="wasted", reason__in=WASTE_REASONS)
                | Q(kind="adjusted", reason__in=ADJUST_REASONS)
                | (~Q(kind__in=REASONED) & Q(reason="")),
                name="movement_has_its_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind="adjusted", reason__in=("count", "wrong-entry")) | Q(note__regex=r"\S"),
                name="movement_adjusted_with_words",
            ),
            models.UniqueConstraint(
                fields=["transfer", "kind"], condition=Q(transfer__isnull=False), name="movement_once_a_transfer"
            ),
            models.UniqueConstraint(
                fields=["vial"], condition=Q(kind="opened"), name="movement_vial_opened_once"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["store", "-happened_at"], name="movement_of_store")]
