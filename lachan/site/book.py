"""What stands in a person's health book, in this order: each system offers its section (`lachan.platform.record`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lachan.core import eventlog
from lachan.core.events import KINDS, Event
from lachan.core.models import Person
from lachan.issuer.book import CERTIFICATES
from lachan.platform import messages
from lachan.platform.models import Message
from lachan.platform.record import Section, group_of
from lachan.site import words
from lachan.site.standing import Line, standing
from lachan.systems.arrivals.book import ENTRIES
from lachan.systems.declarations.book import DECLARATIONS
from lachan.systems.quarantine.book import ORDERS
from lachan.systems.testing.book import TESTS
from lachan.systems.vaccination.book import VACCINATION
from lachan.systems.vaccination.book_doses import DOSES

MOST_MESSAGES = 20


def _standing(person: Person, at: datetime) -> Mapping[str, Any]:
    """The same lines as on the staff's page, each with what led to it."""
    told = eventlog.of_person(person.pk, list(KINDS.values()))
    known = {e.id: e for e in eventlog.with_causes(told)}
    group = set(group_of(person))
    return {"lines": [(line, _chain(line, known, group)) for line in standing(told, at=at)]}


def _chain(line: Line, known: Mapping[Any, Event], group: set[int]) -> list[dict[str, Any]]:
    """What the line rests on, the nearest cause first. What happened to somebody else is theirs: it is not told."""
    event, chain = line.event, []
    while event is not None:
        own = event.person_id in group
        chain.append({
            "what": words.sentence(event) if own else gettext("something about another person, not shown here"),
            "at": event.happened_at if own else None,
        })  # fmt: skip
        event = known.get(event.caused_by) if own and event.caused_by else None
    return chain


def _messages(person: Person, at: datetime) -> Mapping[str, Any] | None:
    """Texts sent to the person, newest first; None where there is none."""
    newest = Message.objects.filter(person__in=group_of(person), queued_at__lte=at).order_by(
        "-queued_at", "-pk"
    )
    found = [
        {"text": messages.text_of(m), "at": m.queued_at, "language": m.language}
        for m in newest[:MOST_MESSAGES]
    ]
    return {"messages": found} if found else None


SECTIONS = (
    Section("standing", _("Where I stand, and why"), "site/book/standing.html", _standing),
    ORDERS,
    ENTRIES,
    VACCINATION,
    DOSES,
    DECLARATIONS,
    TESTS,
    CERTIFICATES,
    Section("messages", _("Messages sent to me"), "site/book/messages.html", _messages),
)
