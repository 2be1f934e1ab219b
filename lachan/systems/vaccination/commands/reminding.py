"""Reminders: of an invitation for tomorrow, of a dose that is due. Once a cause, however often they are sent."""

from datetime import datetime, timedelta

from django.db import transaction

from lachan.core import clock
from lachan.core.models import Person
from lachan.platform.messages import NewMessage, queue_messages
from lachan.systems.vaccination.queries.reminding import doses_due, invitations_on

MADE_UP = timedelta(days=7)


@transaction.atomic
def remind_invited(*, at: datetime) -> int:
    """A text to everybody who is expected tomorrow; how many are. Who had it has it once."""
    found = invitations_on(clock.local_date(at) + timedelta(days=1))
    rows = [
        NewMessage(
            i.person.root_id, i.cause, "vaccination-tomorrow", i.person.language,
            {"slot_at": i.slot_at.isoformat(), "site": i.session.site.name},
        )
        for i in found
    ]  # fmt: skip
    queue_messages(rows, at=at)
    return len(rows)


@transaction.atomic
def remind_due(*, at: datetime) -> int:
    """A text to everybody whose next dose may be given from today, or from a day of the last week; how many are."""
    found = doses_due(on=clock.local_date(at), since=MADE_UP)
    languages = dict(Person.objects.filter(pk__in=[d.person_id for d in found]).values_list("pk", "language"))
    rows = [
        NewMessage(
            due.person_id,
            due.cause,
            "vaccination-due",
            languages.get(due.person_id, "vi"),
            {"from_on": due.from_on.isoformat()},
        )
        for due in found
    ]
    queue_messages(rows, at=at)
    return len(rows)
