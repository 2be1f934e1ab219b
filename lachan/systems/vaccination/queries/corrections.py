"""Corrections that a posting decides: asked of its site, or in its area by the dose or the home."""

from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import areas
from lachan.core.errors import Refusal
from lachan.core.models import Person, Posting
from lachan.systems.vaccination.models import CorrectionRequest, Dose
from lachan.systems.vaccination.queries.reactions import last_doses

MOST: Final = 20


class CorrectionNotVisible(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "correction-not-visible", _("There is no correction with this number that your posting may see.")
        )


def corrections(posting: Posting) -> QuerySet[CorrectionRequest]:
    mine = Q(site=posting.place_id or 0)
    if posting.area is not None:
        mine = areas.inside("site__area__", posting.area) | areas.inside("person__home_area__", posting.area)
    return CorrectionRequest.objects.filter(mine).select_related(
        "person__merged_into", "site", "decided_by", "dose__site"
    )


def correctable(person: Person, *, at: datetime) -> list[Dose]:
    """Doses that stand and whose visit is over, the newest first; with their sites."""
    over = Q(visit__isnull=True) | Q(visit__left_at__isnull=False)
    return list(last_doses(person.root_id, at=at).filter(over)[:MOST])


def history(dose: Dose) -> list[Dose]:
    """What stood there before a dose, the latest first: each was struck as it was corrected."""
    found: list[Dose] = []
    earlier = dose.replaces
    while earlier is not None:
        found.append(earlier)
        earlier = earlier.replaces
    return found


def as_it_stands(dose: Dose) -> Dose:
    """The dose, or what took its place."""
    while dose.withdrawn_at is not None and (after := Dose.objects.filter(replaces=dose).first()) is not None:
        dose = after
    return dose


def correction_for(posting: Posting, number: int) -> CorrectionRequest:
    """Raises CorrectionNotVisible."""
    if (found := corrections(posting).filter(pk=number).first()) is None:
        raise CorrectionNotVisible
    return found


def corrections_of(person: Person) -> QuerySet[CorrectionRequest]:
    group = Q(person=person.root_id) | Q(person__merged_into=person.root_id)
    return CorrectionRequest.objects.filter(group).select_related("dose").order_by("-asked_at", "-pk")
