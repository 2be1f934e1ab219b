"""Forgetting what was written down around a vaccination. The doses themselves stay: they are the person's record."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from lachan.systems.vaccination.models import Reaction, ReactionStep, Visit


def ended_visits(*, before: datetime) -> QuerySet[Visit]:
    """Visits that led to no dose and ended (or, never ended, began) before."""
    old = Q(left_at__lt=before) | Q(left_at__isnull=True, arrived_at__lt=before)
    return Visit.objects.filter(old, doses__isnull=True)


@transaction.atomic
def forget_visits(*, before: datetime) -> int:
    """Delete them, once their examinations are forgotten; how many."""
    return ended_visits(before=before).filter(forms__isnull=True).delete()[0]


@transaction.atomic
def forget_reactions(*, before: datetime) -> int:
    """Delete reactions that were told before, with each step that followed; how many reactions."""
    old = Reaction.objects.filter(told_at__lt=before)
    ReactionStep.objects.filter(reaction__in=old).delete()
    return old.delete()[0]
