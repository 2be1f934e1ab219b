"""What time alone changes: follow-up that is over, a policy that begins today, meetings that became known late."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from lachan.core import eventlog, presences
from lachan.core.events import CaseConfirmed
from lachan.core.models import Actor
from lachan.systems.tracing.commands import endings, evidence, graph
from lachan.systems.tracing.models import Case, Contact

AT_ONCE = 5_000
CASES_AT_ONCE = 500
SEARCHED = Q(
    closed_at__isnull=True, joined_to__isnull=True, classification="confirmed", infectious_from__isnull=False
)


def refresh_contacts(*, actor: Actor, at: datetime) -> int:
    """Judge every live contact again by the rules of `at` (nightly, and on the day of a new decision), and look whom
    they met since: who was found before they could infect anybody was looked for in vain. Before that, cases whose
    days have passed end, and whom the others met is looked for again. How many contacts were looked at; in parts, so
    that nobody waits long."""
    endings.end_by_time(actor=actor, at=at)
    _search_cases(actor, at)
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


def _search_cases(actor: Actor, at: datetime) -> None:
    """Search again for those of whose window presences are still kept."""
    kept_from = at - timedelta(days=presences.KEPT_DAYS)
    running = Q(infectious_until__isnull=True) | Q(infectious_until__gt=kept_from)
    ids = list(Case.objects.filter(SEARCHED, running).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CASES_AT_ONCE):
        search_again(case_ids=ids[start : start + CASES_AT_ONCE], actor=actor, at=at)


@transaction.atomic
def search_again(*, case_ids: Sequence[int], actor: Actor, at: datetime) -> None:
    """Look once more whom these confirmed cases met in their windows: a scan may be uploaded late, and a visit after
    the confirmation is known only then. What is known already stays as it is."""
    graph.hold()
    cases = list(Case.objects.filter(SEARCHED, pk__in=case_ids))
    causes = _confirmations(case.root_id for case in cases)
    evidence.search([c for c in cases if c.root_id in causes], causes, actor, at)
    graph.settle(causes, actor=actor, at=at)


def _confirmations(roots: Iterable[int]) -> dict[int, UUID]:
    """The last event that said that these persons are cases."""
    return {root: told[-1].id for root, told in eventlog.of_persons(roots, [CaseConfirmed]).items()}
