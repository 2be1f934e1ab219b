"""Who looked at whose record, and what for."""

from django.db import models

from lachan.core.models.actors import Actor
from lachan.core.models.persons import Person


class AccessLog(models.Model):
    """One personal read. The person may see every row about themselves."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reads")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    posting_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=20)
    part = models.CharField(max_length=60)
    read_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-read_at"], name="access_of_person"),
            models.Index(fields=["actor", "-read_at"], name="access_by_actor"),
        ]
