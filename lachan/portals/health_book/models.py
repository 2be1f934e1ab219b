"""What people ask about looks at their record."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import AccessLog, Actor, Person


class ReadQuestion(models.Model):
    """A person wants to know about one look at their record. Who looked is not who answers."""

    read = models.ForeignKey(AccessLog, on_delete=models.CASCADE, related_name="questions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="read_questions")
    reader = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=1_000, blank=True)
    answered_by = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["read"], name="question_once_a_read"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="question_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("reader")),
                name="question_not_answered_by_the_reader",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(answered_at__isnull=True), name="question_open"),
            models.Index(fields=["person"], name="question_of_person"),
        ]
