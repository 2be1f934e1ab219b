"""A person's entries as they stand in their own record: what was declared, what was decided, until when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lachan.core.models import Person
from lachan.platform.record import Section, group_of
from lachan.systems.arrivals import words
from lachan.systems.arrivals.models import ArrivalDeclaration
from lachan.systems.arrivals.queries import decision_on

MOST = 5


def _entries(person: Person, at: datetime) -> Mapping[str, Any] | None:
    """The newest five; None where there is none."""
    last = ArrivalDeclaration.objects.filter(
        person__in=group_of(person), amended_by__isnull=True, made_at__lte=at
    )
    lines = [_line(made) for made in last.select_related("gate").order_by("-arrives_on", "-pk")[:MOST]]
    return {"lines": lines} if lines else None


def _line(made: ArrivalDeclaration) -> dict[str, Any]:
    done = decision_on(made)
    return {
        "made": made, "done": done, "ends_on": done.free_on if done else None,
        "badge": words.duty_badge(done.duty) if done else "",
        "reasons": words.reasons(done.reasons) if done else [],
    }  # fmt: skip


ENTRIES = Section("entries", _("My entries into the country"), "arrivals/book.html", _entries)
