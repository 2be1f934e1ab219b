"""A person's declarations as they stand in their own record, and the diary of an order that runs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.models import Person
from lachan.platform.record import Section, group_of
from lachan.systems.declarations import words
from lachan.systems.declarations.models import Declaration, Diary

MOST = 10


def _declarations(person: Person, at: datetime) -> Mapping[str, Any] | None:
    """The newest ten with their advice; None where there is nothing."""
    group, today = group_of(person), clock.local_date(at)
    open_ = Diary.objects.filter(
        person__in=group, closed_at__isnull=True, starts_on__lte=today, ends_on__gt=today
    )
    made = Declaration.objects.filter(person__in=group, made_at__lte=at).order_by("-made_at", "-pk")
    lines = [
        {"made": d, "badge": words.badge(d), "reason": words.reason_of(d), "answers": words.answered(d)}
        for d in made[:MOST]
    ]
    diary = open_.order_by("-pk").first()
    if not (lines or diary):
        return None
    reported = diary is not None and diary.reports.filter(made_at__gte=clock.day_start(today)).exists()
    return {"lines": lines, "diary": diary, "reported": reported}


DECLARATIONS = Section("declarations", _("My declarations"), "declarations/book.html", _declarations)
