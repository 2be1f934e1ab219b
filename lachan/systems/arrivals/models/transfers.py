"""Travellers handed from a gate to a quarantine site, with a receipt."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor, Person, Place
from lachan.systems.arrivals.models.gates import Gate
from lachan.systems.arrivals.models.travel import Clearance

ABSENCES = ("did-not-board", "to-hospital", "to-another-site", "left-on-the-way")


class TransferList(models.Model):
    """Who is brought from `gate` to `site`. Handed over when it leaves (`left_at`), received once, with the count of
    those who came; whoever did not come is explained on their line."""

    code = models.CharField(max_length=17, unique=True)
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="transfer_lists", db_index=False)
    site = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    vehicle = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    left_at = models.DateTimeField(null=True)
    handed_by = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    came = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at__isnull=True, handed_by__isnull=True)
                | Q(left_at__gte=F("made_at"), handed_by__isnull=False),
                name="transfer_list_leaves_whole",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, received_by__isnull=True, came__isnull=True)
                | Q(received_at__gte=F("left_at"), received_by__isnull=False, came__isnull=False),
                name="transfer_list_received_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["gate", "-made_at", "-id"], name="transfer_list_by_gate"),
            models.Index(fields=["site", "-made_at", "-id"], name="transfer_list_by_site"),
        ]

    def __str__(self) -> str:
        return self.code


class TransferLine(models.Model):
    """A traveller on the list; `came` is empty until it is received. Nobody stands on two lists for one decision."""

    transfer = models.ForeignKey(TransferList, on_delete=models.CASCADE, related_name="lines")
    clearance = models.OneToOneField(Clearance, on_delete=models.PROTECT, related_name="transfer_line")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    came = models.BooleanField(null=True)
    absence = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(came=False, absence__in=ABSENCES) | ~Q(came=False) & Q(absence=""),
                name="transfer_line_absence_explained",
            ),
        ]
