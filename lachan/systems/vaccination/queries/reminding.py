"""Whom to remind: of an invitation for tomorrow, of a dose that is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import Coalesce

from lachan.core import clock
from lachan.core.codes import format_code
from lachan.core.models import EventRow
from lachan.systems.vaccination.models import Dose, Invitation
from lachan.systems.vaccination.queries.policy import rules_on
from lachan.systems.vaccination.queries.recipients import recipients
from lachan.systems.vaccination.rules.courses import Offer, next_dose

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Due:
    """`cause`: the event of the dose before, so that one reminder follows it, however often it is looked for."""

    person_id: int
    cause: UUID
    from_on: date


def invitations_on(day: date) -> list[Invitation]:
    """Open invitations of people who are expected on this day."""
    start, end = clock.day_bounds(day)
    found = Invitation.objects.filter(closed_at__isnull=True, slot_at__gte=start, slot_at__lt=end)
    return list(found.select_related("session__site", "person").order_by("pk"))


def invitation_words(numbers: Iterable[int]) -> dict[int, dict[str, str | int]]:
    """By invitation: the name of the site, and the code as people type it."""
    found = Invitation.objects.filter(pk__in=list(numbers)).select_related("session__site")
    return {i.pk: {"site": i.session.site.name, "code": format_code(i.code)} for i in found}


def next_due(people: Iterable[int], *, on: date) -> dict[int, date]:
    """By person (a root) with a dose: the first day on which a next one may be given, by the rules of `on`."""
    policy = rules_on(on)
    found = {}
    for pk, recipient in recipients(people).items():
        if recipient.doses:
            offer = next_dose(recipient, on=on, policy=policy)
            if isinstance(offer, Offer) and offer.choices:
                found[pk] = min(choice.from_on for choice in offer.choices)
    return found


def doses_due(*, on: date, since: timedelta) -> list[Due]:
    """People whose next dose may be given from a day of the period that ends with `on` (the nights that were missed
    are made up for). Only those whose last dose is young enough to have its interval end now are looked at."""
    longest = _longest(on)
    latest = (
        Dose.objects.filter(withdrawn_at__isnull=True, given_on__gte=on - longest - since)
        .annotate(root=Coalesce("person__merged_into_id", "person_id"))
        .values("root").annotate(last=Max("given_on")).order_by("root")
    )  # fmt: skip
    people = [row["root"] for row in latest if row["last"] < on]
    found: list[Due] = []
    for start in range(0, len(people), CHUNK):
        found += _due(people[start : start + CHUNK], on, since)
    return found


def _longest(on: date) -> timedelta:
    """The longest interval between two doses that the rules know."""
    policy = rules_on(on)
    days = [d for product in policy.products for d in product.least_days]
    days += [mix.least_days for mix in policy.mixes]
    days += [row.least_days for row in policy.additional]
    days += [row.least_days for row in policy.boosters]
    return timedelta(days=max(days, default=0))


def _due(people: list[int], on: date, since: timedelta) -> list[Due]:
    due = {pk: day for pk, day in next_due(people, on=on).items() if on - since < day <= on}
    causes = _causes(due)
    return [Due(pk, causes[pk], day) for pk, day in due.items() if pk in causes]


def _causes(people: Iterable[int]) -> dict[int, UUID]:
    """The event of each one's last dose, as long as it is kept."""
    standing = Dose.objects.filter(withdrawn_at__isnull=True).annotate(
        root=Coalesce("person__merged_into_id", "person_id")
    )
    told = EventRow.objects.filter(pk=OuterRef("event_id"))
    rows = standing.filter(Exists(told), root__in=list(people)).order_by("given_at", "pk")
    return dict(rows.values_list("root", "event_id"))
