"""Why: the findings of a case, the exposures of a contact, and the way from one to the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from lachan.core import clock
from lachan.core.models import Person, Place
from lachan.platform import policies
from lachan.policy import TracingPolicy
from lachan.systems.tracing.models import Case, CaseFinding, Contact, Exposure
from lachan.systems.tracing.rules import Edge, eligible

SHOWN = 200
CONTACT_KEY = ("level", "-exposed_at", "pk")


@dataclass(frozen=True, slots=True)
class ExposureLine:
    """`counts`: whether it makes a contact by the policy of today; `with_level`: 0 a case, 1 an F1, None neither."""

    exposure: Exposure
    counts: bool
    with_level: int | None


def findings_of(case: Case) -> list[CaseFinding]:
    """Everything written down about a case (and cases joined to it), oldest first."""
    rows = CaseFinding.objects.filter(Q(case=case) | Q(case__joined_to=case))
    return list(rows.select_related("actor").prefetch_related("voided_by").order_by("at", "pk"))


def contacts_of(case: Case) -> QuerySet[Contact]:
    """All live contacts with an exposure by this case, nearest first."""
    met = Exposure.objects.filter(source_root=case.root_id, withdrawn_at__isnull=True).values("person_root")
    live = Contact.objects.filter(person__in=met, ended_at__isnull=True)
    return live.select_related("person__home_area__parent__parent").order_by(*CONTACT_KEY)


def milestones_of(case: Case) -> list[tuple[Place, datetime, datetime, int]]:
    """Where the case met others in its window: place, first, last, how many people."""
    rows = Exposure.objects.filter(source_root=case.root_id, place__isnull=False, withdrawn_at__isnull=True)
    met = rows.values("place").annotate(
        first=Min("starts_at"), last=Max("ends_at"), people=Count("person_root", distinct=True)
    )
    found = list(met.order_by("first", "place"))
    places = Place.objects.select_related("area").in_bulk([m["place"] for m in found])
    return [(places[m["place"]], m["first"], m["last"], m["people"]) for m in found]


def exposures_of(contact: Contact) -> QuerySet[Exposure]:
    """Everything held against a contact, also what was taken back."""
    return Exposure.objects.filter(person_root=contact.person_id)


def reasons_of(contact: Contact, *, at: datetime) -> list[ExposureLine]:
    """The exposures of a contact, newest first (at most SHOWN), each with whether it counts."""
    policy = policies.at(clock.local_date(at)).tracing
    rows = exposures_of(contact).select_related("place", "source_root")
    exposures = list(rows.order_by("-ends_at", "pk")[:SHOWN])
    ranks = _levels({e.source_root_id for e in exposures})
    return [ExposureLine(e, _counts(e, policy), ranks.get(e.source_root_id)) for e in exposures]


def _counts(exposure: Exposure, policy: TracingPolicy) -> bool:
    kind: Any = exposure.kind
    edge = Edge(
        source=exposure.source_root_id, person=exposure.person_root_id, starts_at=exposure.starts_at,
        ends_at=exposure.ends_at, minutes=exposure.minutes, kind=kind, setting=exposure.setting,
        masked=exposure.masked, closed_space=exposure.closed_space, withdrawn=exposure.withdrawn_at is not None,
    )  # fmt: skip
    return eligible(edge, policy)


def _levels(people: set[int]) -> dict[int, int]:
    near = Contact.objects.filter(person__in=people, ended_at__isnull=True).values_list("person", "level")
    ill = Case.objects.filter(root__in=people, closed_at__isnull=True, classification="confirmed")
    return dict(near) | dict.fromkeys(ill.values_list("root", flat=True), 0)


def path_of(contact: Contact) -> Sequence[tuple[int, Person]]:
    """From the case to the contact: (0, the case), (1, the F1), …; as stored now."""
    steps, now = [(contact.level, contact.person)], contact
    while now.level > 1:
        above = Contact.objects.filter(person=now.source_id, ended_at__isnull=True, level=now.level - 1)
        nearer = above.select_related("person", "source").first()
        if nearer is None:
            break
        steps.append((nearer.level, nearer.person))
        now = nearer
    return [(now.level - 1, now.source), *reversed(steps)]
