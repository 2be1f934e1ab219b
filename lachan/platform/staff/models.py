"""Postings that wait for a second administrator."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor, Area, Posting, Role


class PostingRequest(models.Model):
    """One administrator asks for a posting that takes two to give; `posting` is what came of it."""

    member = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="posting_requests")
    role = models.CharField(max_length=20, choices=Role)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, null=True, related_name="request")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, posting__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="posting_request_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="posting_request_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("member")),
                name="posting_request_not_for_oneself",
            ),
            models.UniqueConstraint(
                fields=["member", "role", "area"], condition=Q(decided_at__isnull=True),
                name="posting_request_open_once",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(decided_at__isnull=True), name="posting_request_open"
            )
        ]
