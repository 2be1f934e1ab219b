"""Whom to call next."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case as When_
from django.db.models import DateTimeField, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from lachan.core import clock
from lachan.core.models import Posting
from lachan.platform import policies
from lachan.systems.tracing.models import FollowUpCall
from lachan.systems.tracing.queries.scope import contacts

LATE, UNREACHED, DUE, RESTING = 0, 1, 2, 3
WORK_KEY = ("urgency", "level", "born", "found_at", "pk")
"""Late first calls, then other people not reached, then agreed calls that are due; F1 before F2, elders first."""

BORN_UNKNOWN = 9999


def worklist(posting: Posting, *, at: datetime) -> QuerySet[Any]:
    """Live contacts with `urgency` (0 late … 3 nothing to do now), `born`, `reached`; page them by WORK_KEY.

    Late: not reached within the policy's `first_call_hours` of being found.
    """
    hours = policies.at(clock.local_date(at)).tracing.first_call_hours
    calls = FollowUpCall.objects.filter(contact=OuterRef("pk"))
    latest = calls.order_by("-called_at", "-pk").values("next_at")[:1]
    found = contacts(posting).filter(ended_at__isnull=True)
    found = found.annotate(
        reached=Exists(calls.filter(outcome="reached")),
        next_call_at=Subquery(latest, output_field=DateTimeField()),
        born=Coalesce("person__birth_year", Value(BORN_UNKNOWN), output_field=IntegerField()),
    )
    return found.annotate(
        urgency=When_(
            When(reached=False, found_at__lte=at - timedelta(hours=hours), then=Value(LATE)),
            When(reached=False, then=Value(UNREACHED)),
            When(next_call_at__lte=at, then=Value(DUE)),
            default=Value(RESTING),
            output_field=IntegerField(),
        )
    )
