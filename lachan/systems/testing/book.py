"""A person's tests as they stand in their own record: those to come, and results that a second person verified."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lachan.core import eventlog
from lachan.core.events import ResultAmended, ResultReported
from lachan.core.models import Person
from lachan.platform.record import Section, group_of
from lachan.platform.screen import Badge, Tone
from lachan.systems.testing.models import AssayKind, TestOrder

OUTCOMES: Mapping[str, tuple[Any, Tone]] = {
    "positive": (_("positive"), "stop"),
    "negative": (_("negative"), "ok"),
    "indeterminate": (_("not clear"), "warn"),
    "invalid": (_("could not be read"), "warn"),
}


def _tests(person: Person, at: datetime) -> Mapping[str, Any] | None:
    """Results by sample, newest first, and tests that are due; None where there are neither.

    What waits for its second reader was told in no event yet, so that it cannot appear here.
    """
    told: list[ResultReported | ResultAmended] = eventlog.of_person(
        person.pk, [ResultReported, ResultAmended]
    )
    holding: dict[int, ResultReported | ResultAmended] = {}
    for event in told:
        if isinstance(event, ResultAmended):
            holding.pop(event.amends_id, None)
        holding[event.result_id] = event
    due = TestOrder.objects.filter(
        person__in=group_of(person), cancelled_at__isnull=True, sample__isnull=True
    ).order_by("due_on", "pk")
    results = sorted(holding.values(), key=lambda e: e.collected_at, reverse=True)
    if not (results or due):
        return None
    return {"results": [_shown(event) for event in results], "due": due}


def _shown(event: ResultReported | ResultAmended) -> dict[str, Any]:
    return {
        "badge": Badge(*OUTCOMES[event.outcome]),
        "assay": AssayKind(event.assay).label,
        "collected_at": event.collected_at,
        "corrected": isinstance(event, ResultAmended),
        "known_at": event.happened_at,
    }


TESTS = Section("tests", _("My tests"), "testing/book.html", _tests)
