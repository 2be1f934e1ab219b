"""What time alone changes: follow-up that is over, a policy that begins today."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lachan.core.models import Actor
from lachan.systems.tracing.commands import graph
from lachan.systems.tracing.models import Contact

AT_ONCE = 5_000


def refresh_contacts(*, actor: Actor, at: datetime) -> int:
    """Judge every live contact again by the rules of `at` (nightly, and on the day of a new decision), and look whom
    they met since: who was found before they could infect anybody was looked for in vain. How many were looked at;
    in parts, so that nobody waits long."""
    ids = list(
        Contact.objects.filter(ended_at__isnull=True).order_by("level", "pk").values_list("pk", flat=True)
    )
    for start in range(0, len(ids), AT_ONCE):
        _refresh(ids[start : start + AT_ONCE], actor, at)
    return len(ids)


@transaction.atomic
def _refresh(ids: Sequence[int], actor: Actor, at: datetime) -> None:
    graph.hold()
    live = list(Contact.objects.filter(pk__in=ids, ended_at__isnull=True))
    causes = {contact.person_id: contact.found_event for contact in live}
    graph.look_onward(live, causes, at=at)
    graph.settle(causes, actor=actor, at=at)
